// data-canned on a group of checkboxes, the id of a text field in it: a chosen sentence is put into the text field that had
// the focus last, at its end, and the box is free again. Without script the chosen ones are added when the form is sent.
for (const group of document.querySelectorAll("[data-canned]")) {
  let field = document.getElementById(group.dataset.canned);
  group.closest("form").addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea")) field = target;
  });
  group.addEventListener("change", ({ target }) => {
    target.checked = false;
    if (field.value.includes(target.value)) return;
    field.value = [field.value.trimEnd(), target.value].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
