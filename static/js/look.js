// data-look in a page the browser fetched ahead: its script runs once somebody opens the page, and tells the server so.
const { look } = document.querySelector("[data-look]").dataset;
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
fetch(look, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }), keepalive: true }).catch(() => {
  // Nothing is lost: the next opening tells it.
});
