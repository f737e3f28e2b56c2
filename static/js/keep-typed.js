// data-keep-typed on a form: what is typed is kept on this machine, under the person's number, until it was saved, and
// on the server too, for that person alone, where the form does not save by itself (data-autosave).
// After a lost network, an ended session or a killed browser the page offers it back. Passwords and files are never kept.
import * as copies from "./typed-copies.js";

const DAYS = 7;
const PAUSE = 2000;
const LONGEST = 10000;
const PATIENCE = 15000;
// A row added before stands not yet on the page that came back: its button adds it, one after another.
const PRESSES = 30;
const navigation = performance.getEntriesByType("navigation")[0];
const cameFrom = document.referrer && new URL(document.referrer).pathname;
// A form is answered with a redirect when it was saved, and with a page of its own when it was not.
const wasSaved = (copy) => copy?.sent && navigation?.redirectCount > 0 && cameFrom === copy.from;
// What stands in such a page was typed and not saved.
const isRefused = document.querySelector(".error-summary, .conflict") !== null;
const at = (copy) => new Date(copy.at).toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" });

const template = (name) => document.querySelector(`[data-kept-${name}]`)?.content.firstElementChild.cloneNode(true);

// --- the server's copy ------------------------------------------------------------------------------------------------
const onServer = (form) => form.dataset.autosave === undefined && document.body.dataset.typedUrl;

async function ask(form, key, copy) {
  const name = key.slice(copies.mineOnly.length);
  const url = document.body.dataset.typedUrl;
  const how = { redirect: "manual", keepalive: copy === null, signal: AbortSignal.timeout(PATIENCE) };
  if (copy === undefined) return fetch(`${url}?key=${encodeURIComponent(name)}`, how);
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const body = new URLSearchParams({ key: name, copy: copy ? JSON.stringify(copy) : "" });
  return fetch(url, { ...how, method: "POST", body, headers: { "X-CSRFToken": token } });
}

function sending(form, key, latest) {
  const line = template("line");
  if (line) form.append(line);
  let waiting;
  let since = 0;
  const say = (words, time = "") => {
    if (!line) return;
    line.textContent = words.replace("{at}", time);
    line.hidden = false;
  };
  async function send() {
    clearTimeout(waiting);
    waiting = undefined;
    since = 0;
    try {
      const answer = await ask(form, key, latest());
      if (answer.ok) say(line.dataset.kept, (await answer.json()).at);
      else say(answer.status === 422 ? line.dataset.refused : line.dataset.here);
    } catch {
      say(line?.dataset.here || "");
      waiting ??= setTimeout(send, PATIENCE);
    }
  }
  window.addEventListener("online", () => waiting && send());
  document.addEventListener("visibilitychange", () => waiting && document.visibilityState === "hidden" && send());
  form.addEventListener("submit", () => clearTimeout(waiting));
  return () => {
    since ||= Date.now();
    clearTimeout(waiting);
    waiting = setTimeout(send, Math.min(PAUSE, Math.max(0, since + LONGEST - Date.now())));
  };
}

// --- offering it back -------------------------------------------------------------------------------------------------
function choose(form, one) {
  const box = template("choice");
  box.querySelector("[data-kept-mine]").textContent = copies.said(one);
  box.querySelector("[data-kept-theirs]").textContent = copies.said(one, one.theirs);
  box.querySelector("[data-kept-take]").addEventListener("click", () => {
    copies.put(one.field, one.mine);
    one.field.focus();
    box.remove();
  });
  box.querySelector("[data-kept-leave]").addEventListener("click", () => {
    one.field.focus();
    box.remove();
  });
  (one.field.closest(".mb-3") || one.field).after(box);
  return box;
}

// Returns the boxes that ask to choose; what has no place on the page any more stands in the bar.
function restore(form, copy, done, presses = PRESSES) {
  const { mine, both, gone } = copies.lacking(form, copy);
  mine.forEach((one) => copies.put(one.field, one.mine));
  const more = form.querySelector("button[name=add][hx-post]");
  if (gone.some(copies.isOfNewRow) && more && presses) {
    form.addEventListener("htmx:afterSettle", () => restore(form, copy, done, presses - 1), { once: true });
    more.click();
    return;
  }
  done(both.map((one) => choose(form, one)), gone);
}

function shown(bar, found) {
  const list = bar.querySelector("[data-kept-list]");
  const texts = [...found.mine, ...found.both, ...found.gone].filter(({ mine }) => typeof mine === "string" && mine);
  list.replaceChildren(...texts.map((one) => Object.assign(document.createElement("li"), { textContent: copies.said(one) })));
  list.closest("details").hidden = !texts.length;
}

