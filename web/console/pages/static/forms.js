// A button that was pressed shows that it works until the next page is there, and is not
// sent twice. Without this script the browser does what it always does.
(() => {
  "use strict";
  const live = () => document.getElementById("live");
  const rest = (form) => {
    delete form.dataset.works;
    for (const button of document.querySelectorAll(".button.works")) {
      button.classList.remove("works");
      button.removeAttribute("aria-disabled");
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const by = event.submitter;
    if (event.defaultPrevented || form.method !== "post" || form.closest("dialog") || [form, by].some((x) => x?.matches("[hx-post], [hx-get]")) || "stays" in form.dataset) return;
    // Whether the session still is was asked in between: that is the same press.
    if ("works" in form.dataset && !("checked" in form.dataset)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if ("works" in form.dataset) return;
    form.dataset.works = "";
    const pressed = by?.matches(".unseen") ?? true ? form.querySelector(".button.primary") : by;
    if (pressed?.matches(".button")) {
      pressed.classList.add("works");
      pressed.setAttribute("aria-disabled", "true");
    }
    const place = live();
    if (place) place.textContent = place.dataset.busy;
  });
  document.addEventListener("unsent", (event) => rest(event.target));
  // A page that comes back by "back" waits for nothing any more.
  addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("[data-works]").forEach(rest); });
  // What was unfolded among the previews stays so as they follow what is typed.
  let unfolded = false;
  document.addEventListener("htmx:beforeSwap", ({ target }) => { if (target.id === "preview") unfolded = !!target.querySelector("details[open]"); });
  document.addEventListener("htmx:afterSwap", ({ target }) => { const fold = target.id === "preview" && target.querySelector("details"); if (fold && unfolded) fold.open = true; });
})();
