// data-known-tags beside a field with data-tags: each known tag becomes a button that puts it into the field, or takes it
// out. The field stays the one truth: words with commas between them, as it is without script.
const plain = (tag) => tag.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").trim();
const words = (field) => field.value.split(/[,;]/).map((tag) => tag.trim()).filter(Boolean);
const holds = (field, tag) => words(field).some((one) => plain(one) === plain(tag));

function toggle(field, tag) {
  const others = words(field).filter((one) => plain(one) !== plain(tag));
  field.value = (holds(field, tag) ? others : [...others, tag]).join(", ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const list of document.querySelectorAll("[data-known-tags]")) {
  const field = list.closest(".mb-3").querySelector("[data-tags]");
  const buttons = [...list.querySelectorAll("span")].map((word) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "tag", textContent: word.textContent });
    button.addEventListener("click", () => toggle(field, word.textContent));
    return button;
  });
  const show = () => buttons.forEach((one) => one.setAttribute("aria-pressed", String(holds(field, one.textContent))));
  list.replaceChildren(list.firstChild, ...buttons);
  field.addEventListener("input", show);
  show();
}
