  // The parts of the widget.
  const log = el("div", { class: "log", role: "log", "aria-label": say.log, tabindex: "0" });
  const dots = el("div", { class: "dots", hidden: true }, el("i"), el("i"), el("i"), el("span", { class: "quiet" }, say.typing));
  const status = el("p", { class: "status", role: "status", hidden: true });
  // What is pasted keeps its lines; Enter sends.
  const input = el("textarea", {
    id: "text", rows: "1", dir: "auto", maxlength: "4000", autocomplete: "off", enterkeyhint: "send",
    input: () => grow(),
    keydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    },
    keypress: (event) => { if (event.key === "Enter" && !event.shiftKey) event.preventDefault(); },
    paste: (event) => {
      const files = [...(event.clipboardData?.files || [])];
      if (!files.length || clip.hidden) return;
      event.preventDefault();
      attach(files);
    },
  });
  // Files are picked by a button, which is there once the server knows the chat.
  const picker = el("input", { type: "file", multiple: true, hidden: true, change: () => { attach([...picker.files]); picker.value = ""; } });
  const clip = el("button", { type: "button", class: "clip", hidden: true, "aria-label": say.attach, title: say.attach, click: () => picker.click() }, paperclip());
  const grow = () => {
    input.style.height = "";
    if (input.scrollHeight > input.clientHeight) input.style.height = input.scrollHeight + 2 + "px";
  };
  const form = el("form", {
    submit: (event) => {
      event.preventDefault();
      ask(input.value);
      input.value = "";
      grow();
      input.focus();
    },
  }, el("label", { for: "text", class: "quiet" }, say.label), picker, clip, input,
  el("button", { type: "submit", class: "go", "aria-label": say.send, title: say.send }, arrow()));
  const consent = el("section", { class: "consent", "aria-label": say.privacy, hidden: true });
  const title = el(mode === "page" ? "h1" : "h2", { id: "title" });
  const panel = el("section", { class: "panel", "aria-labelledby": "title" });
  const badge = el("span", { class: "count", "aria-hidden": "true", hidden: true });
  const news = el("p", { class: "quiet", role: "status" });
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
  function paperclip() { return shape("line", "M19 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.2-2.2l7-7"); }
  function cross() { return shape("line", "M6 6l12 12M18 6 6 18"); }
  function balloon() { return shape("line", "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4v-4.1A2.5 2.5 0 0 1 4 13.5z"); }

  // worded has the line right above an address that stands alone lead there, or
  // else names the site: nobody reads eighty characters of address. One within a
  // sentence stays as it is written. A link that is counted names the site that it leads to.
  const site = (url) => {
    const counted = /\/c\/[\w-]+\/[\w-]+\?([\w-]+(?:\.[\w-]+)+)$/.exec(url);
    try { return (counted ? counted[1] : new URL(url).host.replace(/^www\./, "")) + " ↗"; } catch { return url; }
  };
  const beside = (node, text) => node?.className === "card" ? text.trimStart() : text;
  const worded = (text) => {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(/(^|\n)(?:((?!https?:)[^\n]*\S[^\n]*)\n)?(https?:\/\/\S+)(?=\n|$)/gi)) {
      const [whole, start, above = "", url] = found;
      const title = above.length <= 140 && !/https?:/i.test(above) ? above : "";
      const before = text.slice(at, found.index) + start + (title || !above ? "" : above + "\n");
      const piece = card(url, title || site(url));
      nodes.push(...linked(beside(nodes.at(-1), piece ? before.trimEnd() : before)), piece || link(url, title || site(url)));
      at = found.index + whole.length;
    }
    nodes.push(...linked(beside(nodes.at(-1), text.slice(at))));
    return nodes;
  };
  // card is a link with the picture of the piece that it leads to, where there is one.
  let pictures = new Map();
  const card = (url, label) => {
    const image = isWeb(url) && pictures.get(url);
    pictures.delete(url);
    return image && el("a", { href: url, class: "card", target: "_blank", rel: "noopener noreferrer nofollow" }, picture(image.url, ""), el("span", {}, label));
  };
  // picture is one that gives way to something else where it can't be shown.
  const picture = (url, alt, name = "", otherwise = "") => {
    const img = el("img", { src: url, alt, class: name, loading: "lazy", referrerpolicy: "no-referrer" });
    img.addEventListener("load", () => follow());
    img.addEventListener("error", () => img.replaceWith(otherwise));
    return img;
  };
  // alone is an address without the stop of a sentence, and without a quote or
  // bracket that was opened before it.
  const closers = { ">": "<", '"': '"', "'": "'", ")": "(", "]": "[", "}": "{", "”": "“„", "’": "‘", "»": "«", "«": "»", "“": "„", "*": "*", "_": "_", "~": "~", "|": "|", "`": "`" };
  const count = (text, signs) => [...text].filter((sign) => signs.includes(sign)).length;
  const alone = (before, url) => {
    if (/[<"]$/.test(before)) url = url.split(before.endsWith("<") ? ">" : '"')[0];
    for (;;) {
      const last = url.at(-1), opens = closers[last];
      const closes = opens && count(before, opens) > 0 && (opens.includes(last) || count(url, last) > count(url, opens));
      if (!closes && !".,;:!?…".includes(last)) return url;
      url = url.slice(0, -1);
    }
  };
  // linked turns text into nodes, web addresses into links.
  const linked = (text) => {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(/https?:\/\/[^\s。、，；：！？（）「」『』【】《》〈〉]+/gi)) {
      const url = alone(text.slice(0, found.index), found[0]);
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
    return picture(m.url, m.alt || "", "", link(m.url, m.alt || say.picture, "file"));
  };
  const choice = (b) => {
    if (b.url) return isWeb(b.url) ? link(b.url, b.label, "choice") : "";
    return el("button", { type: "button", class: "choice", click: () => { ask(b.label, b.send); input.focus(); } }, b.label);
  };
