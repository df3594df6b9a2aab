// A form is sent once, however often the button is pressed. The button is not disabled, for that
// would lose its name and the focus; further attempts are ignored until the answer is there.

const patience = 10_000;

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  // htmx sends these itself and keeps its own queue.
  if (form.matches("[data-hx-post]") && window.htmx) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  // Somebody may press Stop, which tells the page nothing.
  setTimeout(release, patience, form);
});

// A page that comes back from the browser's memory must be usable again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

// Drafts (see editor.js) are nobody else's business once somebody has logged out.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) sessionStorage.clear();
});
