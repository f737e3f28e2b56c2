// data-autosize on a textarea: grows with what is typed, where the style sheet alone cannot.
const grows = CSS.supports("field-sizing", "content");

function fit(field) {
  field.rows = Math.min(30, Math.max(field.dataset.autosize || 3, field.value.split("\n").length + 1));
  while (field.scrollHeight > field.clientHeight && field.rows < 30) field.rows += 1;
}

const start = (root) => root.querySelectorAll?.("textarea[data-autosize]").forEach(fit);
if (!grows) {
  document.addEventListener("input", (event) => event.target.matches?.("textarea[data-autosize]") && fit(event.target));
  document.addEventListener("htmx:load", (event) => start(event.target));
  start(document);
}
