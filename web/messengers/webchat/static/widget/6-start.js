  // The bubble opens and closes; focus goes in with it and comes back.
  const toggle = (open = panel.hidden) => {
    unfold(open);
    if (open) {
      follow();
      (state.consent === "" && config.consent ? consent.querySelector("button") : input).focus();
    } else {
      launcher.focus();
    }
  };
  const unfold = (open) => {
    panel.hidden = !open;
    launcher.setAttribute("aria-expanded", String(open));
    launcher.replaceChildren(open ? cross() : balloon(), badge);
    note(0);
  };

  // dress gives the widget its looks. A constructed style sheet passes the
  // strictest policy; browsers without them get an element.
  const dress = (root) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(el("style", {}, style));
    }
  };
  const direction = toLeft ? "rtl" : "ltr";
  const chat = el("div", { class: "chat", dir: direction });
  // paint dresses the chat in the scheme that the editor set; else in that of the page
  // around it, where that says so, and of the reader's device.
  const night = matchMedia("(prefers-color-scheme: dark)");
  const paint = (host) => {
    let told = config.theme;
    if (told === "auto") {
      told = getComputedStyle(host.parentElement).colorScheme;
      if (told === "normal") told = document.querySelector('meta[name="color-scheme"]')?.content || "";
    }
    const dark = told.includes("dark"), light = told.includes("light");
    const scheme = (dark === light ? night.matches : dark) ? "dark" : "light";
    if (chat.dataset.scheme === scheme) return;
    chat.dataset.scheme = scheme;
    const tones = config.colours?.[scheme];
    if (!tones) return;
    const set = { fill: tones.fill, on: tones.on, accent: tones.accent, mine: tones.fill, "mine-ink": tones.on };
    for (const [name, value] of Object.entries(set)) chat.style.setProperty("--" + name, value);
  };
  // repaint follows the page and the device.
  const repaint = (host) => {
    paint(host);
    night.addEventListener("change", () => paint(host));
    const watcher = new MutationObserver(() => paint(host));
    for (const node of [document.documentElement, document.body]) watcher.observe(node, { attributes: true });
  };
  const build = () => {
    const host = el("div", { "data-theme": config.theme, "data-mode": mode, lang: language, dir: direction });
    const root = host.attachShadow({ mode: "open" });
    dress(root);
    title.textContent = config.title;
    const head = el("header", {}, ...(isWeb(config.logo) ? [picture(config.logo, "", "logo")] : []), title);
    panel.id = "panel";
    panel.append(head, log, status, consent, form);
    log.append(dots);
    chat.classList.toggle("faced", isWeb(config.avatar));
    chat.append(panel);
    root.append(chat);
    if (mode === "bubble") {
      panel.hidden = true;
      panel.setAttribute("role", "dialog");
      head.append(el("button", { type: "button", class: "shut", "aria-label": say.close, title: say.close, click: () => toggle(false) }, cross()));
      launcher.append(badge);
      chat.append(launcher, news);
      root.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !panel.hidden) { event.stopPropagation(); toggle(false); }
      });
    }
    return host;
  };
  const place = (host) => {
    const target = script.dataset.target && document.querySelector(script.dataset.target);
    if (target) target.replaceChildren(host);
    else if (mode === "inline") script.after(host);
    else document.body.append(host);
  };

  // configure asks for what the editor set; null where this page may not have it.
  // A browser tells a page no more than that it got nothing: where the server is
  // there all the same, twice, the page is not on the chat's list.
  const address = base + "config.json?lang=" + encodeURIComponent(language);
  const isThere = () => fetch(address, { credentials: "omit", mode: "no-cors" }).then(() => true, () => false);
  const configure = async () => {
    let refused = 0;
    for (let attempt = 0; attempt < 6; attempt++) {
      try {
        const response = await fetch(address, { credentials: "omit" });
        if (response.ok) return response.json();
      } catch {
        const foreign = !base.startsWith(location.origin + "/") && await isThere();
        if (foreign && ++refused > 1) return null;
        if (foreign) continue;
      }
      await wait(1000 * 2 ** attempt);
    }
    throw new Error("keypull: " + base + " does not answer");
  };
  // refuse says what is to be set to who built the page, and shows its readers
  // nothing: they can't.
  const refuse = () => console.error("keypull: " + say.foreign.replaceAll("{origin}", location.origin));

  let started = false;
  const start = async () => {
    const told = await configure();
    if (!told) { refuse(); return; }
    config = { ...config, ...told };
    resume();
    const host = build();
    greet();
    render();
    gather();
    // The other tabs say at once how it stands. What is there before the chat is
    // shown is not read out.
    await Promise.race([ready, wait(patience / 4)]);
    log.setAttribute("aria-live", "polite");
    place(host);
    repaint(host);
    started = true;
    follow();
    addEventListener("offline", notice);
    addEventListener("online", () => { trouble = ""; notice(); });
    // Pages that hold the chat may put words into the reader's mouth: a button
    // "today's recipe" beside it, for one.
    window.keypullChat ??= { send: (text) => ask(String(text)) };
    if (mode !== "page") return;
    input.focus({ preventScroll: true });
    // A link to the chat's own page may ask, once: coming back to it does not.
    const here = new URL(location.href);
    const wanted = here.searchParams.get("ask");
    if (!wanted) return;
    here.searchParams.delete("ask");
    history.replaceState(history.state, "", here);
    ask(wanted.slice(0, 1000));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
