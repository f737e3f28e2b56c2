// data-security-key="create" or "get" on a form: its button asks the browser for a key (or for what the device offers, a
// fingerprint, a face) with the options the server gives to "begin", and sends what the key says in [name=credential].
// The button shows only where the browser can; [data-security-key-cannot] says it where it cannot.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const can = Boolean(window.PublicKeyCredential && navigator.credentials);

function read(options) {
  const wanted = { ...options, challenge: toBytes(options.challenge) };
  if (wanted.user) wanted.user = { ...wanted.user, id: toBytes(wanted.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (wanted[list]) wanted[list] = wanted[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return wanted;
}

function written(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  const { id, type } = credential;
  return { id, rawId: toText(credential.rawId), type, response, clientExtensionResults: credential.getClientExtensionResults() };
}

function watch(form) {
  const button = form.querySelector("[data-security-key-ask]");
  const failed = form.querySelector("[data-security-key-failed]");
  form.querySelector("[data-security-key-cannot]").hidden = can;
  button.hidden = !can;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value || event.submitter !== button) return;
    event.preventDefault();
    failed.hidden = true;
    const body = new URLSearchParams(new FormData(form));
    body.set("begin", "1");
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      // The form itself is not right yet: the server says so on its page.
      form.submit();
      return;
    }
    try {
      const publicKey = read((await answer.json()).publicKey);
      const found = await navigator.credentials[form.dataset.securityKey]({ publicKey });
      form.elements.credential.value = JSON.stringify(written(found));
      form.submit();
    } catch {
      failed.hidden = false;
      failed.focus();
    }
  });
}

document.querySelectorAll("form[data-security-key]").forEach(watch);
