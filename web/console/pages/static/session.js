// A session may end while a form is filled in. Before a form is sent, this asks
// whether the session still is, and lets people in by a dialog above the page
// that they are on: nothing that was typed is lost. Without this script the
// page for signing in carries what was typed.
(() => {
  "use strict";
  const at = "/console/session";
  const headers = () => JSON.parse(document.body?.getAttribute("hx-headers") ?? "{}");
  const token = () => headers()["X-CSRF-Token"];
  const renew = (fresh) => {
    document.body.setAttribute("hx-headers", JSON.stringify({ ...headers(), "X-CSRF-Token": fresh }));
    for (const field of document.querySelectorAll('input[name="_csrf"]')) field.value = fresh;
  };
  const ask = (options = {}) => fetch(at, {
    ...options, credentials: "same-origin", signal: AbortSignal.timeout(15000),
    headers: { "X-CSRF-Token": token(), "Accept-Language": document.documentElement.lang, ...options.headers },
  });

  // The dialog: what it shows is what the server says.
  let dialog = null;
  const open = (html) => {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "dialog";
      dialog.setAttribute("aria-labelledby", "session-title");
      document.body.append(dialog);
    }
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    (dialog.querySelector("[role=alert]") ?? dialog.querySelector("input:not([type=hidden])") ?? dialog.querySelector(".primary") ?? dialog).focus();
  };
  // question waits for what people answer: the next request, or null where they
  // leave it.
  const question = (html) => new Promise((resolve) => {
    open(html);
    const listening = new AbortController();
    const answer = (next) => { listening.abort(); resolve(next); };
    const listen = (type, act) => dialog.addEventListener(type, act, { signal: listening.signal });
    listen("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      answer(() => ask({ method: "POST", body: new URLSearchParams(new FormData(event.target)) }));
    });
    listen("click", (event) => {
      const button = event.target.closest("button");
      // Whoever leaves is done at once: what is sent next asks anew.
      if (button?.matches("[data-session-close]")) { answer(null); dialog.close(); }
      if (button?.matches("[data-session-again]")) answer(() => ask());
      if (button?.dataset.sessionToken) answer(() => { renew(button.dataset.sessionToken); return new Response(null, { status: 204 }); });
    });
    listen("cancel", () => answer(null));
    // It tells that it was closed a moment later; by then it may be open for another question.
    listen("close", () => { if (!dialog.open) answer(null); });
  });

  // check is true once the page may send what was typed into it.
  const check = async () => {
    let next = () => ask();
    while (next) {
      let html = document.getElementById("session-away")?.innerHTML ?? "";
      try {
        const said = await next();
        if (said.status === 204) {
          const fresh = said.headers.get("X-Csrf-Token");
          if (fresh) renew(fresh);
          return true;
        }
        // What stands between here and the server says nothing to people.
        const told = await said.text();
        if (told.includes('id="session-title"')) html = told;
      } catch { /* the server is away, and the dialog says so */ }
      next = await question(html);
    }
    return false;
  };
  let checking = null;
  const ready = () => checking ??= check().finally(() => { checking = null; dialog?.close(); });

  document.sessionReady = ready;

  // What a script sends by itself finds out when it is answered.
  const scripted = (form, by) => [form, by].some((x) => x?.matches("[hx-post], [hx-get]"));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const by = event.submitter;
    if (event.defaultPrevented || !event.isTrusted || dialog?.contains(form) || form.method !== "post" || !token() || scripted(form, by)) return;
    if ("checked" in form.dataset) { delete form.dataset.checked; return; }
    event.preventDefault();
    ready().then((good) => {
      if (!good) { form.dispatchEvent(new Event("unsent", { bubbles: true })); return; }
      form.dataset.checked = "";
      form.requestSubmit(by);
    });
  });

  // Who has closed the dialog is not asked again by what only looks.
  let left = false;
  document.addEventListener("htmx:responseError", async (event) => {
    const { xhr, requestConfig: sent } = event.detail;
    if (xhr.getResponseHeader("Keypull-Session") !== "lost" || left && sent.verb === "get") return;
    left = !await ready();
    if (left || !sent.elt.isConnected) return;
    htmx.ajax(sent.verb, sent.path, { source: sent.elt, target: sent.target, swap: sent.elt.getAttribute("hx-swap") ?? undefined });
  });
})();
