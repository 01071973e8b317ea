// The story that the page tells by itself, and the demo begun anew. It presses
// what a visitor would press; demo.js and story.js, which are loaded before
// this, have what it uses.
"use strict";

// idle is for how long, in milliseconds, nobody has touched the page before the
// story begins by itself; beat is how often it looks at the time.
const idle = 10000;
const beat = 250;

const press = (id) => {
  pressing = true;
  byId(id).click();
  pressing = false;
};

// free waits until the deeds above the console are done with the last one.
async function free() {
  for (let tries = 0; tries < 600 && byId("crowd").disabled; tries++) await pause(100);
}

async function deedOf(id, wanted) {
  await free();
  if (wanted !== undefined && byId(id).getAttribute("aria-pressed") === wanted) return;
  press(id);
  await pause(beat);
  await free();
}

function say(text) {
  if (!sendToChat(text)) throw new Error(unready);
  followSoon();
}

// chapters take two minutes together; place is what each is about.
const chapters = [
  { seconds: 14, place: ".phone", text: "A reader sends one word. Nobody has subscribed and nothing is pushed: the word is the question, and the answer comes at once.",
    act: async () => say("WIPRO") },
  { seconds: 16, place: "#view-happens", text: "keypull understood the word, asked the exchange at this very moment and answered. Here is the life of that ask, and how old its price is.",
    act: async () => press("tab-happens") },
  { seconds: 16, place: ".phone", text: "The same reply on other channels: a short message, then Telegram, each within what that channel takes.",
    act: async () => { press("tab-sms"); await pause(6000); press("tab-telegram"); await pause(5000); press("tab-chat"); } },
  { seconds: 18, place: ".story", text: "Ten thousand readers ask in the same moment. All are answered; look how often the exchange was asked.",
    act: () => deedOf("crowd") },
  { seconds: 20, place: ".story", text: "The exchange fails. Readers get the last good price, which says how old it is: neither an error nor a price that passes for new.",
    act: () => deedOf("outage", "true") },
  { seconds: 12, place: ".story", text: "The exchange comes back, and with it the price of this moment. Nobody had to do anything.",
    act: () => deedOf("outage", "false") },
  { seconds: 14, place: "#beside", text: "What nothing answers yet is not lost. In the editor’s console it is one click from becoming a keyword, live at once.",
    act: async () => { say("parking"); await pause(2500); press("tab-console"); } },
  { seconds: 10, place: ".phone", text: "STOP ends it, in any language, and START begins again. The reader decides, always.",
    act: async () => { say("STOP"); await pause(4000); say("START"); } },
];
const whole = chapters.reduce((sum, chapter) => sum + chapter.seconds, 0);

let pressing = false;
let touched = false;
let chapter = -1;
let into = 0;
let acting = 0;
let telling = false;

function drawPlay() {
  const done = chapters.slice(0, Math.max(chapter, 0)).reduce((sum, c) => sum + c.seconds, 0) + Math.min(into, chapters[chapter]?.seconds || 0);
  const left = Math.max(0, Math.ceil(whole - done));
  byId("play").hidden = chapter < 0;
  byId("play-done").value = done;
  byId("play-left").textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
  byId("play-go").textContent = telling ? "Pause" : "Go on";
  byId("play-open").setAttribute("aria-expanded", String(chapter >= 0));
}

function point(place) {
  for (const old of document.querySelectorAll(".pointed")) old.classList.remove("pointed");
  const at = place && document.querySelector(place);
  if (!at) return;
  at.classList.add("pointed");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  at.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

// enter begins a chapter; behind the last one the story ends.
function enter(next) {
  chapter = next;
  into = 0;
  if (next >= chapters.length) {
    endStory("That was the story. Now it is yours: tap a word, or write one.");
    return;
  }
  byId("play-said").textContent = chapters[next].text;
  point(chapters[next].place);
  const mine = ++acting;
  chapters[next].act().catch((problem) => { byId("play-said").textContent = problem.message; }).finally(() => {
    if (acting === mine) acting = 0;
  });
  drawPlay();
}

function tellStory() {
  touched = true;
  telling = true;
  enter(0);
}

function endStory(note) {
  telling = false;
  chapter = -1;
  acting = 0;
  point(null);
  byId("chip-note").textContent = note || "";
  drawPlay();
}

function pauseStory() {
  telling = false;
  drawPlay();
}

function tick() {
  if (!telling || document.hidden) return;
  into += beat / 1000;
  if (into >= chapters[chapter].seconds && !acting) enter(chapter + 1);
  drawPlay();
}

// openPlay lets the visitor work the story; whoever touches anything else has it wait.
function openPlay() {
  byId("play-done").max = whole;
  byId("play-open").addEventListener("click", tellStory);
  byId("play-again").addEventListener("click", tellStory);
  byId("play-go").addEventListener("click", () => { telling = !telling; drawPlay(); });
  byId("play-next").addEventListener("click", () => enter(chapter + 1));
  byId("play-end").addEventListener("click", () => { endStory(""); byId("play-open").focus(); });
  const touch = (event) => {
    if (pressing) return;
    touched = true;
    const own = event.target instanceof Element && event.target.closest("#play, #play-open");
    if (event.type === "keydown" && event.key === "Escape" && chapter >= 0) { endStory(""); return; }
    if (own || event.type === "keydown" && event.key === "Tab") return;
    if (telling) pauseStory();
  };
  for (const type of ["pointerdown", "keydown", "click", "wheel"]) document.addEventListener(type, touch, { passive: true });
  setInterval(tick, beat);
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches || sessionStorage.getItem("keypull demo told")) return;
  setTimeout(() => {
    if (touched || document.hidden) return;
    sessionStorage.setItem("keypull demo told", "yes");
    tellStory();
  }, idle);
}

// openAnew puts everything back as it was at the first start, this browser's chat with it.
function openAnew() {
  byId("anew").addEventListener("click", async () => {
    byId("anew").disabled = true;
    try {
      await post("anew");
    } catch (problem) {
      byId("lost").textContent = problem.message;
      byId("anew").disabled = false;
      return;
    }
    for (const kept of [localStorage, sessionStorage]) {
      for (const name of Object.keys(kept)) {
        if (name.startsWith("keypull ")) kept.removeItem(name);
      }
    }
    location.replace(location.pathname);
  });
}

openPlay();
openAnew();
drawPlay();
