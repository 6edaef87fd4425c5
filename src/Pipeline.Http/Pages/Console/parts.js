// What pages are made of.

import { h } from "./dom.js";

/** Sign and tone of each status word; the word itself always stands beside the sign. */
const SIGNS = {
  ok: ["●", "good"], running: ["●", "good"], serving: ["●", "good"], voting: ["●", "good"],
  "catching-up": ["◐", "info"], starting: ["○", "soft"], paused: ["❚❚", "soft"],
  blocked: ["▲", "warn"], degraded: ["▲", "warn"],
  unowned: ["◇", "bad"], failed: ["✕", "bad"], "not serving": ["✕", "bad"], "not voting": ["✕", "bad"],
};

const BADNESS = ["failed", "unowned", "blocked", "starting", "paused", "catching-up", "running"];

export const toneOf = word => (SIGNS[word] ?? ["○", "soft"])[1];
export const signOf = word => (SIGNS[word] ?? ["○", "soft"])[0];

export const status = (word, text = word) =>
  h("span", { class: `badge ${toneOf(word)}` }, h("span", { class: "sign", "aria-hidden": "true" }, signOf(word)), text);

/** The worst of some states, as the service itself ranks them. */
export const worst = states => BADNESS.find(word => states.includes(word)) ?? "running";

/** A number that leads to the call behind it: the answer is shown, and the command that asks for it. */
export const num = (text, path, props) => h("a", { class: "num", href: path, "data-api": true, ...props }, text);

/** The same in a table, whose caption has the link for the keyboard. */
export const cellNum = (text, path) => num(text, path, { tabindex: "-1" });

export const apiLink = path => h("a", { class: "api", href: path, "data-api": true }, `GET ${path}`);

export const soft = (...text) => h("span", { class: "soft" }, ...text);

export const note = (...text) => h("p", { class: "note" }, ...text);

export const code = text => h("code", null, text);

/** A section with a heading; `path`: the call that it shows. */
export function section(title, path, ...content) {
  const head = h("div", { class: "head" }, h("h2", null, title), path ? apiLink(path) : null);
  return h("section", { "aria-label": title }, head, ...content);
}

/**
 * A table: columns are { name, n (a number), opt (left out where the page is narrow), name: heading }; rows are lists of
 * cells, or { key, cells, more } where more is shown below, over the full width.
 */
export function table(label, columns, rows, none) {
  const head = h("tr", null, columns.map(column => h("th", { scope: "col", class: classOf(column) }, column.name)));
  const body = rows.flatMap(row => rowsOf(row, columns));
  const empty = h("tr", null, h("td", { colspan: columns.length, class: "soft" }, none));
  return h("div", { class: "scroll", role: "region", "aria-label": `${label}, table`, tabindex: "0" }, h("table", null,
    h("thead", null, head), h("tbody", null, body.length > 0 ? body : empty)));
}

function rowsOf(row, columns) {
  const { key, cells, more } = Array.isArray(row) ? { cells: row } : row;
  const line = h("tr", { "data-key": key, class: more ? "has-more" : null },
    cells.map((cell, i) => h(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: classOf(columns[i]) }, cell)));
  return more
    ? [line, h("tr", { "data-key": `${key} more`, class: "more" }, h("td", { colspan: columns.length }, more))]
    : [line];
}

const classOf = column => [column.n ? "n" : null, column.opt ? "opt" : null, column.long ? "long" : null]
  .filter(Boolean).join(" ") || null;

/** What stands in place of data that is not there: not allowed, not built, not found, no answer. */
export function refusal(answer, instead) {
  if (!answer) return h("p", { class: "soft" }, "Asking…");
  if (answer.status === 501) return note(h("strong", null, "Not built yet. "), ...instead ?? [answer.problem.detail]);
  const kind = answer.status === 403 ? "This key may not see it. " : `${answer.problem.title}. `;
  return h("p", { class: "trouble", role: "alert" }, h("strong", null, kind), answer.problem.detail);
}

/** Any JSON, as tables: for what the service tells and this console has no page of its own for yet. */
export function jsonView(value, label) {
  if (Array.isArray(value) && value.length > 0 && value.every(one => one && typeof one === "object")) {
    const names = [...new Set(value.flatMap(one => Object.keys(one)))];
    return table(label, names.map(name => ({ name })), value.map(one => names.map(name => plain(one[name]))), "None.");
  }
  if (Array.isArray(value)) return h("p", null, value.length === 0 ? "None." : value.map(plain).join(", "));
  const members = Object.entries(value ?? {});
  return h("dl", { class: "facts" }, members.map(([name, one]) => [h("dt", null, name),
    h("dd", null, one && typeof one === "object" ? jsonView(one, name) : plain(one))]));
}

const plain = value => value === null || value === undefined ? "–"
  : typeof value === "object" ? JSON.stringify(value) : String(value);
