// data-idle-minutes on the body: without any activity in any tab for so long, a dialog counts down a minute, and then the
// sign-in really ends. One tab in use keeps all of them; what was typed is kept by keep-typed.js and autosave.js.
const { person, idleMinutes, stayUrl } = document.body.dataset;
const dialog = document.querySelector("[data-idle]");
const COUNTDOWN = 60000;
const NOTED = 1000;
const SAID = [60, 30, 10];
const ACTIVE = `active:${person}`;
const LEFT = `left:${person}`;
const STAYED = `stayed:${person}`;
const time = (key) => Number(localStorage.getItem(key)) || 0;
const note = (key) => {
  try {
    localStorage.setItem(key, Date.now());
  } catch {
    // Without a store each tab counts for itself.
  }
};

function signIn(why) {
  const leave = document.querySelector("form[data-sign-out]");
  const to = new URL(leave.dataset.signIn, location.href);
  to.searchParams.set("next", location.pathname + location.search);
  if (why) to.searchParams.set("idle", "1");
  location.assign(to);
}

function send(url) {
  const token = document.querySelector("form[data-sign-out] [name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  return fetch(url, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(10000) });
}

function watch() {
  const idle = Number(idleMinutes) * 60000;
  const keepEvery = Math.min(300000, idle / 3);
  const left = dialog.querySelector("[data-idle-left]");
  const aloud = dialog.querySelector("[data-idle-said]");
  let mine = Date.now();
  let over = false;
  let ending = false;

  // The server counts as well: it is told of activity, and ends the sign-in by itself where this page is gone.
  const keep = () => {
    if (Date.now() - time(STAYED) < keepEvery) return;
    note(STAYED);
    send(stayUrl).catch(() => localStorage.removeItem(STAYED));
  };
  const active = () => {
    if (dialog.open || Date.now() - mine < NOTED) return;
    mine = Date.now();
    note(ACTIVE);
    keep();
  };
  const stay = async () => {
    dialog.close();
    mine = Date.now();
    note(ACTIVE);
    note(STAYED);
    const answer = await send(stayUrl).catch(() => null);
    if (answer?.type === "opaqueredirect") signIn("idle");
    else if (!answer?.ok) localStorage.removeItem(STAYED);
  };
  const end = async () => {
    if (ending) return;
    ending = true;
    try {
      await send(document.querySelector("form[data-sign-out]").action);
      over = true;
      note(LEFT);
      signIn("idle");
    } catch {
      // No network: the dialog stays in front of what was written, and it is tried again.
    }
    ending = false;
  };

  function ask(seconds) {
    if (!dialog.open) {
      dialog.showModal();
      dialog.querySelector("[data-idle-stay]").focus();
    }
    const words = aloud.dataset.words.replace("{n}", seconds);
    left.textContent = words;
    const due = SAID.find((one) => seconds <= one && seconds > one - 10);
    if (due && aloud.dataset.due !== String(due)) {
      aloud.dataset.due = due;
      aloud.textContent = words;
    }
  }

  function look() {
    if (over) return;
    const waits = Math.max(mine, time(ACTIVE)) + idle + COUNTDOWN - Date.now();
    if (waits <= 0) end();
    if (waits <= COUNTDOWN) ask(Math.max(0, Math.ceil(waits / 1000)));
    else if (dialog.open) dialog.close();
  }

  for (const kind of ["keydown", "pointerdown", "input", "wheel", "scroll", "touchstart"]) {
    document.addEventListener(kind, active, { capture: true, passive: true });
  }
  dialog.querySelector("[data-idle-stay]").addEventListener("click", stay);
  dialog.querySelector("[data-idle-leave]").addEventListener("click", end);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  window.addEventListener("storage", (event) => {
    if (event.key === LEFT && !over) {
      over = true;
      signIn("idle");
    } else look();
  });
  document.addEventListener("visibilitychange", look);
  note(ACTIVE);
  keep();
  setInterval(look, 1000);
}

if (person && Number(idleMinutes) > 0 && dialog) watch();
