// data-theme-switch="theme|text_size" on a form of buttons: applies and keeps the choice without leaving the page.
const YEAR = 365 * 24 * 3600;
const SHEET_MEDIA = { auto: "screen and (prefers-color-scheme: dark)", dark: "screen", light: "not all" };

function apply(name, value) {
  if (name === "theme") {
    document.documentElement.dataset.theme = value;
    document.querySelector("[data-dark-sheet]").media = SHEET_MEDIA[value];
  } else {
    document.documentElement.dataset.textSize = value;
  }
}

document.addEventListener("submit", (event) => {
  const name = event.target.dataset?.themeSwitch;
  const value = event.submitter?.value;
  if (!name || !value) return;
  event.preventDefault();
  apply(name, value);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  for (const button of event.target.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
});
