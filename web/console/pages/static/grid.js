// A text of rows becomes a table to be edited as one: cells to be typed into,
// and to paste into from a spreadsheet. The text stays what is sent, so that
// without this script a line is a row.
(() => {
  "use strict";
  if (window.keypullGrid) return;
  window.keypullGrid = true;
  const MOST = 300; // rows; more are quicker to edit as text

  // parse reads cells parted by tabs, or by whatever parts the first line most.
  const parse = (text) => {
    const first = text.split(/\r?\n/, 1)[0];
    let comma = ",";
    for (const c of ["\t", ";", "|"]) if (first.split(c).length > first.split(comma).length) comma = c;
    const rows = [];
    let row = [], cell = "", quoted = false;
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (quoted) {
        if (c !== '"') cell += c;
        else if (text[i + 1] === '"') { cell += '"'; i++; }
        else quoted = false;
      } else if (c === '"' && cell === "") quoted = true;
      else if (c === comma) { row.push(cell); cell = ""; }
      else if (c === "\n") { row.push(cell); rows.push(row); row = []; cell = ""; }
      else if (c !== "\r") cell += c;
    }
    if (cell !== "" || row.length) { row.push(cell); rows.push(row); }
    return rows;
  };
  const written = (cell) => (/[\t\n"]/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell);
  const make = (name, attributes = {}, ...children) => {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    e.append(...children);
    return e;
  };

  const show = (area) => {
    const words = area.dataset;
    const rows = parse(area.value);
    if (rows.length > MOST || area.disabled || area.nextElementSibling?.matches(".cells")) return;
    while (rows.length < 2) rows.push([""]);
    const wide = () => Math.max(2, ...rows.map((r) => r.length));
    // The first number of a complaint is that of its row.
    const wrong = new Set([...area.closest(".field").querySelectorAll(".problem")].map((p) => parseInt(p.textContent.match(/\d+/)?.[0], 10)));
    const table = make("table");
    const box = make("div", { class: "cells" }, make("div", { class: "cells-box", tabindex: "0", role: "region", "aria-label": words.gridLabel }, table));
    const store = () => {
      const kept = rows.map((r) => r.map(written).join("\t").replace(/\t+$/, ""));
      while (kept.length && kept.at(-1) === "") kept.pop();
      area.value = kept.join("\n");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const input = (r, c) => table.rows[r]?.cells[c + 1]?.querySelector("input");
    const draw = () => {
      const width = wide();
      table.replaceChildren(...rows.map((row, r) => {
        const line = make("tr", {}, make("th", { scope: "row" }, String(r + 1)));
        for (let c = 0; c < width; c++) {
          const label = r ? words.gridCell.replace("{column}", rows[0][c] || c + 1).replace("{row}", r + 1) : words.gridColumn.replace("{column}", c + 1);
          const cell = make("input", { type: "text", "aria-label": label, spellcheck: "false", autocomplete: "off" });
          cell.value = row[c] ?? "";
          cell.dataset.at = r + "," + c;
          if (wrong.has(r + 1)) cell.setAttribute("aria-invalid", "true");
          line.append(make(r ? "td" : "th", r ? {} : { scope: "col" }, cell));
        }
        const remove = make("button", { type: "button", class: "button quiet danger little", "data-grid-remove": r, "aria-label": words.gridRemove + " " + (r + 1) }, "×");
        line.append(make("td", {}, ...(r ? [remove] : [])));
        return line;
      }));
    };
    const button = (name, text) => make("button", { type: "button", class: "button little", ["data-grid-" + name]: "" }, text);
    box.append(make("p", { class: "add" }, button("row", words.gridRow), button("column", words.gridColumnAdd), button("text", words.gridText)));
    const at = (target) => target.dataset?.at?.split(",").map(Number);
    const put = (r, c, text) => {
      while (rows.length <= r) rows.push([]);
      while (rows[r].length <= c) rows[r].push("");
      rows[r][c] = text;
    };
    const below = (r, c) => {
      if (!rows[r]) { rows.push([]); draw(); }
      input(r, c)?.focus();
    };
    box.addEventListener("input", (event) => {
      const place = at(event.target);
      if (!place) return;
      event.stopPropagation();
      put(...place, event.target.value);
      store();
    });
    box.addEventListener("paste", (event) => {
      const place = at(event.target);
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!place || !/[\t\n]/.test(text.trimEnd())) return;
      event.preventDefault();
      const [r, c] = place;
      const cells = parse(text);
      cells.slice(0, MOST).forEach((row, i) => row.forEach((cell, j) => put(r + i, c + j, cell)));
      draw();
      store();
      input(r, c)?.focus();
    });
    box.addEventListener("keydown", (event) => {
      const place = at(event.target);
      if (!place || event.isComposing) return;
      const [r, c] = place;
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        if (event.key === "Enter" || rows[r + 1]) below(r + 1, c);
      } else if (event.key === "ArrowUp" && r > 0) {
        event.preventDefault();
        below(r - 1, c);
      }
    });
    box.addEventListener("keypress", (event) => { if (event.key === "Enter" && at(event.target)) event.preventDefault(); });
    box.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.matches("[data-grid-row]")) below(rows.length, 0);
      if (button.matches("[data-grid-column]")) { const c = wide(); put(0, c, ""); draw(); input(0, c)?.focus(); }
      if (button.matches("[data-grid-remove]")) {
        const r = Number(button.dataset.gridRemove);
        rows.splice(r, 1);
        if (rows.length < 2) rows.push([]);
        draw();
        store();
        input(Math.min(r, rows.length - 1), 0)?.focus();
      }
      if (button.matches("[data-grid-text]")) { box.remove(); area.hidden = false; area.focus(); }
    });
    draw();
    area.hidden = true;
    area.after(box);
    area.closest(".field").querySelector("label[for='" + CSS.escape(area.id) + "']")?.addEventListener("click", () => input(0, 0)?.focus());
  };
  const showAll = () => document.querySelectorAll("textarea[data-grid]").forEach(show);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showAll); else showAll();
  document.addEventListener("htmx:afterSettle", showAll);
})();
