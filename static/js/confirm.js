// data-confirm on a <details> that asks: shows its way back, closes on Escape.
function close(asking) {
  asking.open = false;
  asking.querySelector("summary").focus();
}

const start = (root) =>
  root.querySelectorAll?.("[data-confirm] [data-confirm-cancel]").forEach((button) => (button.hidden = false));
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-confirm-cancel]")) close(event.target.closest("[data-confirm]"));
});
document.addEventListener("keydown", (event) => {
  const asking = event.key === "Escape" && event.target.closest?.("[data-confirm][open]");
  if (asking) close(asking);
});
document.addEventListener("htmx:load", (event) => start(event.target));
start(document);
