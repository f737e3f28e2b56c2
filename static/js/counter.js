// data-counter="Còn {n} ký tự" and data-counter-over="Quá {n} ký tự" on a field with maxlength or data-counter-max:
// tells how many characters are left. Counts as the server does: code points of the NFC form.
// "1.000", as every number of the portal is written.
const NUMBERS = new Intl.NumberFormat("vi");
const length = (text) => [...text.normalize("NFC")].length;

function place(field) {
  const told = document.createElement("p");
  told.className = "counter";
  told.id = `${field.id || field.name}_counter`;
  told.setAttribute("aria-live", "polite");
  field.after(told);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${told.id}`.trim());
  field.counterElement = told;
}

function tell(field) {
  const most = Number(field.dataset.counterMax || field.maxLength);
  if (!(most > 0)) return;
  if (!field.counterElement?.isConnected) place(field);
  const left = most - length(field.value);
  const text = left < 0 ? field.dataset.counterOver || field.dataset.counter : field.dataset.counter;
  field.counterElement.textContent = text.replace("{n}", NUMBERS.format(Math.abs(left)));
  field.counterElement.classList.toggle("counter-over", left < 0);
}

const start = (root) => root.querySelectorAll?.("[data-counter]").forEach(tell);
document.addEventListener("input", (event) => event.target.dataset?.counter !== undefined && tell(event.target));
document.addEventListener("htmx:load", (event) => start(event.target));
start(document);
