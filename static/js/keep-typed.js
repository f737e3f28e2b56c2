// data-keep-typed on a form: what is typed is kept on this machine, under the person's number, until it was saved.
// After a lost network, an ended session or a killed tab the page offers it back. Passwords and files are never kept.
const person = document.body.dataset.person;
const PREFIX = "typed:";
const DAYS = 7;
const prefixOf = (who) => `${PREFIX}${who}:`;
const keyOf = (form) => `${prefixOf(person)}${location.pathname}#${form.dataset.keepTyped}`;
const kept = (key) => JSON.parse(localStorage.getItem(key) || "null");
const keep = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store: typing goes on without a net.
  }
};
const keptKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

const fields = (form) =>
  [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type),
  );
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
const typed = (form) => fields(form).map((field) => [field.name, field.type, valueOf(field)]);
const tidied = (value) => (typeof value === "string" ? value.normalize("NFC").replace(/\s+/g, " ").trim() : value);
const plain = (values) => JSON.stringify(values.map(([name, , value]) => [name, tidied(value)]));
const same = (a, b) => plain(a) === plain(b);
// The server has answered what was sent: it was saved, or it stands in the form again beside what to correct.
const answered = () => document.querySelector(".messages .alert-success, .error-summary") !== null;

// A row added before stands not yet on the page that came back: its button adds it, one after another.
const PRESSES = 30;
const named = (value) => typeof value === "string" && value.trim() !== "";
function missing(left) {
  return left.some(([name, , value]) => /-\d+-/.test(name) && named(value));
}

function put(form, values, presses = PRESSES) {
  const left = [...values];
  for (const field of fields(form)) {
    const place = left.findIndex(([name, type]) => name === field.name && type === field.type);
    if (place < 0) continue;
    const [[, type, value]] = left.splice(place, 1);
    if (["checkbox", "radio"].includes(type)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const more = form.querySelector("button[name=add][hx-post]");
  if (!more || !presses || !missing(left)) return;
  form.addEventListener("htmx:afterSettle", () => put(form, values, presses - 1), { once: true });
  more.click();
}

function offer(form, key, found) {
  const bar = document.querySelector("[data-kept-bar]")?.content.firstElementChild.cloneNode(true);
  if (!bar) return;
  const words = bar.querySelector("[data-kept-text]");
  words.textContent = words.textContent.replace("{at}", new Date(found.at).toLocaleString("vi-VN"));
  bar.querySelector("[data-kept-restore]").addEventListener("click", () => {
    put(form, found.values);
    bar.remove();
    fields(form)[0]?.focus();
  });
  bar.querySelector("[data-kept-drop]").addEventListener("click", () => {
    localStorage.removeItem(key);
    bar.remove();
  });
  form.prepend(bar);
}

function watch(form) {
  const key = keyOf(form);
  const found = kept(key);
  const served = typed(form);
  if (found && ((found.sent && answered()) || same(found.values, served))) localStorage.removeItem(key);
  else if (found) offer(form, key, found);
  let waiting;
  const now = () => {
    clearTimeout(waiting);
    waiting = undefined;
    keep(key, { at: Date.now(), values: typed(form) });
  };
  // However fast somebody types, the copy is never older than this.
  form.addEventListener("input", () => (waiting ??= setTimeout(now, 300)));
  window.addEventListener("pagehide", () => waiting && now());
  form.addEventListener("autosave:saved", () => {
    clearTimeout(waiting);
    waiting = undefined;
    localStorage.removeItem(key);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = undefined;
    keep(key, { at: Date.now(), values: typed(form), sent: true });
  });
}

function tidy(here) {
  for (const key of keptKeys()) {
    const found = kept(key);
    const old = Date.now() - (found?.at || 0) > DAYS * 86400000;
    // Sent from another page and answered by this one, signed in: it was saved.
    const saved = found?.sent && key.startsWith(prefixOf(person)) && !here.has(key);
    if (old || saved) localStorage.removeItem(key);
  }
}

if (person) {
  const forms = [...document.querySelectorAll("form[data-keep-typed]")];
  tidy(new Set(forms.map(keyOf)));
  forms.forEach(watch);
  // Leaving on purpose leaves nothing behind on a shared machine.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset?.signOut === undefined) return;
    keptKeys().filter((key) => key.startsWith(prefixOf(person))).forEach((key) => localStorage.removeItem(key));
  });
} else {
  // A page of somebody not signed in answered instead: what was sent did not arrive.
  for (const key of keptKeys()) keep(key, { ...kept(key), sent: false });
}
