// Follow, unfollow, enable and disable answer with a whole page; htmx takes the changed part out of
// it (data-hx-select). When that part is missing, because the answer is another page or a refusal,
// the form is sent once more in the plain way: the server's own page explains best. All four may be
// repeated without harm.

const sendPlainly = (form) => {
  if (form?.matches?.("form[data-hx-select]")) form.submit();
};

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (!ctx.select || ctx.response.status >= 400) return;
  const main = tasks.find((task) => task.type === "main");
  if (main?.fragment.childElementCount) return;
  event.preventDefault();
  sendPlainly(ctx.sourceElement);
});

for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => sendPlainly(event.detail.ctx?.sourceElement));
}
