// The demo page: it asks its own server once a second how the world stands and
// what became of the last ask, and draws both. It keeps nothing.
"use strict";

const byId = (id) => document.getElementById(id);

// el makes an element: el("b", "text") or el("li", {class: "x"}, child, child).
function el(name, ...rest) {
  const node = document.createElement(name);
  for (const part of rest) {
    if (part instanceof Node || typeof part === "string") {
      node.append(part);
      continue;
    }
    for (const [key, value] of Object.entries(part)) node.setAttribute(key, value);
  }
  return node;
}

async function call(path, options = {}) {
  const answer = await fetch("/demo/" + path, { cache: "no-store", ...options });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || "The demo did not answer.");
  return body;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function post(path, body) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body || {}) });
}

// All times are the publisher's, as in its answers: the browser's own clock may
// stand in another country.
let zone = "UTC";
const clock = (time) => new Date(time).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });

function millis(n) {
  if (n >= 1000) return (n / 1000).toFixed(1) + " s";
  if (n >= 10) return Math.round(n) + " ms";
  if (n >= 0.095) return n.toFixed(1) + " ms";
  return n > 0 ? Math.max(1, Math.round(n * 1000)) + " µs" : "0 ms";
}

const count = (n, one, many) => n.toLocaleString("en") + " " + (n === 1 ? one : many);

// ── The reader asks ─────────────────────────────────────────────────────────

// spoken is when something was last asked.
let spoken = 0;

const unready = "The chat is not there yet. Type the word into it, or try again in a moment.";

function openChips() {
  for (const chip of document.querySelectorAll(".chip")) {
    chip.addEventListener("click", () => {
      const sent = sendToChat(chip.dataset.send);
      byId("chip-note").textContent = sent ? "" : unready;
      if (sent) followSoon();
    });
  }
}

// greet has somebody who has not said anything yet ask once, by the way that
// every ask goes; the chat itself says who answers.
async function greet() {
  for (let tries = 0; tries < 100 && !window.keypullChat; tries++) await pause(100);
  const chat = byId("phone-screen").firstElementChild?.shadowRoot;
  if (!window.keypullChat || !chat || chat.querySelector(".turn")) return;
  sendToChat("WIPRO");
  followSoon();
}

function openForms() {
  for (const form of document.querySelectorAll("[data-say]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = form.querySelector("input");
      const text = input.value.trim();
      if (!text || !sendToChat(text)) return;
      input.value = "";
      followSoon();
    });
  }
}

// sendToChat says the text in the chat as its own button would; where the chat
// offers no such call, it fills the chat's form.
function sendToChat(text) {
  spoken = performance.now();
  if (typeof window.keypullChat?.send === "function") {
    window.keypullChat.send(text);
    return true;
  }
  const form = byId("phone-screen").firstElementChild?.shadowRoot?.querySelector("form");
  const input = form?.querySelector("input");
  if (!input) return false;
  input.value = text;
  form.requestSubmit();
  return true;
}

// openTabs has the tabs of a list choose what they control; chosen, where given,
// is told which.
function openTabs(list, chosen = () => {}) {
  const tabs = [...list.querySelectorAll('[role="tab"]')];
  const choose = (tab) => {
    for (const t of tabs) {
      t.setAttribute("aria-selected", String(t === tab));
      t.tabIndex = t === tab ? 0 : -1;
      byId(t.getAttribute("aria-controls")).hidden = t !== tab;
    }
    chosen(tab);
  };
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      let to = at + (steps[event.key] || 0);
      if (event.key === "Home") to = 0;
      if (event.key === "End") to = tabs.length - 1;
      if (to === at) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  });
  return choose;
}

// ── Beside the phone ────────────────────────────────────────────────────────

// roomy is where the console has room beside the phone.
const roomy = window.matchMedia("(min-width: 64rem)");

// openViews shows the view that the address names, else the console where
// there is room for it. The console is fetched when it is first shown.
function openViews() {
  const list = document.querySelector(".views");
  const named = () => list.querySelector('[data-hash="' + CSS.escape(location.hash.slice(1)) + '"]');
  const frame = byId("editor");
  let settled = false;
  const choose = openTabs(list, (tab) => {
    if (tab.dataset.hash === "console" && !frame.src && !frame.dataset.filled) frame.src = frame.dataset.src;
    if (tab.dataset.hash === "happens") byId("news").classList.remove("new");
    if (settled) history.replaceState(null, "", "#" + tab.dataset.hash);
  });
  choose(named() || byId(roomy.matches ? "tab-console" : "tab-happens"));
  settled = true;
  window.addEventListener("hashchange", () => { if (named()) choose(named()); });
}

