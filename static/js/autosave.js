// data-autosave on a form: what is typed is saved by itself after a pause, and when the page is left.
// The words stand on its [data-autosave-line]; keep-typed.js keeps the copy on this machine until all of it was saved.
const PAUSE = 2000;
const LONGEST = 15000;
const BACK_OFF = [3000, 6000, 12000, 30000, 60000];
const PATIENCE = 15000;
const MOST_WHEN_LEAVING = 60000;
// Names this window, so that an answer lost on the way makes nobody stale by their own typing.
const WINDOW = [...crypto.getRandomValues(new Uint32Array(3))].map((n) => n.toString(36)).join("");
const after = (time) => new Promise((done) => setTimeout(done, time));

async function sent(form, leaving) {
  const body = new URLSearchParams(new FormData(form));
  return fetch(new URL(form.action).pathname, {
    method: "POST",
    body,
    headers: { "X-Autosave": "1" },
    redirect: "manual",
    keepalive: leaving && body.toString().length < MOST_WHEN_LEAVING,
    signal: AbortSignal.timeout(PATIENCE),
  });
}

// Signed in again elsewhere, this page's token is old; it takes the new one only where the same person is back.
async function renewed(form) {
  const page = await fetch(location.pathname, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (!page.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = fresh.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]")?.value;
  if (!token || fresh.body.dataset.person !== document.body.dataset.person) return false;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return true;
}

// A refusal that says why, in JSON, is an answer; a page is that of somebody who is not signed in.
const isTold = (response) => response.headers.get("Content-Type")?.startsWith("application/json");
const turnedAway = (response) => response.type === "opaqueredirect" || (response.status === 403 && !isTold(response));

// Returns {status, told}; status 0 for no network, 401 for nobody signed in.
async function answer(form, leaving) {
  try {
    let response = await sent(form, leaving);
    if (turnedAway(response) && (await renewed(form))) response = await sent(form, leaving);
    if (turnedAway(response)) return { status: 401 };
    const told = [200, 403, 409].includes(response.status) ? await response.json() : null;
    return { status: response.status, told };
  } catch {
    return { status: 0 };
  }
}

function watch(form) {
  const box = form.querySelector("[data-autosave-told]");
  const line = form.querySelector("[data-autosave-line]");
  const both = form.querySelector("[data-autosave-both]");
  const signIn = form.querySelector("[data-autosave-sign-in]");
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "window", value: WINDOW });
  form.append(mark);
  let dirty = false;
  let waiting;
  let since = 0;
  let failures = 0;
  let underway = null;
  let held = false;
  let over = false;

  const say = (text, at = "") => {
    const words = text.replace("{at}", at);
    if (line.textContent !== words) line.textContent = words;
    line.hidden = false;
  };
  // What went wrong is told where one is typing, for the end of the form may be out of sight.
  const complain = (text) => {
    const place = form.contains(document.activeElement) && document.activeElement.closest(".mb-3");
    if (place) place.after(box);
    say(text);
  };
  const later = (time) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, time);
  };

  function saved(told) {
    failures = 0;
    signIn.hidden = true;
    form.elements.edition.value = told.edition;
    if (told.seen && form.elements.seen) form.elements.seen.value = told.seen;
    for (const [name, pk] of Object.entries(told.ids)) if (form.elements[name]) form.elements[name].value = pk;
    if (!told.saved_at) say(line.dataset.waits);
    else say(told.whole ? line.dataset.saved : line.dataset.partly, told.saved_at);
    if (told.whole && !dirty) form.dispatchEvent(new CustomEvent("autosave:saved"));
    if (dirty) later(PAUSE);
  }

  function stopped(told) {
    over = true;
    complain(`${told.text} ${line.dataset.stopped}`);
    line.classList.add("autosave-stopped");
    both.hidden = !told.editable;
    // Not before: the first button that sends is the one Enter presses.
    both.type = "submit";
  }

  function failed(status) {
    dirty = true;
    signIn.hidden = status !== 401;
    complain(status === 401 ? line.dataset.signedOut : line.dataset.unsaved);
    later(BACK_OFF[Math.min(failures, BACK_OFF.length - 1)]);
    failures += 1;
  }

  // Sending it again changes nothing: the next word typed, or taken out, tries anew.
  function tooLarge() {
    dirty = true;
    complain(line.dataset.tooLarge);
  }

  async function save(leaving = false) {
    clearTimeout(waiting);
    if (!dirty || underway || over || held) return;
    // A row is being added: what belongs in it may not stand on the page yet.
    if (form.querySelector(".htmx-request") && leaving !== true) {
      later(300);
      return;
    }
    dirty = false;
    since = 0;
    underway = answer(form, leaving === true);
    const { status, told } = await underway;
    underway = null;
    if (status === 200) saved(told);
    else if (status === 409 || status === 403) stopped(told);
    else if (status === 413 || status === 422) tooLarge();
    else failed(status);
  }

  async function go(submitter) {
    await after(0);
    underway = null;
    form.requestSubmit(submitter);
  }

  form.addEventListener("input", () => {
    dirty = true;
    held = false;
    since ||= Date.now();
    if (!failures) later(Math.min(PAUSE, Math.max(0, since + LONGEST - Date.now())));
  });
  form.addEventListener("focusout", () => dirty && !failures && later(300));
  window.addEventListener("online", () => save());
  window.addEventListener("focus", () => failures && save());
  document.addEventListener("visibilitychange", () => save(document.visibilityState === "hidden"));
  window.addEventListener("pageshow", () => (held = false));
  // A saving on its way is waited for: both at once would make the page stale by its own doing.
  form.addEventListener(
    "submit",
    (event) => {
      clearTimeout(waiting);
      if (underway) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (!held) Promise.race([underway, after(3000)]).then(() => go(event.submitter));
      }
      held = true;
    },
    { capture: true },
  );
}

document.querySelectorAll("form[data-autosave]").forEach(watch);
