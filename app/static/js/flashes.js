// Messages can be dismissed. Without script the button stays hidden: it could do nothing.

const region = document.getElementById("flashes");

function showButtons() {
  for (const button of region.querySelectorAll("[data-flash-close]")) button.hidden = false;
}

if (region) {
  showButtons();
  // htmx brings new messages along with the answer to a follow or a moderation.
  new MutationObserver(showButtons).observe(region, { childList: true });

  region.addEventListener("click", (event) => {
    const button = event.target.closest("[data-flash-close]");
    if (!button) return;
    button.closest("[data-flash]").remove();
    // The focus must not fall back to the top of the document.
    const next = region.querySelector("[data-flash-close]") ?? document.getElementById("content");
    next.focus({ preventScroll: true });
  });
}
