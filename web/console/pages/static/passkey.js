// Passkeys: a button asks the server what a device has to sign, has the browser
// ask the device, and sends the answer with the form that the button stands in.
(() => {
  "use strict";
  const keys = window.PublicKeyCredential;
  if (!keys?.parseRequestOptionsFromJSON || !keys.parseCreationOptionsFromJSON || !keys.prototype.toJSON) return;
  document.documentElement.classList.add("passkeys");
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRF-Token"];
  const answer = async (button) => {
    const said = await fetch(button.dataset.passkey, { method: "POST", headers: token() ? { "X-CSRF-Token": token() } : {} });
    if (!said.ok) throw new Error("the server has not asked");
    const question = await said.json();
    return "passkeyNew" in button.dataset
      ? navigator.credentials.create({ publicKey: keys.parseCreationOptionsFromJSON(question) })
      : navigator.credentials.get({ publicKey: keys.parseRequestOptionsFromJSON(question) });
  };
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-passkey]");
    if (!button) return;
    const form = button.form;
    const told = form.querySelector("[data-passkey-told]");
    told.hidden = true;
    button.disabled = true;
    try {
      if ("passkeyNew" in button.dataset && !await document.sessionReady()) return;
      form.elements.passkey.value = JSON.stringify((await answer(button)).toJSON());
      form.requestSubmit();
    } catch {
      told.hidden = false;
      told.textContent = told.dataset.passkeyTold;
    } finally {
      button.disabled = false;
    }
  });
})();