// openWire shows the wire in the place of the messages, and these again.
function openWire() {
  const toggle = byId("wire-toggle");
  toggle.addEventListener("click", () => {
    const wire = byId("telegram-wire");
    wire.hidden = !wire.hidden;
    byId("telegram-bubbles").hidden = !wire.hidden;
    toggle.setAttribute("aria-expanded", String(!wire.hidden));
    toggle.textContent = wire.hidden ? "Show what goes over the wire" : "Show the messages";
  });
}

// ── keypull answers ─────────────────────────────────────────────────────────

const verdicts = {
  answered: "Answered", refused: "Refused, and said why", offered: "Asked back",
  missed: "Not understood, and said so", ordered: "Done", silent: "Silent",
};

let shownAsk = 0;
// newest is the ask that was drawn last, with its answer.
let newest = null;

async function drawLast() {
  const last = await call("last?after=" + shownAsk);
  const thread = (last.thread || []).filter((turn) => turn.ask > shownAsk);
  if (!thread.length) return;
  newest = thread.at(-1);
  shownAsk = newest.ask;
  drawTrace(last.trace, last.parts);
  thread.forEach(drawTurn);
  drawMissed(thread);
}

function drawTrace(trace, parts) {
  const took = millis(trace.took.total_ms);
  const asked = trace.when.requests || 0;
  const verdict = byId("verdict");
  verdict.textContent = (verdicts[trace.outcome] || trace.outcome) + " in " + took + ", with " +
    count(asked, "request", "requests") + " upstream.";
  verdict.classList.remove("new");
  void verdict.offsetWidth;
  verdict.classList.add("new");
  tell(took);
  byId("figure-took").textContent = took;
  byId("figure-requests").textContent = String(asked);
  byId("figure-age").textContent = ageOf(trace);
  byId("bar").replaceChildren(...parts.map((part, i) => {
    const piece = el("i", { class: "tint-" + (i + 1) });
    piece.style.flexGrow = String(Math.max(part.millis, 0));
    return piece;
  }));
  byId("parts").replaceChildren(...parts.map((part, i) =>
    el("li", el("i", { class: "tint-" + (i + 1) }), el("b", part.name), el("span", part.text), el("small", millis(part.millis)))));
  byId("trace-body").hidden = false;
}

// tell puts the news of an answer on the tab that shows its life.
function tell(took) {
  const news = byId("news");
  news.textContent = took;
  news.hidden = false;
  news.classList.remove("new");
  void news.offsetWidth;
  news.classList.add("new");
}

function ageOf(trace) {
  const from = trace.when.as_of || trace.when.fetched;
  if (!from) return "–";
  const seconds = Math.max(0, (new Date(trace.at) - new Date(from)) / 1000);
  if (seconds < 1) return "< 1 s";
  if (seconds < 90) return Math.round(seconds) + " s";
  if (seconds < 5400) return Math.round(seconds / 60) + " min";
  if (seconds < 172800) return Math.round(seconds / 3600) + " h";
  return Math.round(seconds / 86400) + " d";
}

// toLast shows the last ask and its answer; where a phone is not shown there is
// nothing to scroll until it is.
function toLast(place) {
  const asked = [...place.querySelectorAll(".mine")].at(-1);
  if (asked) place.scrollTop = asked.offsetTop - place.offsetTop - 8;
}

// drawTurn adds an ask and its answer to the phones of the other channels.
function drawTurn(turn) {
  const add = (place, messages, shape) => {
    const asked = el("p", { class: "bubble mine" }, turn.text);
    const answers = messages.map((message) => el("div", { class: "bubble" }, shape(message)));
    if (turn.stopped) answers.push(el("p", { class: "cut" }, "Silence: this reader said STOP. START brings the answers back."));
    place.append(asked, ...answers);
    toLast(place);
  };
  add(byId("sms-bubbles"), turn.sms.messages || [], (text) => text);
  add(byId("telegram-bubbles"), turn.telegram.messages || [], safe);
  const parts = turn.sms.messages?.length;
  byId("sms-cut").textContent = parts
    ? count(turn.sms.segments, "segment", "segments") + " in " + turn.sms.encoding + ", " + count(parts, "message", "messages") + "."
    : "";
  byId("telegram-wire").textContent = pretty(turn.telegram.wire);
  byId("wire-toggle").hidden = !turn.telegram.wire;
}

