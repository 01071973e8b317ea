  const script = document.currentScript;
  if (!script) return;
  const base = new URL(".", script.src).href;
  const mode = ["inline", "page"].includes(script.dataset.mode) ? script.dataset.mode : "bubble";
  const style = "{{style}}";

  const words = "{{words}}";
  const language = script.dataset.language || document.documentElement.lang || navigator.language || "en";
  const say = words[language.split(/[-_]/)[0].toLowerCase()] || words.en;

  // The side is that of the page, or of the reader's language.
  const toLeft = say.direction === "rtl" || /^(ar|he|iw|fa|ur|yi|ps|sd|ug|dv|ckb)\b/i.test(language) ||
    getComputedStyle(document.documentElement).direction === "rtl";

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
  const keptTurns = 50;
  let config = { title: "", theme: "auto", consent: "", hint: "", greeting: null, colours: null, logo: "", avatar: "" };
  let state = fresh();
  // A fresh conversation has a name of its own, by which tabs tell it from the
  // one before.
  function fresh() { return { chat: newID(), session: "", last: 0, consent: "", log: [] }; }
  const storage = () => {
    try { return config.consent ? localStorage : sessionStorage; } catch { return null; }
  };
  const save = () => {
    state.log = state.log.slice(-keptTurns);
    const store = storage();
    try {
      if (state.log.length === 0) store.removeItem(key);
      else if (!config.consent || state.consent === "given") store.setItem(key, JSON.stringify(state));
    } catch { /* full or forbidden: memory has to do */ }
  };
  const resume = () => {
    try {
      const old = JSON.parse(storage().getItem(key));
      if (!old || !Array.isArray(old.log)) return;
      for (const entry of old.log) entry.id ||= newID();
      state = { ...fresh(), ...old };
    } catch { /* nothing kept, or not readable */ }
  };
