// Follow, unfollow, enable and disable answer with a whole page; htmx takes the changed part out of
// it (data-hx-select). When the answer is another page, or a refusal, show it as it is.

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (!ctx.select) return;
  const main = tasks.find((task) => task.type === "main");
  if (main?.fragment.childElementCount) return;
  event.preventDefault();
  location.assign(ctx.response.raw.url);
});

// Send it once more in the plain way: the server's own page explains best what is wrong.
for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => {
    const form = event.detail.ctx?.sourceElement;
    if (form?.matches?.("form[data-hx-select]")) form.submit();
  });
}
