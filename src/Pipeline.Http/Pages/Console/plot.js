// A small plot of the last hour. Where nothing is known there is no line.

import { g, h } from "./dom.js";
import { apiLink } from "./parts.js";

const WIDTH = 360;
const HEIGHT = 56;
const POINTS = 360;
const SPANS = [5, 15, 30, 60];

/** Values of the last `slots` slots, of more than can be drawn the largest of each few. */
function thin(values, slots) {
  const whole = Array.from({ length: slots }, (_, i) => values[values.length - slots + i] ?? null);
  const step = Math.max(1, slots / POINTS);
  return Array.from({ length: Math.floor(slots / step) }, (_, i) => {
    const some = whole.slice(Math.floor(i * step), Math.floor((i + 1) * step)).filter(value => value !== null);
    return some.length > 0 ? Math.max(...some) : null;
  });
}

/** How many values there are, from the first that is known. */
const knownOf = series => Math.max(0, ...series.map(({ values }) => {
  const first = values.findIndex(value => value !== null);
  return first < 0 ? 0 : values.length - first;
}));

const niceMax = largest => {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map(n => n * power).find(n => n >= largest);
};

function shape(points, top) {
  const x = i => (i * WIDTH / (points.length - 1)).toFixed(1);
  const y = value => (HEIGHT - 2 - (HEIGHT - 6) * value / top).toFixed(1);
  let line = "";
  let area = "";
  for (let i = 0; i < points.length; i++) {
    if (points[i] === null) continue;
    let last = i;
    while (last + 1 < points.length && points[last + 1] !== null) last++;
    const run = points.slice(i, last + 1).map((value, n) => `${x(i + n)} ${y(value)}`).join("L");
    line += last === i ? `M${run}h.1` : `M${run}`;
    area += `M${x(i)} ${HEIGHT}L${run}L${x(last)} ${HEIGHT}Z`;
    i = last;
  }
  return { line, area };
}

const at = (everySeconds, slotsBack) => {
  const time = new Date(Date.now() - slotsBack * everySeconds * 1000);
  return time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
};

/**
 * { title, of (what it covers), value (large, an element), format, series: [{ name, values }], everySeconds, path, top }
 */
export function plot({ title, of, value, format, series, everySeconds, path, top, tone }) {
  const minutes = SPANS.find(span => span * 60 >= everySeconds * knownOf(series)) ?? 60;
  const slots = Math.round(minutes * 60 / everySeconds);
  const lines = series.map(one => ({ ...one, points: thin(one.values, slots) }));
  const all = lines.flatMap(one => one.points).filter(one => one !== null);
  const largest = all.length > 0 ? Math.max(...all) : null;
  const scale = top ?? niceMax(largest);
  const span = minutes === 60 ? "hour" : `${minutes} min`;
  const said = largest === null ? `nothing in the last ${span}` : `at most ${format(largest)} in the last ${span}`;
  const shapes = lines.map((one, n) => {
    const { line, area } = shape(one.points, scale);
    return [n === 0 ? g("path", { d: area, class: "area" }) : null, g("path", { d: line, class: `line line${n}` })];
  });
  const svg = g("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    g("path", { d: `M0 ${HEIGHT - .5}H${WIDTH}`, class: "axis" }), ...shapes);
  const read = h("span", { class: "read" }, said);
  const point = event => {
    const box = event.currentTarget.getBoundingClientRect();
    const most = lines[0].points.length - 1;
    const i = Math.max(0, Math.min(most, Math.round((event.clientX - box.left) / box.width * most)));
    const back = Math.round((most - i) * slots / (most + 1));
    const values = lines.map(one => `${lines.length > 1 ? `${one.name} ` : ""}${
      one.points[i] === null ? "–" : format(one.points[i])}`).join(" · ");
    event.currentTarget.nextElementSibling.querySelector(".read").textContent = `${at(everySeconds, back)}  ${values}`;
  };
  const leave = event => { event.currentTarget.nextElementSibling.querySelector(".read").textContent = said; };
  return h("section", { class: `tile ${tone ?? ""}`, "aria-label": title, "data-key": title },
    h("div", { class: "head" }, h("h2", null, title), of ? h("span", { class: "soft" }, of) : null),
    h("p", { class: "large" }, value),
    h("div", { class: "plot", onpointermove: point, onpointerleave: leave }, svg),
    h("p", { class: "under soft" }, read, path ? apiLinkOf(path) : null));
}

const apiLinkOf = path => {
  const link = apiLink(path);
  link.textContent = "API";
  link.setAttribute("aria-label", `API: GET ${path}`);
  return link;
};
