// data-request-errors on a hidden alert: says in its own words when an htmx request came to nothing.
const told = document.querySelector("[data-request-errors]");

function tell(text) {
  if (!told || !text) return;
  told.textContent = text;
  told.hidden = false;
  told.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", () => tell(told?.dataset.offline));
document.addEventListener("htmx:timeout", () => tell(told?.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  tell(status === 401 || status === 403 ? told?.dataset.signedOut : told?.dataset.failed);
});
// Led to the sign-in, an answer is no part of this page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const door = document.querySelector("form[data-sign-out]")?.dataset.signIn;
  const came = event.detail.xhr.responseURL;
  if (!door || !came || new URL(came).pathname !== door) return;
  event.detail.shouldSwap = false;
  tell(told?.dataset.signedOut);
});
document.addEventListener("htmx:beforeRequest", () => told && (told.hidden = true));
