  // All open tabs of the chat are one: they show the same conversation, and one
  // of them leads. It alone asks the server and holds the stream of later
  // replies, since a browser has six connections to a host and no more. The
  // others tell it what they want, and it tells all what became of it. Nothing
  // of this is kept: it ends with the last tab.
  const me = newID();
  const air = (() => {
    try { return new BroadcastChannel(key); } catch { return null; }
  })();
  const locks = air && navigator.locks;
  let leads = false;
  // term counts who led so far: the latest is right. heard is when the leader
  // was last heard.
  let term = 0;
  let heard = 0;
  let resign = () => {};
  let standing = null;
  // unheard are the messages of this tab that no leader has shown to have.
  const unheard = new Map();
  let settled;
  const ready = new Promise((done) => { settled = done; });

  const tell = (is, more) => air?.postMessage({ is, from: me, ...more });
  // share shows a change here and in all other tabs.
  const share = () => {
    save();
    render();
    tell("state", { term, state, note: trouble });
  };
  const lead = () => {
    if (leads) return;
    leads = true;
    term++;
    settled();
    share();
    work();
    listen();
  };
  const retire = () => {
    leads = false;
    hush();
  };

  // stand has this tab lead as soon as nobody does; or at once, where whoever
  // leads does not answer.
  const stand = async (atOnce = false) => {
    standing?.abort();
    const own = standing = new AbortController();
    if (!locks) {
      if (air && !atOnce) await elect();
      else lead();
      return;
    }
    try {
      await locks.request(key, atOnce ? { steal: true } : { signal: own.signal }, () => {
        lead();
        return new Promise((done) => { resign = done; });
      });
    } catch (problem) {
      if (own !== standing) return;
      if (problem.name !== "AbortError") { lead(); return; }
      // Another tab found this one asleep.
      retire();
      stand();
    }
  };
  // elect does without locks, which browsers give to https alone: who asks and
  // hears no leader becomes one. Of two, the next word of either settles it.
  const elect = async () => {
    const asked = Date.now();
    tell("hello", { state });
    await wait(150 + 150 * Math.random());
    if (heard < asked) lead();
  };
  // check looks whether the leader is awake: a browser may have put it to sleep.
  const patience = 2000;
  const check = async () => {
    if (leads || !air) return;
    const asked = Date.now();
    tell("hello");
    await wait(patience);
    if (!leads && heard < asked) stand(true);
  };

  // want has the leader do something, be it this tab or another.
  const want = async (is, more) => {
    await ready;
    if (leads) { obey({ is, ...more }); return; }
    tell(is, more);
    check();
  };
  const obey = (wish) => {
    const known = wish.entry && state.log.find((entry) => entry.id === wish.entry.id);
    if (wish.is === "hello" && !state.log.length && wish.state?.log.length) state = wish.state;
    if (wish.is === "ask" && !known) state.log.push(wish.entry);
    if (wish.is === "again" && known) known.state = "waiting";
    if (wish.is === "consent") state.consent = wish.given ? "given" : "refused";
    if (wish.is === "forget") {
      hush();
      state = fresh();
    }
    share();
    work();
    listen();
  };
  // adopt takes over what the leader tells.
  const adopt = (told) => {
    heard = Date.now();
    term = told.term;
    state = told.state;
    for (const entry of state.log) unheard.delete(entry.id);
    for (const entry of unheard.values()) {
      state.log.push(entry);
      tell("ask", { entry });
    }
    trouble = told.note;
    settled();
    save();
    render();
    notice();
  };
  const hear = ({ data }) => {
    if (data.is !== "state") {
      if (data.is === "bye") {
        if (!locks) elect();
      } else if (leads) {
        obey(data);
      }
      return;
    }
    const later = data.term > term || (data.term === term && (!leads || data.from < me));
    if (later) {
      const led = leads;
      if (led) retire();
      adopt(data);
      if (led && locks) { resign(); stand(); }
    } else if (leads) {
      share();
    }
  };
  // join enters the company of the other tabs, and leave makes room in it.
  const join = () => {
    tell("hello", { state });
    stand();
    check();
  };
  const leave = () => {
    standing?.abort();
    standing = null;
    if (!leads) return;
    retire();
    resign();
    tell("bye");
  };
  const gather = () => {
    if (air) air.onmessage = hear;
    addEventListener("pagehide", leave);
    addEventListener("pageshow", (event) => { if (event.persisted) join(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
    if (!locks) setInterval(() => { if (!document.hidden) check(); }, 10 * patience);
    join();
  };
