// What is typed in a form, as a copy {at, values, base}: by field, what stands there and what stood there when last saved.
// A copy met with a newer page is merged field by field. Rows go by their number in the database, new ones by their order.
const OMITTED = ["hidden", "password", "file", "submit", "button", "reset", "fieldset"];
const ROW = /^(\w+)-(\d+)-(.+)$/;
const NEW = "[+";

function value(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked;
  if (field.type === "select-multiple") return [...field.selectedOptions].map((one) => one.value).join("\n");
  return field.value;
}

// Returns a Map from a field's key to the field.
function fieldsOf(form) {
  const found = new Map();
  const fresh = [];
  for (const field of form.elements) {
    if (!field.name || OMITTED.includes(field.type)) continue;
    const [, prefix, number, name] = ROW.exec(field.name) || [];
    let key = field.name;
    if (prefix) {
      const id = form.elements[`${prefix}-${number}-id`]?.value;
      if (!id && !fresh.includes(number)) fresh.push(number);
      key = id ? `${prefix}[${id}]-${name}` : `${prefix}${NEW}${fresh.indexOf(number)}]-${name}`;
    }
    if (["checkbox", "radio"].includes(field.type)) key += `=${field.value}`;
    while (found.has(key)) key += "~";
    found.set(key, field);
  }
  return found;
}

export const typed = (form) => Object.fromEntries([...fieldsOf(form)].map(([key, field]) => [key, value(field)]));

const tidied = (one) => (typeof one === "string" ? one.normalize("NFC").replace(/\s+/g, " ").trim() : (one ?? ""));
const same = (a, b) => tidied(a) === tidied(b) || (!tidied(a) && !tidied(b));
// Of two texts of which one begins with the other, the longer has all that was typed.
const continues = (longer, shorter) => typeof longer === "string" && tidied(longer).startsWith(tidied(shorter));
const told = (one) => typeof one === "string" && tidied(one) !== "";
const rowOf = (key) => key.match(/^\w+\[[^\]]+\]/)?.[0];

// A row saved while its answer got lost has a number by now: it is known again by what stands in it.
function renamed(copy, page) {
  const rows = new Set(Object.keys(copy.values).map(rowOf).filter(Boolean));
  const unknown = [...new Set([...page.keys()].map(rowOf))].filter((row) => row && !rows.has(row) && !row.includes(NEW));
  const names = new Map();
  for (const row of [...rows].filter((one) => one.includes(NEW))) {
    const alike = (other) =>
      Object.entries(copy.values).some(([key, mine]) => {
        const theirs = rowOf(key) === row && page.get(key.replace(row, other));
        return theirs && told(mine) && told(theirs.value) && (continues(mine, theirs.value) || continues(theirs.value, mine));
      });
    const place = unknown.findIndex(alike);
    if (place >= 0) names.set(row, unknown.splice(place, 1)[0]);
  }
  const name = (key) => (names.has(rowOf(key)) ? key.replace(rowOf(key), names.get(rowOf(key))) : key);
  const all = (values) => Object.fromEntries(Object.entries(values || {}).map(([key, one]) => [name(key), one]));
  return { values: all(copy.values), base: all(copy.base) };
}

// Returns what of a copy the page lacks: `mine` only typed here, `both` also changed there, `gone` without a place.
export function lacking(form, copy) {
  const page = fieldsOf(form);
  const { values, base } = renamed(copy, page);
  const found = { mine: [], both: [], gone: [] };
  for (const [key, typedHere] of Object.entries(values)) {
    const field = page.get(key);
    if (same(typedHere, base[key])) continue;
    if (!field) {
      if (told(typedHere)) found.gone.push({ key, mine: typedHere });
      continue;
    }
    const theirs = value(field);
    if (same(typedHere, theirs) || (told(typedHere) && continues(theirs, typedHere))) continue;
    const alone = same(theirs, base[key]) || (told(theirs) && continues(typedHere, theirs));
    found[alone ? "mine" : "both"].push({ key, field, mine: typedHere, theirs });
  }
  return found;
}

export const isEmpty = ({ mine, both, gone }) => !mine.length && !both.length && !gone.length;
export const isOfNewRow = ({ key }) => key.includes(NEW);

export function put(field, one) {
  if (["checkbox", "radio"].includes(field.type)) field.checked = one;
  else if (field.type === "select-multiple") {
    for (const choice of field.options) choice.selected = one.split("\n").includes(choice.value);
  } else field.value = one;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export const said = ({ field, mine }, one = mine) => {
  if (field?.type === "select-one") return [...field.options].find((choice) => choice.value === one)?.text || one;
  return typeof one === "boolean" ? (one ? "✓" : "—") : one || "—";
};

// --- on this machine, under the person's number ---------------------------------------------------------------------
const PREFIX = "typed:";
const OFFERED = "!";
const MOST_OFFERED = 5;
export const person = document.body.dataset.person;
export const mineOnly = `${PREFIX}${person}:`;
export const keyOf = (form) =>
  `${mineOnly}${new URL(form.getAttribute("action") || location.pathname, location.href).pathname}#${form.dataset.keepTyped}`;
export const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && !key.endsWith(OFFERED));

// A browser that is killed loses the last seconds of localStorage, but not what was handed to the disk.
const GONE = "typed-gone";
const disk = new Promise((done) => {
  try {
    const opening = indexedDB.open("typed", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("copies");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => done(null);
  } catch {
    done(null);
  }
});
const answered = (request) => new Promise((done) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => done([]) }));
async function onDisk(act) {
  try {
    const opened = await disk;
    return opened && (await act(opened.transaction("copies", "readwrite").objectStore("copies")));
  } catch {
    return null;
  }
}

export function drop(key) {
  localStorage.removeItem(key);
  onDisk((store) => store.delete(key));
}

// Brings back to localStorage what only the disk still has.
export async function recover() {
  await onDisk(async (store) => {
    const [names, found] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
    const gone = localStorage.getItem(GONE);
    names.forEach((key, n) => {
      if (gone && key.startsWith(gone)) store.delete(key);
      else if ((read(key)?.at || 0) < found[n].at) localStorage.setItem(key, JSON.stringify(found[n]));
    });
    localStorage.removeItem(GONE);
  });
}

export function read(key) {
  const found = JSON.parse(localStorage.getItem(key) || "null");
  // As copies were before they knew what stood there: [name, type, value].
  if (Array.isArray(found?.values)) {
    found.values = Object.fromEntries(found.values.map(([name, , one]) => [name, one]));
  }
  return found;
}

export function write(key, copy) {
  try {
    localStorage.setItem(key, JSON.stringify(copy));
  } catch {
    // A full or forbidden store: typing goes on without a net.
  }
  if (!key.endsWith(OFFERED)) onDisk((store) => store.put(copy, key));
}

export const offered = (key) => JSON.parse(localStorage.getItem(key + OFFERED) || "[]");
export function offer(key, copies) {
  if (copies.length) write(key + OFFERED, copies.slice(0, MOST_OFFERED));
  else drop(key + OFFERED);
}

export function dropOlderThan(days) {
  const old = (copy) => Date.now() - (copy?.at || 0) > days * 86400000;
  for (const key of keys()) if (old(read(key))) drop(key);
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX) && one.endsWith(OFFERED))) {
    const stem = key.slice(0, -OFFERED.length);
    offer(stem, offered(stem).filter((copy) => !old(copy)));
  }
}

export function dropAllOfThisPerson() {
  Object.keys(localStorage).filter((key) => key.startsWith(mineOnly)).forEach(drop);
  // The page goes before the disk has answered: the next one makes sure.
  localStorage.setItem(GONE, mineOnly);
}
