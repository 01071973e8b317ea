  // Sending: one message after the other, each until it is answered, always
  // with the same id, so that a repeated one counts once.
  const waits = (entry) => entry.state === "waiting";
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
  const inTrouble = (text) => {
    trouble = text;
    notice();
    tell("state", { term, state, note: trouble });
  };
  const post = async (entry, current) => {
    const body = { text: entry.text, id: entry.id, language };
    if (entry.tap) body.tap = entry.tap;
    if (config.greeting?.text) body.greeted = true;
    if (state.session) body.session = state.session;
    if (config.consent && state.consent) body.consent = state.consent === "given";
    for (let attempt = 0; current(); attempt++) {
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
      if (current()) inTrouble(kind || say.trouble);
      await (navigator.onLine ? wait(pause) : backOnline(60000));
    }
    return null;
  };
  // work sends what waits, while this tab leads. Who leads after it sends what is
  // left once more, under the same id.
  let working = false;
  const work = async () => {
    if (working) return;
    working = true;
    for (let next; leads && (next = state.log.find(waits));) {
      const { chat } = state;
      const current = () => leads && chat === state.chat;
      const answer = await post(next, current);
      const entry = state.log.find(({ id }) => id === next.id);
      if (!current() || !entry) continue;
      trouble = "";
      notice();
      entry.state = answer ? "sent" : "failed";
      if (answer) {
        state.session = answer.session || state.session;
        receive(answer.replies, next.id);
      }
      share();
      listen();
    }
    working = false;
  };
  const ask = (text, tap) => {
    text = text.trim();
    if (!text) return;
    const entry = { who: "me", text, tap, id: newID(), state: "waiting" };
    if (!leads) {
      // It is seen here before the leader has it.
      unheard.set(entry.id, entry);
      state.log.push(entry);
      save();
      render();
    }
    want("ask", { entry });
  };
  // attach sends files, one after the other, from the tab that they were given to; what is
  // answered comes with the later replies. They are kept nowhere here but by their names.
  const largest = 10 * 2 ** 20;
  const show = (text) => { trouble = text; notice(); };
  const attach = async (files) => {
    for (const file of files) {
      if (!await sent(file)) return;
    }
    input.focus();
  };
  const sent = async (file) => {
    if (file.size > largest) { show(say.large); return false; }
    const id = newID();
    const query = new URLSearchParams({ id, name: file.name, language });
    if (config.consent && state.consent) query.set("consent", state.consent === "given");
    clip.disabled = true;
    show(say.sending.replace("{name}", file.name));
    let told = {};
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        const response = await fetch(base + "files?" + query, {
          method: "POST", credentials: "omit", body: file, signal: AbortSignal.timeout(120000),
          headers: { "Content-Type": "application/octet-stream", "Accept-Language": language, Authorization: "Bearer " + state.session },
        });
        told = response.ok ? null : await response.json().catch(() => ({}));
        if (response.status !== 429 && response.status < 500) break;
        await wait(Math.max(retryAfter(response), 500 * 2 ** attempt));
      } catch { await wait(500 * 2 ** attempt); /* the same again: it counts once */ }
    }
    clip.disabled = false;
    show(told ? told.detail || say.failed : "");
    if (!told) want("ask", { entry: { who: "me", text: "📎 " + file.name, id, state: "sent" } });
    return !told;
  };
  const receive = (replies, from) => {
    (replies || []).forEach((reply, i) => {
      const id = from + "." + i;
      if (state.log.some((entry) => entry.id === id)) return;
      // Said in the chat: the page shows it, and says so from now on.
      if (typeof reply.consent === "boolean") state.consent = reply.consent ? "given" : "refused";
      state.log.push({ who: "them", id, text: reply.text || "", buttons: reply.buttons || [], media: reply.media || [], cards: reply.cards || [] });
    });
  };

  // Later replies come as server-sent events. What stands in the stream's
  // address is a ticket that opens it once; each stream takes a new one.
  let source = null;
  let rest = 1000;
  const listen = async () => {
    if (!leads || source || !state.session || typeof EventSource === "undefined") return;
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
      try { receive(JSON.parse(event.data).replies, "e" + (id || newID())); } catch { return; }
      share();
    });
    events.addEventListener("error", () => again(0));
  };
  const hush = () => {
    if (source) source.close();
    source = null;
  };
