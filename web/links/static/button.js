// A link to a keyword, in the place of this script, dressed apart from the page.
(() => {
  const told = {};
  const script = document.currentScript;
  const host = document.createElement("span");
  const root = host.attachShadow({ mode: "open" });
  const style = "a{display:inline-block;padding:.55em 1em;border-radius:.6em;background:#0d6b62;color:#fff;font:600 1em/1.3 system-ui,sans-serif;text-decoration:none}a:hover{background:#0a544d}a:focus-visible{outline:3px solid #0d6b62;outline-offset:2px}";
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(Object.assign(document.createElement("style"), { textContent: style }));
  }
  const link = document.createElement("a");
  Object.assign(link, { href: told.href, textContent: told.label, lang: told.lang, dir: told.dir, target: "_blank", rel: "noopener" });
  root.append(link);
  script.after(host);
})();
