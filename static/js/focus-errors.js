// data-focus-errors on a summary: it takes focus when it appears, and its links bring the field itself into focus.
function take(root) {
  const summary = root.matches?.("[data-focus-errors]") ? root : root.querySelector?.("[data-focus-errors]");
  summary?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-focus-errors] a[href^='#']");
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  if (!field) return;
  event.preventDefault();
  const holder = field.closest("[id^='div_'], fieldset") || field;
  holder.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});
document.addEventListener("htmx:load", (event) => take(event.target));
take(document);
