// Two helps for people who write: drafts that survive a reload or a wrong click, kept in this tab
// only and forgotten once sent, and a word for screen readers about the preview.

const prefix = "draft:";
const keyOf = (form) => `${prefix}${location.pathname}:${form.dataset.draft}`;
const sent = "draft-sent";

/** The page before this one sent a draft; unless this page says that it was refused, forget it. */
function settleSentDraft() {
  const key = sessionStorage.getItem(sent);
  sessionStorage.removeItem(sent);
  const refused = document.querySelector("[data-keeps-draft], [data-draft] [aria-invalid='true']");
  if (key && !refused) sessionStorage.removeItem(key);
}

function keepDraft(form) {
  const field = form.elements[form.dataset.draft];
  const note = form.querySelector("[data-draft-note]");
  const key = keyOf(form);
  const original = field.value;
  const draft = sessionStorage.getItem(key);

  if (draft && draft !== original && !field.hasAttribute("aria-invalid")) {
    field.value = draft;
    note.hidden = false;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  note.querySelector("[data-draft-discard]").addEventListener("click", () => {
    field.value = original;
    sessionStorage.removeItem(key);
    note.hidden = true;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    sessionStorage.removeItem(key);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "preview") sessionStorage.setItem(sent, key);
  });
}

function announcePreview(form) {
  const status = form.querySelector("[data-preview-status]");
  if (!status) return;
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  form.addEventListener("htmx:after:swap", () => say("A preview is shown below the text."));
  for (const failure of ["htmx:response:error", "htmx:error"]) {
    form.addEventListener(failure, () => say("The preview cannot be shown just now. Your text is safe."));
  }
}

settleSentDraft();
for (const form of document.querySelectorAll("form[data-draft]")) {
  keepDraft(form);
  announcePreview(form);
}
