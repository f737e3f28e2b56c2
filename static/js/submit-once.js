// data-submit-once on a form: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset?.submitOnce === undefined || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") event.preventDefault();
  else form.setAttribute("aria-busy", "true");
});
const free = (form) => form?.removeAttribute?.("aria-busy");
document.addEventListener("htmx:afterRequest", (event) => free(event.target.closest?.("form")));
// Coming back by the browser's own button shows the page as it was left: busy.
window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(free));
