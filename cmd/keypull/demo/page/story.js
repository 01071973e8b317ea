// What the demo shows at a glance: the deeds above the console with their
// results, and what the visitor asked in vain. demo.js, which is loaded behind
// this, has what both share, and begins.
"use strict";

// ── See it hold ─────────────────────────────────────────────────────────────

// fresh is for how long, in milliseconds, a price needs no new request, and a
// little more: what is shown here begins after that.
const fresh = 1300;

const outcome = (...parts) => byId("outcome").replaceChildren(
  ...parts.map((part) => typeof part === "string" ? el("p", { class: "result" }, part) : part));

// deed has a button do something while all of them wait.
function deed(id, act) {
  const buttons = [...document.querySelectorAll(".deeds button")];
  byId(id).addEventListener("click", async () => {
    for (const b of buttons) b.disabled = true;
    try {
      await act();
    } catch (problem) {
      outcome(problem.message);
    }
    for (const b of buttons) b.disabled = false;
    drawWorld().then(found, lost);
  });
}

// asks has the phone ask, and returns the lines of the answer, and whether that is
// what the exchange said to this very ask.
async function asks(text) {
  await pause(fresh);
  await drawLast();
  const before = shownAsk;
  if (!sendToChat(text)) throw new Error(unready);
  for (let tries = 0; tries < 300; tries++) {
    await drawLast();
    if (shownAsk > before && newest.text === text) {
      return { lines: (newest.sms.messages || [""])[0].split("\n").filter(Boolean), brought: newest.brought };
    }
    await pause(100);
  }
  throw new Error("The phone got no answer.");
}

// askAtOnce has the crowd ask, and counts along while it is answered. One that
// is under way, from another tab, is looked at in its place.
async function askAtOnce() {
  outcome("They are asking…");
  await pause(Math.max(0, spoken + fresh - performance.now()));
  let crowd = await call("crowd");
  let asked = crowd.asking;
  let fault = null;
  if (!asked) post("crowd", { readers: 10000, text: "WIPRO" }).catch((problem) => { fault = problem; }).finally(() => { asked = true; });
  // What is read out is how it ended.
  byId("outcome").setAttribute("aria-busy", "true");
  do {
    await pause(200);
    crowd = await call("crowd");
    if (!crowd.asking || crowd.answers < crowd.asks) drawCrowd(crowd);
  } while (!fault && (crowd.asking || !asked));
  byId("outcome").setAttribute("aria-busy", "false");
  if (fault) throw fault;
}

async function failOrReturn() {
  const down = byId("outage").getAttribute("aria-pressed") === "true";
  outcome(down ? "The exchange comes back. The phone asks…" : "The exchange hangs up on every request. The phone asks…");
  show(await post("switch/exchange-down"));
  const { lines, brought } = await asks("WIPRO");
  outcome(el("p", { class: "result" }, lines[0] + " ", el("b", lines.at(-1))), el("p", { class: "hint" }, !down
    ? "The exchange is down. The last good price comes, and says how old it is."
    : brought ? "The exchange is back, and so is the price of this moment."
      : "The exchange is back; after its failures it is left alone for a moment more. The next ask brings the price."));
}

async function jumpOrReturn() {
  const spent = byId("jump").dataset.spent === "yes";
  outcome(spent ? "Prices go back to what they were. The phone asks…" : "All prices rise by 12 %. The phone asks…");
  show(await post(spent ? "switch/reset" : "switch/price-jump"));
  const { lines, brought } = await asks("WIPRO");
  outcome(el("p", { class: "result" }, el("b", lines[0]), " " + lines.at(-1)),
    el("p", { class: "hint" }, brought
      ? "The next ask brought the new price. Nothing went out by itself."
      : "This ask did not bring the new price: the exchange did not answer it. The next one that it answers does."));
}

function openStory() {
  deed("crowd", askAtOnce);
  deed("outage", failOrReturn);
  deed("jump", jumpOrReturn);
}

function drawStory(state) {
  const by = (name) => state.switches.find((s) => s.name === name) || {};
  byId("outage").setAttribute("aria-pressed", String(Boolean(by("exchange-down").on)));
  byId("jump").dataset.spent = by("price-jump").spent ? "yes" : "";
  byId("jump").textContent = by("price-jump").spent ? "Put the prices back" : "All prices +12 %";
}

function drawCrowd(crowd) {
  const figure = (value, label) => el("div", el("dt", label), el("dd", value));
  outcome(el("dl", { class: "figures", id: "crowd-result" },
    figure(crowd.answers.toLocaleString("en"), "answers to " + count(crowd.asks, "ask", "asks")),
    figure(crowd.upstream.toLocaleString("en"), crowd.upstream === 1 ? "request upstream" : "requests upstream"),
    figure(millis(crowd.took_ms), crowd.asking ? "until now" : "for all of them")));
}

// ── What the visitor asked in vain ──────────────────────────────────────────

const mostMissed = 3;
let missed = [];

// drawMissed names what nothing answered, each a click away from its keyword;
// what is answered by now goes.
function drawMissed(thread) {
  for (const turn of thread) {
    missed = missed.filter((words) => words !== turn.missed && words.toLowerCase() !== turn.text.toLowerCase());
    if (turn.missed) missed = [...missed, turn.missed].slice(-mostMissed);
  }
  const place = byId("missed");
  place.hidden = missed.length === 0;
  place.replaceChildren(el("b", "You asked, and nothing answers yet:"), ...missed.map((words) => {
    const to = "/console/p/demo/keywords/new?phrase=" + encodeURIComponent(words);
    const make = el("a", { class: "act", href: "/demo/console?to=" + encodeURIComponent(to), target: "editor" },
      "Make “" + words + "” a keyword");
    make.addEventListener("click", () => {
      // The link fills the frame, so that it need not be filled before.
      byId("editor").dataset.filled = "yes";
      byId("tab-console").click();
    });
    return make;
  }));
}
