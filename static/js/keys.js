// data-key on a link, button or summary: that one character presses it, wherever nothing is being typed. data-marks on a
// form: digits mark its criteria one after the other, "n" goes to the next without a mark. data-keys-help, a <dialog>: "?"
// shows it, and its checkbox turns all of this off for who dictates or stumbles on single keys; this browser keeps that.
const OFF = "keys-off";
const help = document.querySelector("[data-keys-help]");
const toggle = help?.querySelector("[data-keys-off]");
const opener = document.querySelector("[data-keys-open]");
const form = document.querySelector("[data-marks]");
const criteria = () => [...(form?.querySelectorAll("fieldset") ?? [])].filter((one) => one.querySelector("input[type=radio]"));
const radios = (criterion) => [...criterion.querySelectorAll("input[type=radio]")];
const isOff = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

function goTo(criterion) {
  const choices = radios(criterion);
  (choices.find((one) => one.checked) ?? choices[0]).focus();
  criterion.scrollIntoView({ block: "nearest" });
}

const unmarked = () => criteria().find((one) => !radios(one).some((choice) => choice.checked));

function mark(number) {
  const at = document.activeElement.closest?.("[data-marks] fieldset");
  const criterion = criteria().includes(at) ? at : unmarked();
  const choice = criterion && radios(criterion)[number - 1];
  if (!choice) return false;
  choice.click();
  goTo(criteria()[criteria().indexOf(criterion) + 1] ?? criterion);
  return true;
}

function press(key) {
  if (/^[1-9]$/.test(key)) return mark(Number(key));
  const next = key === "n" && unmarked();
  if (next) goTo(next);
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  target?.focus();
  target?.click();
  return Boolean(next || target);
}

function heard(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  if (typing) return;
  if (event.key === "?") help.showModal();
  else if (isOff() || !press(event.key)) return;
  event.preventDefault();
}

if (help) {
  toggle.checked = isOff();
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "1" : ""));
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", heard);
}
