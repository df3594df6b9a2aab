// Code and tables that are wider than the page scroll in their own box. Such a box must be within
// reach of the keyboard, and a screen reader should hear what it has come upon.

// A box may become too narrow for what it holds: a phone is turned, a window made smaller.
const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) label(target);
});

function label(box) {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  const attributes = { tabindex: "0", role: "region", "aria-label": box.matches("pre") ? "Code" : "Table" };
  for (const [name, value] of Object.entries(attributes)) {
    if (scrolls) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }
}

/** A table must stay a table for screen readers, so the scrolling moves to a box around it. */
function boxed(table) {
  if (table.parentElement.matches(".table-scroll")) return table.parentElement;
  const box = document.createElement("div");
  box.className = "table-scroll";
  table.replaceWith(box);
  box.append(table);
  return box;
}

function reach() {
  for (const pre of document.querySelectorAll(".prose pre")) sizes.observe(pre);
  for (const table of document.querySelectorAll(".prose table")) sizes.observe(boxed(table));
}

reach();
document.addEventListener("htmx:after:settle", reach);
