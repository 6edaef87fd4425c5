// What reads what, from left to right, with how many events a second go along.

import { data } from "./answers.js";
import { path } from "./api.js";
import { g, h } from "./dom.js";
import { perSecond } from "./format.js";
import { signOf, toneOf, worst } from "./parts.js";
import { stageRate, streamRate } from "./rates.js";

const BOX = { width: 184, height: 52 };
const STEP = { x: BOX.width + 72, y: BOX.height + 22 };
const LETTERS = 19;

const cut = text => text.length > LETTERS ? `${text.slice(0, LETTERS - 9)}…${text.slice(-8)}` : text;

/** Nodes with their place: streams that are read, then stages and sinks, each right of what it reads. */
function layOut(one) {
  const nodes = new Map(one.graph.map(node => [node.name, { ...node, id: node.name }]));
  const written = new Map(one.graph.filter(node => node.stream).map(node => [node.stream, node.name]));
  const edges = [];
  for (const node of one.graph) {
    for (const name of [node.from, ...node.further ?? []]) {
      const from = nodes.has(name) ? name : written.get(name) ?? `stream ${name}`;
      if (!nodes.has(from)) nodes.set(from, { id: from, name, kind: "stream" });
      edges.push({ from, to: node.name });
    }
  }
  const depth = (id, seen = []) => seen.includes(id) ? 0 : Math.max(-1, ...edges.filter(edge => edge.to === id)
    .map(edge => depth(edge.from, [...seen, id]))) + 1;
  const columns = [];
  for (const node of nodes.values()) (columns[depth(node.id)] ??= []).push(node);
  columns.forEach((column, x) => {
    const parent = node => edges.find(edge => edge.to === node.id)?.from;
    if (x > 0) column.sort((a, b) => (nodes.get(parent(a))?.y ?? 0) - (nodes.get(parent(b))?.y ?? 0));
    let free = 0;
    for (const node of column) {
      Object.assign(node, { x: x * STEP.x, y: Math.max(free, nodes.get(parent(node))?.y ?? 0) });
      free = node.y + STEP.y;
    }
  });
  const rows = 1 + Math.max(...[...nodes.values()].map(node => node.y)) / STEP.y;
  return { nodes, edges, width: columns.length * STEP.x - (STEP.x - BOX.width), height: rows * STEP.y - 22 };
}

const stateOf = (one, node) => {
  const all = one.instances.filter(instance => instance.stage === node.group);
  return all.length > 0 ? worst(all.map(instance => instance.state)) : null;
};

function edge(one, { from, to }, nodes) {
  const [a, b] = [nodes.get(from), nodes.get(to)];
  const isFused = b.group !== b.name;
  const [x1, y1, x2, y2] = [a.x + BOX.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  const text = isFused ? "fused" : perSecond(stageRate(one.name, b.group, "read"));
  return g("g", { class: isFused ? "edge fused" : "edge" },
    g("path", { d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2 - 5} ${y2}` }),
    g("path", { class: "tip", d: `M${x2 - 7} ${y2 - 4}L${x2} ${y2}L${x2 - 7} ${y2 + 4}Z` }),
    g("text", { x: middle, y: (y1 + y2) / 2 - 6, "text-anchor": "middle" }, text));
}

function box(one, node) {
  const isStream = node.kind === "stream";
  const word = isStream ? null : stateOf(one, node);
  const to = isStream ? path`streams/${node.name}` : path`pipelines/${one.name}/stages/${node.group}`;
  const second = isStream ? `stream · ${perSecond(streamRate(node.name))}`
    : node.stream ? `${node.kind} → ${perSecond(streamRate(node.stream))}` : node.kind;
  return g("a", { href: `#/${to}`, class: `box ${isStream ? "stream" : toneOf(word ?? "")}` },
    g("rect", { x: node.x, y: node.y, width: BOX.width, height: BOX.height, rx: isStream ? BOX.height / 2 : 6 },
      g("title", null, node.name)),
    g("text", { x: node.x + (isStream ? 20 : 12), y: node.y + 22, class: "name" }, cut(node.name)),
    g("text", { x: node.x + (isStream ? 20 : 12), y: node.y + 40, class: "second" },
      word ? g("tspan", { class: toneOf(word) }, `${signOf(word)} ${word} `) : null, cut(second)));
}

/** For one pipeline, as GET /v1/pipelines shows it. */
export function graph(one) {
  if (one.graph.length === 0) {
    const own = (data("/v1/streams") ?? []).filter(stream => stream.pipeline === one.name);
    return h("p", { class: "soft" }, "Streams alone: ", own.map((stream, i) =>
      [i > 0 ? ", " : "", h("a", { href: `#/${path`streams/${stream.name}`}` }, stream.name)]), ".");
  }
  const { nodes, edges, width, height } = layOut(one);
  return h("div", { class: "scroll graph", role: "region", "aria-label": "Graph, drawn", tabindex: "0" },
    g("svg", { viewBox: `-2 -2 ${width + 4} ${height + 4}`, width: width + 4, height: height + 4, role: "group",
      "aria-label": `Graph of ${one.name}` },
    edges.map(arrow => edge(one, arrow, nodes)), [...nodes.values()].map(node => box(one, node))));
}
