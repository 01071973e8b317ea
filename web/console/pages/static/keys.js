// The palette and the shortcuts. Which there are stands in the dialog "keys",
// so that what people are told is what is done.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const mac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform ?? "");

  // The palette: the box keeps the focus, the list tells what enter would open.
  const palette = {
    wait: 70,
    get dialog() { return document.getElementById("palette"); },
    get box() { return document.getElementById("palette-input"); },
    get list() { return document.getElementById("palette-list"); },
    get options() { return all("[role=option]", this.list); },
    get chosen() { return this.list.querySelector("[aria-selected=true]"); },
    open() {
      if (!this.dialog?.showModal) return false;
      if (!this.dialog.open) {
        for (const open of all("dialog[open]")) open.close();
        this.dialog.showModal();
        this.box.value = "";
        this.clear();
        this.look();
      }
      this.box.focus();
      return true;
    },
    clear() {
      this.shown = undefined;
      this.list.replaceChildren();
      this.choose(undefined);
    },
    // look asks for what the box says; whatever was asked before is dropped.
    async look() {
      const text = this.box.value.trim();
      this.asked?.abort();
      const asked = this.asked = new AbortController();
      const said = document.getElementById("palette-said");
      try {
        const answer = await fetch(this.at(text), { headers: { "HX-Request": "true" }, signal: asked.signal });
        if (answer.redirected || answer.status === 401) { location.reload(); return; }
        if (!answer.ok) throw new Error(String(answer.status));
        const html = await answer.text();
        if (asked.signal.aborted) return;
        this.list.innerHTML = html;
        this.list.scrollTop = 0;
        this.shown = text;
        this.choose(this.options[0]);
        said.textContent = this.list.firstElementChild?.dataset.said ?? "";
        if (this.pressed !== undefined) this.follow();
      } catch (error) {
        if (asked.signal.aborted) return;
        this.pressed = undefined;
        this.clear();
        const told = document.createElement("p");
        told.className = "palette-failed";
        told.textContent = said.textContent = said.dataset.failed;
        this.list.append(told);
      }
    },
    at(text) { return this.dialog.dataset.from + "?q=" + encodeURIComponent(text); },
    typed() {
      clearTimeout(this.timer);
      this.pressed = undefined;
      this.timer = setTimeout(() => this.look(), this.wait);
    },
    choose(option) {
      this.chosen?.setAttribute("aria-selected", "false");
      this.box.setAttribute("aria-expanded", String(this.options.length > 0));
      if (!option) { this.box.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      this.box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    },
    move(by) {
      const options = this.options;
      const n = options.length;
      if (n) this.choose(options[(Math.max(options.indexOf(this.chosen), by < 0 ? 0 : -1) + by + n) % n]);
    },
    // press follows the choice, or waits for what is being looked for.
    press(event) {
      this.pressed = event.metaKey || event.ctrlKey;
      if (this.shown === this.box.value.trim()) { this.follow(); return; }
      clearTimeout(this.timer);
      this.look();
    },
    follow() {
      const beside = this.pressed;
      this.pressed = undefined;
      const link = this.chosen;
      if (!link) return;
      if (beside && !link.hash.startsWith("#keys")) { open(link.href, "_blank", "noopener"); return; }
      link.click();
    },
  };

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const on = (selector) => event.target.closest(selector);
    if (on("[data-palette-open]")) { palette.open(); return; }
    if (on("[data-palette-close]")) { palette.dialog.close(); return; }
    const link = on("a[href='#keys']");
    if (link) { event.preventDefault(); help(); return; }
    if (on("#palette [role=option]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) palette.dialog.close();
  });
  document.addEventListener("input", (event) => { if (event.target === palette.box) palette.typed(); });
  document.addEventListener("pointermove", (event) => {
    const option = event.target instanceof Element && event.target.closest("#palette [role=option]");
    if (option && option !== palette.chosen) palette.choose(option);
  });

  const help = () => {
    const dialog = document.getElementById("keys");
    if (!dialog?.showModal || dialog.open) return;
    palette.dialog?.close();
    dialog.showModal();
  };

  // Saving: the form that one is in, else the one that the page is about.
  const save = () => {
    const here = document.activeElement?.closest?.("form");
    const saves = (form) => form && form.method === "post" && form.closest("main");
    const form = saves(here) ? here : document.querySelector("main form[data-dirty]");
    if (!form || document.querySelector("dialog[open]")) return false;
    const button = [...form.elements].find((x) => x.matches("button.primary:not([type=button]), button.primary[type=submit]") && !x.disabled);
    form.requestSubmit(button ?? null);
    return true;
  };

  // Lists: from line to line.
  const step = (by) => {
    const links = all("main [data-rows-link] tbody tr, main .found-page li").map((row) => row.querySelector("a[href]")).filter(Boolean);
    if (!links.length) return false;
    const row = document.activeElement?.closest?.("tr, li");
    const at = links.findIndex((link) => row?.contains(link));
    (links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))]).focus();
    return true;
  };

  const search = () => {
    const box = document.querySelector("main .search input[name=q]");
    if (!box) return palette.open();
    box.focus();
    box.select();
    return true;
  };

  const acts = { "/": search, "?": () => { help(); return true; }, j: () => step(1), k: () => step(-1) };
  // What stands in the dialog with an address leads there.
  const ways = () => new Map(all("#keys [data-href]").map((x) => [x.dataset.keys, x.dataset.href]));
  const typing = (target) => target instanceof Element && (target.isContentEditable || target.matches("select, textarea, [role=textbox], [role=combobox], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset])"));

  // A first key waits this long for its second.
  const patience = 1500;
  let first = { key: "", at: 0 };
  const single = (event) => {
    if (document.getElementById("keys")?.dataset.singleKeys === "off" || typing(event.target) || document.querySelector("dialog[open], details.menu[open]")) return false;
    const waited = event.timeStamp - first.at;
    const pair = waited < patience ? first.key + " " + event.key : "";
    first = { key: event.key, at: event.timeStamp };
    const known = ways();
    if (known.has(pair)) {
      first = { key: "", at: 0 };
      location.assign(known.get(pair));
      return true;
    }
    // "g k" must not go up a line where there is no such page.
    if ((pair.startsWith("g ") || pair.startsWith("n ")) && pair !== "g g" && pair !== "n n") return false;
    return acts[event.key]?.() ?? false;
  };

  const inPalette = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) { palette.move(moves[event.key]); return true; }
    if (event.key === "Enter") { palette.press(event); return true; }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    let done = false;
    if ((mac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey || event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) {
      const key = event.key.toLowerCase();
      if (key === "k") done = palette.open();
      else if (key === "s") done = save();
      else if (event.target === palette.box) done = inPalette(event);
    } else if (event.target === palette.box) {
      done = !event.altKey && !event.shiftKey && inPalette(event);
    } else if (!event.altKey && !event.metaKey && !event.ctrlKey) {
      done = single(event);
    }
    if (done) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (mac) for (const key of all("[data-ctrl]")) key.textContent = "⌘";
  });
})();
