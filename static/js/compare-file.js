// data-compare on a form: the file chosen is compared here with the digests told, so that it need not be sent.
// Without a secure page (no crypto.subtle) the form sends it, and the answer says the same.
const form = document.querySelector("form[data-compare]");
const said = form.querySelector(".compared");
const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");

const compare = async (event) => {
  const file = form.elements.file.files[0];
  if (!file || !window.crypto?.subtle) return;
  event.preventDefault();
  const digest = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const same = form.dataset.compare.split(" ").includes(digest);
  said.textContent = same ? form.dataset.same : form.dataset.other;
  said.dataset.result = same ? "same" : "other";
};
form.addEventListener("submit", compare);
form.elements.file.addEventListener("change", compare);
