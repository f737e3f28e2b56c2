// form[data-printed]: hands itself in when its page is printed, so that whoever holds the paper is told of newer figures.
for (const form of document.querySelectorAll("form[data-printed]")) {
  window.addEventListener("beforeprint", () => navigator.sendBeacon(form.action, new FormData(form)), { once: true });
}
