// Everything here only makes pages more pleasant: without it every form and
// link still works. Elements ask for it by data attributes, also those that
// come later, since all listeners are on the document.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const on = (type, selector, act, options) => document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(found, event);
  }, options);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const live = () => document.getElementById("live");
  const say = (text) => { const place = live(); if (place) { place.textContent = ""; setTimeout(() => { place.textContent = text; }, 50); } };

  // Theme: the system's until the other one is chosen; choosing the system's
  // again forgets the choice.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  on("click", "[data-theme-switch]", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    try {
      if ((next === "dark") === dark.matches) localStorage.removeItem("theme"); else localStorage.setItem("theme", next);
    } catch { /* it lasts for this page then */ }
  });

  // Toasts go by themselves when there is nothing to do about them.
  on("click", "[data-dismiss]", (button) => button.closest(".toast")?.remove());
  const tidy = () => all(".toast:not([data-timed])").forEach((toast) => {
    toast.dataset.timed = "";
    say(toast.querySelector("p")?.textContent ?? "");
    if (toast.dataset.state !== "ok" || toast.querySelector("form")) return;
    const leave = () => { if (toast.matches(":hover, :focus-within")) setTimeout(leave, 3000); else toast.remove(); };
    setTimeout(leave, 8000);
  });

  // Copying
  on("click", "[data-copy]", async (button) => {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "unseen";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    say(live()?.dataset.copied ?? "");
    const use = button.querySelector("use");
    if (!use || button.dataset.busy) return;
    const before = use.getAttribute("href");
    button.dataset.busy = "1";
    use.setAttribute("href", before.replace(/#.*/, "#check"));
    setTimeout(() => { use.setAttribute("href", before); delete button.dataset.busy; }, 1600);
  });

  // Names go into the text where the caret was last: by the browser's own
  // insertion, which it can undo, else by ours.
  const carets = new WeakMap();
  on("focusin", "[data-inserts] textarea", (text) => carets.set(text.closest("[data-inserts]"), text));
  on("click", "[data-insert]", (button) => {
    const place = button.closest("[data-inserts]");
    const last = carets.get(place);
    const text = last?.isConnected ? last : place?.querySelector("textarea");
    if (!text) return;
    const name = button.dataset.insert;
    text.focus();
    if (!document.execCommand("insertText", false, name)) {
      text.setRangeText(name, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    say((button.closest("[data-said]")?.dataset.said ?? "").replace("{name}", name));
  });

  // Menus made of <details> close by Escape and by a click elsewhere.
  const menus = "details.switcher[open], details.more[open], details.menu[open]";
  document.addEventListener("click", (event) => all(menus).forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = all(menus).filter((menu) => menu.contains(document.activeElement) || menu.matches(".more"));
    const last = open.at(-1);
    if (last) { last.open = false; last.querySelector("summary").focus(); }
  });

  // Rows and pairs: added from a template whose index is "new", taken away at
  // once. Numbers may have gaps; none is used twice.
  const numbers = new WeakMap();
  on("click", "[data-row-add]", (button, event) => {
    const field = button.closest("[data-rows]");
    const blank = [...field.children].find((x) => x.matches("template[data-row-blank]"));
    const list = field.querySelector("[data-rows-list]");
    if (!blank || !list) return;
    event.preventDefault();
    const path = field.dataset.rows;
    const used = all("[name]", list).map((x) => x.name).filter((name) => name.startsWith(path + "[")).map((name) => parseInt(name.slice(path.length + 1), 10));
    const n = Math.max(numbers.get(field) ?? -1, ...used.filter(Number.isInteger)) + 1;
    numbers.set(field, n);
    const id = field.id;
    const fresh = document.createElement("template");
    fresh.innerHTML = blank.innerHTML.replaceAll(path + "[new]", path + "[" + n + "]").replaceAll(id + "-new", id + "-" + n);
    list.append(fresh.content);
    const row = list.lastElementChild;
    row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    touch(button.form);
  });
  on("click", "[data-row-remove]", (button, event) => {
    event.preventDefault();
    const row = button.closest("[data-row]");
    const form = button.form;
    const near = row.nextElementSibling ?? row.previousElementSibling ?? row.closest("[data-rows]");
    row.remove();
    (near.querySelector("summary, input:not([type=hidden]), textarea, select, [data-row-add]") ?? near).focus();
    touch(form);
  });

  // Order of a tick list: buttons for keys, dragging for pointers.
  const swap = (item, by) => {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return false;
    if (by < 0) other.before(item); else other.after(item);
    touch(item.closest("form"));
    return true;
  };
  for (const [name, by] of [["up", -1], ["down", 1]]) {
    on("click", `[data-order-${name}]`, (button, event) => {
      event.preventDefault();
      const item = button.closest("[data-order-item]");
      if (!swap(item, by)) return;
      const items = [...item.parentElement.children];
      const at = items.indexOf(item);
      const visible = getComputedStyle(button).visibility !== "hidden";
      (visible ? button : item.querySelector(`[data-order-${by < 0 ? "down" : "up"}]`)).focus();
      say((live()?.dataset.moved ?? "").replace("{n}", at + 1).replace("{of}", items.length));
    });
  }
  on("pointerdown", ".grip", (grip, event) => {
    if (event.button !== 0) return;
    const item = grip.closest("[data-order-item]");
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    item.classList.add("dragged");
    const move = (e) => {
      const before = item.previousElementSibling?.getBoundingClientRect();
      const after = item.nextElementSibling?.getBoundingClientRect();
      if (before && e.clientY < before.top + before.height / 2) swap(item, -1);
      else if (after && e.clientY > after.top + after.height / 2) swap(item, 1);
      // Moving the element in the tree may have let go of the pointer.
      if (!grip.hasPointerCapture(e.pointerId)) grip.setPointerCapture(e.pointerId);
    };
    const end = () => {
      item.classList.remove("dragged");
      document.removeEventListener("pointermove", move);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end, { once: true });
    document.addEventListener("pointercancel", end, { once: true });
  });

  // A list that a box narrows
  const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  on("input", "[data-filter]", (box) => {
    const wanted = folded(box.value).split(/\s+/).filter(Boolean);
    const list = document.getElementById(box.dataset.filter);
    for (const item of list?.children ?? []) {
      const text = folded(item.textContent);
      item.hidden = !wanted.every((word) => text.includes(word));
    }
  });
  on("change", "[data-submit]", (select) => select.form?.requestSubmit());

  // An address whose beginning was left out gets it, and the field says so.
  on("change", "[data-address]", (input) => {
    const typed = input.value.trim();
    if (!/^[\p{L}\p{N}][\p{L}\p{N}.-]*\.\p{L}{2,}(?::\d{1,5})?(?:[/?#]\S*)?$/u.test(typed)) return;
    input.value = "https://" + typed;
    const note = input.parentElement.querySelector(".note") ?? document.createElement("p");
    note.className = "help note";
    note.textContent = input.dataset.address;
    input.after(note);
    say(input.dataset.address);
  });

  // A name that was typed becomes the value that it names, where it names one:
  // "Berlin" is Europe/Berlin.
  on("change", "[data-pick]", (input) => {
    const typed = folded(input.value.trim());
    const options = [...(input.list?.options ?? [])];
    if (!typed || options.some((o) => folded(o.value) === typed)) return;
    const called = (o) => folded(o.label).split(/, | – /);
    const fits = options.filter((o) => called(o).includes(typed));
    const first = fits.find((o) => called(o).slice(0, -1).includes(typed)) ?? (fits.length === 1 ? fits[0] : null);
    if (first) { input.value = first.value; say(first.label); }
  });

  // A time zone that nobody has chosen yet is the browser's.
  const zones = () => all("[data-zone]").forEach((input) => {
    try { if (!input.value) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""; } catch { /* it stays empty */ }
  });
  document.addEventListener("DOMContentLoaded", zones);

  // A stored secret is a mask: typing replaces it as a whole.
  on("focusin", "[data-select]", (input) => input.select());

  // Leaving a form that was changed
  const touched = new Set();
  function touch(form) { if (form?.matches("[data-dirty]")) touched.add(form); }
  on("input", "form[data-dirty]", touch);
  on("change", "form[data-dirty]", touch);
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) touched.delete(event.target); });
  addEventListener("beforeunload", (event) => {
    for (const form of touched) if (form.isConnected) { event.preventDefault(); return; }
  });

  // A question before something is done
  let agreed = null, asked = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    const dialog = document.getElementById("confirm");
    if (!question || agreed === form || "checked" in form.dataset || !dialog?.showModal) { agreed = null; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const yes = document.getElementById("confirm-yes");
    document.getElementById("confirm-text").textContent = question;
    yes.textContent = submitter?.textContent.trim() || yes.dataset.label;
    yes.classList.toggle("danger", !!submitter?.matches(".danger"));
    dialog.returnValue = "";
    asked = { form, submitter };
    dialog.showModal();
  }, { capture: true });
  // A dialog tells that it was closed a moment later; by then it may be open for another question.
  document.addEventListener("close", ({ target: dialog }) => {
    if (dialog.id !== "confirm" || dialog.open || dialog.returnValue !== "yes" || !asked) return;
    const { form, submitter } = asked;
    [agreed, asked] = [form, null];
    const sure = form.elements._sure ?? form.appendChild(document.createElement("input"));
    Object.assign(sure, { type: "hidden", name: "_sure", value: "1" });
    form.requestSubmit(submitter);
  }, { capture: true });

  // A whole line of a table leads where its first link leads.
  on("click", "[data-rows-link] tbody tr", (row, event) => {
    if (event.target.closest("a, button, input, select, label, summary") || String(getSelection())) return;
    const link = row.querySelector("a[href]");
    if (!link) return;
    if (event.metaKey || event.ctrlKey) open(link.href, "_blank", "noopener"); else link.click();
  });

  // The first box of a table ticks all others of that name.
  on("change", "[data-tick-all]", (all) => {
    for (const one of all.form.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)) one.checked = all.checked;
  });

  // A file that is chosen is written into a field, and sent as if it had been pasted.
  on("change", "[data-into]", async (chosen) => {
    const field = document.getElementById(chosen.dataset.into);
    if (!chosen.files[0]) return;
    field.value = await chosen.files[0].text();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What a script sent and was refused says so where its answer would have stood: a page of an
  // error is no part of this one. What only looks, looks again by itself.
  const fail = ({ detail: { xhr, target, requestConfig: sent } }) => {
    const blank = document.getElementById("failed");
    if (sent.verb === "get" || xhr.getResponseHeader("Keypull-Session") === "lost" || !blank) return;
    const note = blank.content.firstElementChild.cloneNode(true);
    if (xhr.status) {
      const told = new DOMParser().parseFromString(xhr.responseText, "text/html");
      const lines = all("[data-failure] :is(h1, p)", told).map((line) => line.textContent.trim());
      note.lastElementChild.lastChild.textContent = lines.join(". ").replaceAll(/([.!?])\./g, "$1") || told.body.textContent.trim();
    }
    if (sent.elt.closest("[hx-swap]")?.getAttribute("hx-swap") === "innerHTML") target.replaceChildren(note);
    else { target.querySelector(":scope > [data-level=error]")?.remove(); target.prepend(note); }
    say(note.textContent);
  };
  document.addEventListener("htmx:responseError", fail);
  document.addEventListener("htmx:sendError", fail);

  // A link to a field of a summary also opens the fold that it is in.
  on("click", ".summary a", (link, event) => {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: "center" });
    (target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea") ?? target).focus({ preventScroll: true });
  });
  const arrive = () => {
    tidy();
    document.querySelector("[data-focus]:not([data-focused])")?.focus();
    all("[data-focus]").forEach((x) => { x.dataset.focused = ""; });
  };
  document.addEventListener("DOMContentLoaded", arrive);
  document.addEventListener("htmx:afterSettle", arrive);
})();
