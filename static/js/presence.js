// data-presence on a part of a page that writes a draft: tells the server that it is open here, and shows where else it is.
const EVERY = 20000;
const WINDOW = [...crypto.getRandomValues(new Uint32Array(3))].map((n) => n.toString(36)).join("");

function watch(box) {
  const list = box.querySelector("[data-presence-list]");
  const send = (more, keepalive = false) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ window: WINDOW, csrfmiddlewaretoken: token, ...more });
    return fetch(box.dataset.presence, { method: "POST", body, keepalive, redirect: "manual" });
  };
  const show = (sentences) => {
    if (sentences.join() === [...list.children].map((one) => one.textContent).join()) return;
    list.replaceChildren(...sentences.map((one) => Object.assign(document.createElement("li"), { textContent: one })));
    box.hidden = !sentences.length;
  };
  async function tell() {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await send({});
      if (answer.ok) show((await answer.json()).elsewhere);
    } catch {
      // Told again in a while; what is typed is saved by others.
    }
  }
  // The page before this one may still be saying that it was left.
  setTimeout(tell, 1500);
  setInterval(tell, EVERY);
  document.addEventListener("visibilitychange", tell);
  window.addEventListener("pageshow", (event) => event.persisted && tell());
  window.addEventListener("pagehide", () => send({ left: 1 }, true).catch(() => {}));
}

document.querySelectorAll("[data-presence]").forEach(watch);
