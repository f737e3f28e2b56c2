// data-shrink-photos="id of a file field": photos are made small here, each file is sent by itself as soon as it is
// chosen, tried again after a broken connection, and shown where it stands. The words stand on the element.
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const LIGHT = 300000;
const BACK_OFF = [2, 4, 8, 15, 30];
const PATIENCE = 180000;
const PICTURE = /\.(jpe?g|png|webp|hei[cf])$/i;

// Returns the photo as a smaller JPEG; the file itself where it is light, no photo, or none this browser can draw.
async function shrunk(file) {
  if (!PICTURE.test(file.name)) return file;
  try {
    const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
    if (scale === 1 && file.size <= LIGHT && /\.(jpe?g|png)$/i.test(file.name)) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(drawn.width * scale);
    canvas.height = Math.round(drawn.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.imageSmoothingQuality = "high";
    paper.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    drawn.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!small || (small.size >= file.size && /\.(jpe?g|png)$/i.test(file.name))) return file;
    return new File([small], file.name.replace(PICTURE, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}

// Returns {status, text}; status 0 for a broken connection, 401 for nobody signed in.
function sent(form, field, file, progress) {
  return new Promise((done) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append(field, file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Upload", "1");
    request.timeout = PATIENCE;
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onerror = request.ontimeout = request.onabort = () => done({ status: 0, text: "" });
    request.onload = () => {
      const away = request.status === 403 || (request.status === 200 && !request.getResponseHeader("X-Upload"));
      done({ status: away ? 401 : request.status, text: request.responseText });
    };
    request.send(body);
  });
}

// Signed in again elsewhere, this page's token is old; it takes the new one only where the same person is back.
async function renewed(form) {
  try {
    const page = await fetch(location.pathname, { redirect: "manual" });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("main [name=csrfmiddlewaretoken]")?.value;
    if (!page.ok || !token || fresh.body.dataset.person !== document.body.dataset.person) return;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => (one.value = token));
  } catch {
    // Still no network: the next try tells.
  }
}

function make(name, text, attributes = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...attributes });
}

function row(box, file) {
  const line = make("li", "", { className: "file" });
  const main = make("span", file.name, { className: "file-main" });
  const bar = make("progress", "", { max: 1, value: 0, className: "job-bar", ariaLabel: file.name });
  const state = make("span", box.dataset.waiting, { className: "file-state" });
  const again = make("button", box.dataset.again, { type: "button", className: "btn btn-outline-primary", hidden: true });
  const leave = make("button", box.dataset.leave, { type: "button", className: "btn btn-link btn-remove" });
  line.append(main, state, bar, again, leave);
  box.querySelector("[data-uploads]").append(line);
  return { line, bar, state, again, leave };
}

function watch(box) {
  const input = document.getElementById(box.dataset.shrinkPhotos);
  const form = input.form;
  const told = box.querySelector("[data-uploads-told]");
  const kept = document.getElementById(box.dataset.kept);
  const queue = [];
  let done = 0;
  let busy = false;
  let submitter = null;
  box.hidden = false;
  input.multiple = true;
  form.querySelector("[data-plain-upload]")?.remove();

  // Ends early by the button, or when the network is back.
  const pause = (shown, seconds) =>
    new Promise((over) => {
      const timer = setTimeout(over, seconds * 1000);
      const now = () => {
        clearTimeout(timer);
        over();
      };
      shown.again.onclick = now;
      window.addEventListener("online", now, { once: true });
    });

  function stopped(one, text) {
    one.shown.bar.remove();
    one.shown.again.hidden = true;
    one.shown.state.setAttribute("role", "alert");
    one.shown.state.textContent = text;
    one.shown.state.classList.add("file-refused");
    submitter = null;
  }

  async function send(one) {
    const { shown } = one;
    shown.state.textContent = box.dataset.shrinking;
    const file = await shrunk(one.file);
    for (let failures = 0; !one.left; failures += 1) {
      shown.again.hidden = true;
      const answer = await sent(form, input.name, file, (share) => {
        shown.bar.value = share;
        shown.state.textContent = `${box.dataset.sending} ${Math.round(share * 100)}%`;
      });
      if (answer.status === 200) {
        kept.innerHTML = answer.text;
        shown.line.remove();
        done += 1;
        told.textContent = box.dataset.done.replace("{n}", done);
        return;
      }
      if ([409, 422].includes(answer.status)) return stopped(one, answer.text);
      const seconds = BACK_OFF[Math.min(failures, BACK_OFF.length - 1)];
      const words = answer.status === 401 ? box.dataset.signedOut : box.dataset.broken;
      shown.state.textContent = words.replace("{n}", seconds);
      shown.again.hidden = false;
      await pause(shown, seconds);
      if (answer.status === 401) await renewed(form);
    }
  }

  async function work() {
    if (busy) return;
    busy = true;
    while (queue.length) await send(queue.shift());
    busy = false;
    if (submitter) form.requestSubmit(submitter);
  }

  input.addEventListener("change", () => {
    for (const file of input.files) {
      const one = { file, shown: row(box, file), left: false };
      one.shown.leave.addEventListener("click", () => {
        one.left = true;
        one.shown.line.remove();
        one.shown.again.onclick?.();
      });
      queue.push(one);
    }
    // The form's own button sends what is not sent yet: nothing.
    input.value = "";
    work();
  });
  form.addEventListener(
    "submit",
    (event) => {
      if (!busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      submitter = event.submitter;
      told.textContent = box.dataset.first;
    },
    { capture: true },
  );
  window.addEventListener("beforeunload", (event) => busy && event.preventDefault());
}

document.querySelectorAll("[data-shrink-photos]").forEach(watch);
