// Two helps for people who write: drafts that survive a reload or a wrong click, kept in this tab
// only and forgotten once sent, and a word for screen readers about the preview.

const prefix = "draft:";
const keyFor = (path, field) => `${prefix}${path}:${field}`;
const sent = "draft-sent";

/** The page before this one sent a draft; unless this page says that it was refused, forget it. */
function settleSentDraft() {
  const key = sessionStorage.getItem(sent);
  sessionStorage.removeItem(sent);
  const refused = document.querySelector("[data-keeps-draft], [data-draft] [aria-invalid='true']");
  if (key && !refused) sessionStorage.removeItem(key);
}

/** Put `text` into the field as if typed, so that the preview follows, as soon as htmx is there. */
function type(field, text) {
  field.value = text;
  const tell = () => field.dispatchEvent(new Event("input", { bubbles: true }));
  const isWaiting = field.dataset.hxPost && !field.dataset.htmxPowered;
  if (isWaiting) document.addEventListener("htmx:after:process", tell, { once: true });
  else tell();
}

function keepDraft(form) {
  const field = form.elements[form.dataset.draft];
  const note = form.querySelector("[data-draft-note]");
  const key = keyFor(location.pathname, form.dataset.draft);
  const original = field.value;
  const draft = sessionStorage.getItem(key);

  if (draft && draft !== original && !field.hasAttribute("aria-invalid")) {
    type(field, draft);
    note.hidden = false;
  }
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  note.querySelector("[data-draft-discard]").addEventListener("click", () => {
    type(field, original);
    sessionStorage.removeItem(key);
    note.hidden = true;
    field.focus();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "preview") sessionStorage.setItem(sent, key);
  });
}

/** The page that offers a refused text again sends it, or throws it away, in the draft's stead. */
function resumeDraft(form) {
  const key = keyFor(new URL(form.action).pathname, form.dataset.resumes);
  form.addEventListener("submit", () => sessionStorage.setItem(sent, key));
  form.querySelector("[data-discard]").addEventListener("click", () => sessionStorage.removeItem(key));
}

function announcePreview(form) {
  const status = form.querySelector("[data-preview-status]");
  if (!status) return;
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  // htmx reports a swap after a refusal too, though it swaps nothing then.
  form.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.response.status < 400) say("A preview is shown below the text.");
  });
  for (const failure of ["htmx:response:error", "htmx:error"]) {
    form.addEventListener(failure, () => say("The preview cannot be shown just now. Your text is safe."));
  }
}

settleSentDraft();
for (const form of document.querySelectorAll("form[data-draft]")) {
  keepDraft(form);
  announcePreview(form);
}
for (const form of document.querySelectorAll("form[data-resumes]")) resumeDraft(form);
