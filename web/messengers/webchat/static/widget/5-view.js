  let trouble = "";
  const notice = () => {
    const text = navigator.onLine ? trouble : say.offline;
    if (status.textContent !== text) status.textContent = text;
    status.hidden = !text;
  };

  // hello stands above every conversation: who answers, and what to tap.
  const hello = el("div", { class: "hello" });
  const greet = () => {
    const { greeting } = config;
    input.placeholder = config.hint;
    if (!greeting?.text) return;
    hello.append(...face(), bubbleOf(greeting), ...choicesOf(greeting));
    log.prepend(hello);
  };
  // face is the picture of who answers.
  const face = () => isWeb(config.avatar) ? [picture(config.avatar, "", "face")] : [];
  const bubbleOf = (entry) => {
    const bubble = el("div", { class: "bubble", dir: "auto" });
    if (entry.who === "me") {
      bubble.append(el("span", { class: "quiet" }, say.you), entry.text);
      return bubble;
    }
    pictures = new Map((entry.cards || []).map((one) => [one.link, one.image]));
    bubble.append(...(entry.media || []).map(medium));
    if (entry.text) bubble.append(el("p", {}, ...set(entry.text)));
    return bubble;
  };
  const choicesOf = (entry) => entry.buttons?.length ? [el("div", { class: "choices" }, ...entry.buttons.map(choice))] : [];

  // follow shows the beginning of the latest answer, however long it is, or what
  // was asked while it waits.
  let latest = null;
  const follow = () => {
    if (!dots.hidden) log.scrollTop = log.scrollHeight;
    else if (latest) log.scrollTop = latest.offsetTop - log.offsetTop - 12;
  };
  const draw = (entry) => el("div", { class: "turn " + (entry.who === "me" ? "me" : "them") }, ...(entry.who === "me" ? [] : face()), bubbleOf(entry), ...choicesOf(entry));
  // mark shows what became of a message.
  const mark = (node, entry) => {
    const failed = entry.state === "failed";
    if (failed === node.classList.contains("failed")) return;
    node.classList.toggle("failed", failed);
    node.querySelector(".fault")?.remove();
    if (!failed) return;
    node.append(el("p", { class: "fault" }, say.failed + " ", el("button", {
      type: "button", click: () => { want("again", { entry: { id: entry.id } }); input.focus(); },
    }, say.again)));
  };

  // note says how many answers came while the chat was closed: to eyes on its button, to
  // ears by a status of its own, since what is hidden is not read out.
  let unread = 0;
  const note = (n) => {
    unread = n;
    const text = n ? say.unread.replace("{count}", n) : "";
    badge.textContent = n || "";
    badge.hidden = !n;
    news.textContent = text;
    launcher.setAttribute("aria-label", (panel.hidden ? say.open : say.close) + (text && ". " + text));
  };

  // render shows the conversation as it stands: what is shown already stays as
  // it is, so that nothing is read out twice.
  const nodes = new Map();
  const render = () => {
    const ids = new Set(state.log.map((entry) => entry.id));
    for (const [id, node] of nodes) {
      if (ids.has(id)) continue;
      node.remove();
      nodes.delete(id);
    }
    let at = hello.isConnected ? hello.nextSibling : log.firstChild;
    let first = null;
    for (const entry of state.log) {
      let node = nodes.get(entry.id);
      if (!node) {
        node = draw(entry);
        nodes.set(entry.id, node);
        if (entry.who === "me") first = null;
        else if (mode === "bubble" && panel.hidden && started) note(unread + 1);
        first ??= node;
        latest = entry.who === "me" ? node : first;
      }
      if (node === at) at = at.nextSibling;
      else log.insertBefore(node, at);
      mark(node, entry);
    }
    const waiting = state.log.some(waits);
    const moved = first || dots.hidden === waiting;
    dots.hidden = !waiting;
    clip.hidden = !state.session;
    if (moved) follow();
    showConsent();
  };

  // Consent: asked once, changed at any time.
  const decide = (given) => {
    want("consent", { given });
    input.focus();
  };
  const forget = () => {
    unheard.clear();
    want("forget");
    input.focus();
  };
  let shownConsent = null;
  const showConsent = () => {
    consent.hidden = !config.consent;
    if (shownConsent === state.consent) return;
    shownConsent = state.consent;
    const button = (label, click, name) => el("button", { type: "button", class: name, click }, label);
    consent.classList.toggle("small", state.consent !== "");
    if (state.consent === "given") {
      consent.replaceChildren(el("p", {}, say.kept), button(say.forget, forget, "plain"));
    } else if (state.consent === "refused") {
      consent.replaceChildren(el("p", {}, say.unkept), button(say.allow, () => decide(true), "plain"));
    } else {
      consent.replaceChildren(el("p", {}, ...linked(config.consent)), el("div", { class: "choices" },
        button(say.accept, () => decide(true), "choice"), button(say.decline, () => decide(false), "choice")));
    }
  };
