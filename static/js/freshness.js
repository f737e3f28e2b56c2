// [data-fresh-for="600"]: figures that are too old so many seconds after the page was made; says so then, on an open page too.
const made = Date.now();
const tell = () => {
  for (const told of document.querySelectorAll("[data-fresh-for]")) {
    if (Date.now() - made >= told.dataset.freshFor * 1000) told.classList.add("is-late");
  }
};
setInterval(tell, 30_000);
// A browser stops the clock of a page nobody looks at.
document.addEventListener("visibilitychange", tell);
