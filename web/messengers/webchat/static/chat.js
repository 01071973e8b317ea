// The chat widget. It asks nobody but the server that it came from, sets no
// cookie, and shows content as text: never as HTML.
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script) return;
  const base = new URL(".", script.src).href;
  const mode = ["inline", "page"].includes(script.dataset.mode) ? script.dataset.mode : "bubble";
  const style = "{{style}}";

  const words = "{{words}}";
  const language = script.dataset.language || document.documentElement.lang || navigator.language || "en";
  const say = words[language.split(/[-_]/)[0].toLowerCase()] || words.en;

  // el makes an element; children may be nodes or text.
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const isWeb = (url) => /^https?:\/\//i.test(url);
  const newID = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  };

  // State, and what of it is kept: nothing before the first message; with a
  // consent to ask for, nothing without it.
  const key = "keypull " + base;
  let config = { title: "", theme: "auto", consent: "" };
  let state = fresh();
  function fresh() { return { session: "", last: 0, consent: "", log: [] }; }
  const storage = () => {
    try { return config.consent ? localStorage : sessionStorage; } catch { return null; }
  };
  const save = () => {
    const store = storage();
    if (!store || state.log.length === 0 || (config.consent && state.consent !== "given")) return;
    state.log = state.log.slice(-50);
    try { store.setItem(key, JSON.stringify(state)); } catch { /* full or forbidden: memory has to do */ }
  };
  const resume = () => {
    try {
      const old = JSON.parse(storage().getItem(key));
      if (old && Array.isArray(old.log)) state = { ...fresh(), ...old };
    } catch { /* nothing kept, or not readable */ }
  };
  const drop = () => {
    try { storage().removeItem(key); } catch { /* nothing to drop */ }
  };

  // Sending: one message after the other, each until it is answered, always
  // with the same id, so that a repeated one counts once.
  let queue = Promise.resolve();
  let pending = 0;
  const backOnline = (ms) => new Promise((done) => {
    const over = () => { removeEventListener("online", over); clearTimeout(timer); done(); };
    const timer = setTimeout(over, ms);
    addEventListener("online", over);
  });
  const call = (path, body) => fetch(base + path, {
    method: "POST", credentials: "omit", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "Accept-Language": language }, signal: AbortSignal.timeout(40000),
  });
  const retryAfter = (response) => 1000 * (Number(response.headers.get("Retry-After")) || 0);
  const unknown = (session) => {
    if (state.session !== session) return;
    hush();
    state.session = "";
    state.last = 0;
    save();
  };
  const post = async (entry) => {
    const body = { text: entry.text, id: entry.id, language };
    if (entry.tap) body.tap = entry.tap;
    if (state.session) body.session = state.session;
    if (config.consent && state.consent) body.consent = state.consent === "given";
    for (let attempt = 0; ; attempt++) {
      let kind = "";
      let pause = Math.min(30000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
      try {
        const response = await call("messages", body);
        if (response.ok) return await response.json();
        const told = await response.json().catch(() => ({}));
        if (response.status === 400 && told.field === "session" && body.session) {
          // The server knows this chat no more: it goes on as a new one.
          unknown(body.session);
          delete body.session;
          continue;
        }
        if (response.status !== 429 && response.status < 500) return null;
        if (response.status === 429) kind = told.detail;
        pause = Math.max(pause, retryAfter(response));
      } catch { /* no answer: the same again */ }
      if (attempt >= 8) return null;
      notice(navigator.onLine ? kind || say.trouble : say.offline);
      await (navigator.onLine ? wait(pause) : backOnline(60000));
    }
  };
  const send = (entry) => {
    pending++;
    busy();
    queue = queue.then(async () => {
      const from = state;
      const answer = await post(entry);
      pending--;
      notice(navigator.onLine ? "" : say.offline);
      busy();
      if (from !== state) return;
      entry.state = answer ? "sent" : "failed";
      entry.redraw();
      if (answer) {
        state.session = answer.session || state.session;
        receive(answer.replies);
        listen();
      }
      save();
    }).catch(() => {});
  };
  const ask = (text, tap) => {
    text = text.trim();
    if (!text) return;
    const entry = { who: "me", text, tap, id: newID(), state: "waiting" };
    keep(entry, true);
    save();
    send(entry);
  };
  const receive = (replies) => {
    (replies || []).forEach((reply, i) => {
      keep({ who: "them", text: reply.text || "", buttons: reply.buttons || [], media: reply.media || [] }, i === 0);
    });
    if (!replies?.length) return;
    if (mode === "bubble" && panel.hidden) launcher.classList.add("unread");
  };
  const keep = (entry, first) => {
    // Drawing functions are not kept with the state.
    Object.defineProperty(entry, "redraw", { value: () => {}, writable: true });
    state.log.push(entry);
    draw(entry, first);
  };

  // Later replies come as server-sent events. What stands in the stream's
  // address is a ticket that opens it once; each stream takes a new one.
  let source = null;
  let rest = 1000;
  const listen = async () => {
    if (source || !state.session || typeof EventSource === "undefined") return;
    const session = state.session;
    const own = { close() {} };
    source = own;
    const again = (pause) => {
      if (own !== source) return;
      hush();
      setTimeout(listen, Math.max(rest, pause) * (0.75 + Math.random() / 2));
      rest = Math.min(2 * rest, 60000);
    };
    let ticket;
    try {
      const response = await call("tickets", { session });
      if (own !== source) return;
      if (response.status === 400) { unknown(session); return; }
      if (!response.ok) { again(retryAfter(response)); return; }
      ticket = (await response.json()).ticket;
    } catch { again(0); return; }
    if (own === source) stream(own, again, ticket);
  };
  const stream = (own, again, ticket) => {
    const events = new EventSource(base + "events?ticket=" + encodeURIComponent(ticket) + "&last=" + state.last);
    own.close = () => events.close();
    events.addEventListener("open", () => { rest = 1000; });
    events.addEventListener("reply", (event) => {
      const id = Number(event.lastEventId) || 0;
      if (own !== source || (id && id <= state.last)) return;
      state.last = id || state.last;
      try { receive(JSON.parse(event.data).replies); } catch { return; }
      save();
    });
    events.addEventListener("error", () => again(0));
  };
  const hush = () => {
    if (source) source.close();
    source = null;
  };

  // Drawing.
  const log = el("div", { class: "log", role: "log", "aria-label": say.log, tabindex: "0" });
  const dots = el("div", { class: "dots", hidden: true }, el("i"), el("i"), el("i"), el("span", { class: "quiet" }, say.typing));
  const status = el("p", { class: "status", role: "status", hidden: true });
  const input = el("input", {
    id: "text", type: "text", dir: "auto", maxlength: "4000", autocomplete: "off", enterkeyhint: "send", placeholder: say.hint,
  });
  const form = el("form", {
    submit: (event) => {
      event.preventDefault();
      ask(input.value);
      input.value = "";
      input.focus();
    },
  }, el("label", { for: "text", class: "quiet" }, say.label), input,
  el("button", { type: "submit", class: "go", "aria-label": say.send, title: say.send }, arrow()));
  const consent = el("section", { class: "consent", "aria-label": say.privacy, hidden: true });
  const title = el(mode === "page" ? "h1" : "h2", { id: "title" });
  const panel = el("section", { class: "panel", "aria-labelledby": "title" });
  const launcher = el("button", { type: "button", class: "launcher", "aria-label": say.open, "aria-expanded": "false", "aria-controls": "panel", click: () => toggle() }, balloon());

  function shape(name, path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }
  function arrow() { return shape("line", "M5 12h13M12 5.5 18.5 12 12 18.5"); }
  function cross() { return shape("line", "M6 6l12 12M18 6 6 18"); }
  function balloon() { return shape("line", "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4v-4.1A2.5 2.5 0 0 1 4 13.5z"); }

  // worded has the line right above an address that stands alone lead there, or
  // else names the site: nobody reads eighty characters of address. One within a
  // sentence stays as it is written.
  const site = (url) => {
    try { return new URL(url).host.replace(/^www\./, "") + " ↗"; } catch { return url; }
  };
  const worded = (text) => {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(/(^|\n)(?:((?!https?:)[^\n]*\S[^\n]*)\n)?(https?:\/\/[^\s<>"“”„«»]*[^\s<>"“”„«».,;:!?'’…])(?=\n|$)/gi)) {
      const [whole, start, above = "", url] = found;
      const title = above.length <= 140 && !/https?:/i.test(above) ? above : "";
      const before = text.slice(at, found.index) + start + (title || !above ? "" : above + "\n");
      nodes.push(...linked(before), link(url, title || site(url)));
      at = found.index + whole.length;
    }
    nodes.push(...linked(text.slice(at)));
    return nodes;
  };
  // linked turns text into nodes, web addresses into links.
  const linked = (text) => {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(/https?:\/\/[^\s<>"“”„«»]+/gi)) {
      let url = found[0].replace(/[.,;:!?'’…]+$/, "");
      while (/[)\]]$/.test(url) && url.split(/[([]/).length <= url.split(/[)\]]/).length - 1) url = url.slice(0, -1);
      nodes.push(text.slice(at, found.index), link(url, url));
      at = found.index + url.length;
    }
    nodes.push(text.slice(at));
    return nodes;
  };
  // set shows a first line that is no sentence as the title that it is.
  const set = (text) => {
    const [, first, rest] = text.match(/^([^\n]{1,90}[^\n.!?:…])(\n[^]+)$/) || [];
    const titled = first && !/https?:/i.test(first) && !/^\nhttps?:/i.test(rest);
    return titled ? [el("strong", {}, first), ...worded(rest)] : worded(text);
  };
  const link = (url, label, name) => el("a", { href: url, class: name, target: "_blank", rel: "noopener noreferrer nofollow" }, label);

  const medium = (m) => {
    if (!m || !isWeb(m.url)) return "";
    if (m.type !== "image") return link(m.url, m.alt || m.url, "file");
    const img = el("img", { src: m.url, alt: m.alt || "", loading: "lazy", referrerpolicy: "no-referrer" });
    img.addEventListener("load", () => follow());
    img.addEventListener("error", () => img.replaceWith(link(m.url, m.alt || say.picture, "file")));
    return img;
  };
  const choice = (b) => {
    if (b.url) return isWeb(b.url) ? link(b.url, b.label, "choice") : "";
    return el("button", { type: "button", class: "choice", click: () => { ask(b.label, b.send); input.focus(); } }, b.label);
  };

  let latest = null;
  // follow shows the beginning of the latest answer, however long it is.
  const follow = () => {
    if (latest) log.scrollTop = latest.offsetTop - log.offsetTop - 12;
  };
  const draw = (entry, first) => {
    const node = el("div", { class: "turn " + (entry.who === "me" ? "me" : "them") });
    const bubble = el("div", { class: "bubble", dir: "auto" });
    entry.redraw = () => {
      node.classList.toggle("failed", entry.state === "failed");
      node.querySelector(".fault")?.remove();
      if (entry.state !== "failed") return;
      node.append(el("p", { class: "fault" }, say.failed + " ", el("button", {
        type: "button", click: () => { entry.state = "waiting"; entry.redraw(); input.focus(); send(entry); },
      }, say.again)));
    };
    if (entry.who === "me") {
      bubble.append(el("span", { class: "quiet" }, say.you), entry.text);
      node.append(bubble);
    } else {
      bubble.append(...(entry.media || []).map(medium));
      if (entry.text) bubble.append(el("p", {}, ...set(entry.text)));
      node.append(bubble);
      if (entry.buttons && entry.buttons.length) node.append(el("div", { class: "choices" }, ...entry.buttons.map(choice)));
    }
    entry.redraw();
    log.insertBefore(node, dots);
    if (first) latest = node;
    follow();
  };
  const busy = () => {
    dots.hidden = pending === 0;
    if (pending > 0) log.scrollTop = log.scrollHeight;
  };
  const notice = (text) => {
    status.textContent = text;
    status.hidden = !text;
  };

  // Consent: asked once, changed at any time.
  const decide = (given) => {
    state.consent = given ? "given" : "refused";
    if (given) save();
    showConsent();
    input.focus();
  };
  const forget = () => {
    drop();
    hush();
    state = fresh();
    latest = null;
    log.replaceChildren(dots);
    showConsent();
  };
  const showConsent = () => {
    consent.hidden = !config.consent;
    const button = (label, click, name) => el("button", { type: "button", class: name, click }, label);
    consent.classList.toggle("small", state.consent !== "");
    if (state.consent === "given") {
      consent.replaceChildren(el("p", {}, say.kept), button(say.forget, () => { forget(); input.focus(); }, "plain"));
    } else if (state.consent === "refused") {
      consent.replaceChildren(el("p", {}, say.unkept), button(say.allow, () => decide(true), "plain"));
    } else {
      consent.replaceChildren(el("p", {}, ...linked(config.consent)), el("div", { class: "choices" },
        button(say.accept, () => decide(true), "choice"), button(say.decline, () => decide(false), "choice")));
    }
  };

  // The bubble opens and closes; focus goes in with it and comes back.
  const toggle = (open = panel.hidden) => {
    panel.hidden = !open;
    launcher.setAttribute("aria-expanded", String(open));
    launcher.setAttribute("aria-label", open ? say.close : say.open);
    launcher.classList.remove("unread");
    launcher.replaceChildren(open ? cross() : balloon());
    if (open) {
      follow();
      (state.consent === "" && config.consent ? consent.querySelector("button") : input).focus();
    } else {
      launcher.focus();
    }
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
  const build = () => {
    const host = el("div", { "data-theme": config.theme, "data-mode": mode, lang: language, dir: say.direction });
    const root = host.attachShadow({ mode: "open" });
    dress(root);
    title.textContent = config.title;
    const head = el("header", {}, title);
    panel.id = "panel";
    panel.append(head, log, status, consent, form);
    log.append(dots);
    root.append(panel);
    if (mode === "bubble") {
      panel.hidden = true;
      panel.setAttribute("role", "dialog");
      head.append(el("button", { type: "button", class: "shut", "aria-label": say.close, title: say.close, click: () => toggle(false) }, cross()));
      root.append(launcher);
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
  const start = async () => {
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await fetch(base + "config.json", { credentials: "omit" });
        if (response.ok) { config = { ...config, ...(await response.json()) }; break; }
      } catch { /* try again */ }
      if (attempt === 5) return;
      await wait(1000 * 2 ** attempt);
    }
    resume();
    showConsent();
    place(build());
    for (const entry of state.log) {
      Object.defineProperty(entry, "redraw", { value: () => {}, writable: true });
      draw(entry, true);
    }
    // What is already there is not read out again.
    log.setAttribute("aria-live", "polite");
    addEventListener("offline", () => notice(say.offline));
    addEventListener("online", () => notice(""));
    state.log.filter((entry) => entry.state === "waiting").forEach(send);
    listen();
    // Pages that hold the chat may put words into the reader's mouth: a button
    // "today's recipe" beside it, for one.
    window.keypullChat ??= { send: (text) => ask(String(text)) };
    if (mode === "page") input.focus({ preventScroll: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