function offerBack(form, copy, forget, keepNow) {
  const bar = template("bar");
  if (!bar) return;
  const words = bar.querySelector("[data-kept-text]");
  words.textContent = words.textContent.replace("{at}", at(copy));
  shown(bar, copies.lacking(form, copy));
  bar.querySelector("[data-kept-restore]").addEventListener("click", () => {
    restore(form, copy, (asked, gone) => {
      keepNow();
      if (!asked.length && !gone.length) {
        forget();
        bar.remove();
        form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
        return;
      }
      // Until it is chosen, and where a text has no place, the copy stays.
      words.textContent = bar.dataset.asks;
      bar.querySelector("[data-kept-restore]").remove();
      shown(bar, { mine: [], both: [], gone });
      asked[0]?.querySelector("button").focus();
    });
  });
  bar.querySelector("[data-kept-later]").addEventListener("click", () => bar.remove());
  const bin = bar.querySelector("[data-kept-drop]");
  bin.addEventListener("click", () => {
    if (bin.dataset.sure === undefined) {
      bin.dataset.sure = "";
      bin.textContent = bin.dataset.again;
      return;
    }
    forget();
    bar.remove();
  });
  form.prepend(bar);
}

// --- a form -----------------------------------------------------------------------------------------------------------
function watch(form) {
  const key = copies.keyOf(form);
  const found = copies.read(key);
  let base = copies.typed(form);
  let offered = copies.offered(key);
  let waiting;
  let sends;

  const copy = () => ({ at: Date.now(), values: copies.typed(form), base });
  const now = () => {
    clearTimeout(waiting);
    waiting = undefined;
    copies.write(key, copy());
  };
  const saved = () => {
    clearTimeout(waiting);
    waiting = undefined;
    copies.drop(key);
    base = copies.typed(form);
  };
  const forget = (one) => {
    offered = offered.filter((other) => other.at !== one.at);
    copies.offer(key, offered);
    if (onServer(form)) ask(form, key, null).catch(() => {});
  };
  const show = (one) => offerBack(form, one, () => forget(one), now);

  if (found && wasSaved(found)) {
    copies.drop(key);
    if (onServer(form)) ask(form, key, null).catch(() => {});
  } else if (found?.sent && isRefused && copies.isEmpty(copies.lacking(form, found))) {
    base = found.base || base;
    copies.write(key, { ...found, sent: false });
  } else if (found) {
    offered.unshift(found);
    copies.drop(key);
  }
  offered = offered.filter((one) => !copies.isEmpty(copies.lacking(form, one)));
  copies.offer(key, offered);
  offered.forEach(show);

  if (onServer(form)) {
    sends = sending(form, key, copy);
    if (!found && !isRefused) fetched(form, key, (one) => {
      offered = [one, ...offered.filter((other) => other.at !== one.at)];
      copies.offer(key, offered);
      show(one);
    });
  }
  // However fast somebody types, the copy is never older than this.
  form.addEventListener("input", () => {
    waiting ??= setTimeout(now, 300);
    sends?.();
  });
  window.addEventListener("pagehide", () => waiting && now());
  form.addEventListener("autosave:saved", saved);
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = undefined;
    copies.write(key, { ...copy(), sent: true, from: location.pathname });
  });
}

// What was typed on another machine, or on this one before its store was emptied.
async function fetched(form, key, offer) {
  try {
    const answer = await ask(form, key);
    const one = answer.status === 200 ? await answer.json() : null;
    const known = one && copies.offered(key).some((other) => other.at >= one.at);
    if (one && !known && !copies.isEmpty(copies.lacking(form, one))) offer(one);
  } catch {
    // No network: this machine's own copy is offered.
  }
}

await copies.recover();
if (copies.person) {
  const forms = [...document.querySelectorAll("form[data-keep-typed]")];
  const here = new Set(forms.map(copies.keyOf));
  for (const key of copies.keys()) {
    if (!here.has(key) && key.startsWith(copies.mineOnly) && wasSaved(copies.read(key))) {
      copies.drop(key);
      if (document.body.dataset.typedUrl) ask(null, key, null).catch(() => {});
    }
  }
  copies.dropOlderThan(DAYS);
  forms.forEach(watch);
  // Leaving on purpose leaves nothing behind on a shared machine.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset?.signOut !== undefined) copies.dropAllOfThisPerson();
  });
} else {
  // A page of somebody not signed in answered instead: what was sent did not arrive.
  for (const key of copies.keys()) copies.write(key, { ...copies.read(key), sent: false });
}
