// data-theme-switch on a form of buttons: applies and keeps the theme or text size without leaving the page.
const YEAR = 365 * 24 * 3600;
const SHEET_MEDIA = { auto: "screen and (prefers-color-scheme: dark)", dark: "screen", light: "not all" };
const APPLY = {
  theme(value) {
    document.documentElement.dataset.theme = value;
    document.querySelector("[data-dark-sheet]").media = SHEET_MEDIA[value];
  },
  text_size(value) {
    document.documentElement.dataset.textSize = value;
  },
};

document.addEventListener("submit", (event) => {
  const { name, value } = event.submitter ?? {};
  if (!("themeSwitch" in event.target.dataset) || !APPLY[name]) return;
  event.preventDefault();
  APPLY[name](value);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  for (const button of event.submitter.parentElement.children) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
});
