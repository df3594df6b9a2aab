// On a list, a very long post is folded, with a button to unfold it. Without script it is just long.

const tall = 1.6; // folded only if that many times higher than the fold: else it is not worth a click

function fold(body) {
  body.dataset.folded = "";
  const isTall = body.scrollHeight > body.clientHeight * tall;
  if (!isTall) {
    delete body.dataset.folded;
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button unfold";
  button.textContent = "Read on";
  const unfold = () => {
    delete body.dataset.folded;
    button.remove();
  };
  button.addEventListener("click", () => {
    unfold();
    body.tabIndex = -1;
    body.focus({ preventScroll: true });
  });
  // What the keyboard reaches must be in sight.
  body.addEventListener("focusin", unfold, { once: true });
  body.after(button);
}

for (const body of document.querySelectorAll("[data-fold]")) fold(body);