function pretty(wire) {
  try {
    return JSON.stringify(JSON.parse(wire), null, 2);
  } catch {
    return wire || "";
  }
}

// safe rebuilds Telegram's HTML from the few elements it knows. The parsed
// document is inert: nothing in it is loaded or run.
const known = new Set(["b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote"]);
const silent = new Set(["script", "style", "template", "noscript"]);

function safe(html) {
  const copy = (from, to) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE || silent.has(node.localName)) continue;
      const made = element(node);
      copy(node, made || to);
      if (made) to.append(made);
    }
  };
  const out = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, out);
  return out;
}

function element(node) {
  const name = node.localName;
  if (known.has(name)) return document.createElement(name);
  const link = node.getAttribute("href") || "";
  if (name !== "a" || !/^https?:\/\//i.test(link)) return null;
  return el("a", { href: link, target: "_blank", rel: "noopener noreferrer" });
}

// ── The world moves on ──────────────────────────────────────────────────────

async function drawWorld() {
  show(await call("state"));
}

function show(state) {
  zone = state.zone || zone;
  byId("zone").textContent = "times of " + zone.replace(/.*\//, "");
  drawStory(state);
  byId("quotes").replaceChildren(...state.quotes.map(quote));
  drawHeadlines(state);
  drawSwitches(state.switches);
  byId("upstream").textContent = state.upstream.toLocaleString("en");
  byId("visits").replaceChildren(...state.visits.filter((v) => v.upstream).map((v) =>
    el("tr", el("td", v.path), el("td", v.upstream.toLocaleString("en")), el("td", v.unchanged.toLocaleString("en")))));
}

function quote(q) {
  const falls = q.change_percent < 0;
  return el("tr",
    el("th", { scope: "row" }, el("b", q.symbol), el("span", q.name === q.symbol ? "" : q.name)),
    el("td", q.price.toFixed(2) + " ", el("small", q.currency)),
    el("td", { class: falls ? "down" : "up" }, (falls ? "▼ " : "▲ ") + Math.abs(q.change_percent).toFixed(2) + " %"));
}

let shownHeadlines = "";

function drawHeadlines(state) {
  const key = state.headlines.map((h) => h.slug).join();
  if (key === shownHeadlines) return;
  shownHeadlines = key;
  byId("headlines").replaceChildren(...state.headlines.map((h) => {
    const title = state.world ? el("a", { href: state.world + "/news/" + h.slug, target: "_blank", rel: "noopener" }, h.title) : h.title;
    return el("li", el("time", { datetime: h.published }, clock(h.published)), title);
  }));
}

// drawSwitches makes the buttons once and then changes what has changed, so
// that focus stays where it is.
const switches = new Map();

function drawSwitches(all) {
  for (const s of all) {
    if (!switches.has(s.name)) switches.set(s.name, makeSwitch(s));
    const { button, effect } = switches.get(s.name);
    if (s.toggle) button.setAttribute("aria-checked", String(s.on));
    button.disabled = s.spent;
    if (effect.textContent !== s.effect) effect.textContent = s.effect;
  }
}

function makeSwitch(s) {
  const id = "effect-" + s.name;
  const button = s.toggle
    ? el("button", { type: "button", role: "switch", class: "toggle", "aria-label": s.title, "aria-describedby": id })
    : el("button", { type: "button", class: "act", "aria-label": "Do it: " + s.title, "aria-describedby": id }, "Do it");
  const effect = el("p", { id });
  button.addEventListener("click", () => post("switch/" + s.name).then(show).then(found, lost));
  byId("switches").append(el("li", el("b", s.title), button, effect));
  return { button, effect };
}

// ── Once a second ───────────────────────────────────────────────────────────

const found = () => { byId("lost").textContent = ""; };
const lost = () => { byId("lost").textContent = "The demo does not answer. Is keypull still running?"; };

function follow() {
  if (document.hidden) return;
  Promise.all([drawWorld(), drawLast()]).then(found, lost);
}

// followSoon looks more often for the moment after an ask.
function followSoon() {
  for (const delay of [150, 400, 700]) setTimeout(() => drawLast().then(found, lost), delay);
}

openChips();
openTabs(document.querySelector(".ask .tabs"), (tab) => byId(tab.getAttribute("aria-controls")).querySelectorAll(".bubbles").forEach(toLast));
openViews();
openWire();
openForms();
openStory();
follow();
greet();
setInterval(follow, 1000);
document.addEventListener("visibilitychange", follow);
