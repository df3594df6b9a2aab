// Code and tables that are wider than the page scroll in their own box. Such a box must be within
// reach of the keyboard, and a screen reader should hear what it has come upon.

function label(box, name) {
  if (box.scrollWidth <= box.clientWidth + 1) return;
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", name);
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

function reach(root) {
  for (const pre of root.querySelectorAll(".prose pre")) label(pre, "Code");
  for (const table of root.querySelectorAll(".prose table")) label(boxed(table), "Table");
}

reach(document);
document.addEventListener("htmx:after:settle", () => reach(document));
