// The newest events of a stream, and those that come, with a filter. Asked by fetch, as an EventSource sends no key.

import { call, headersOf, path } from "./api.js";
import { h } from "./dom.js";
import { time } from "./format.js";

const KEPT = 200;
const BEFORE = 50;
const PER_FRAME = 200;

/** Follows a stream in `place`; { stop() }. */
export function tail(stream, place) {
  const target = path`/v1/streams/${stream.name}/events`;
  const stop = new AbortController();
  const list = h("ol", { class: "events", "aria-label": "Newest events", tabindex: "0" });
  const said = h("span", { class: "soft", role: "status" });
  const filter = h("input", { type: "search", id: "filter", placeholder: "text in key or value", spellcheck: "false" });
  const hold = h("button", { type: "button", "aria-pressed": "false" }, "Hold");
  let events = [];
  let isHeld = false;
  let isDrawing = false;
  let passed = 0;

  const draw = () => {
    isDrawing = false;
    const text = filter.value.toLowerCase();
    const some = text ? events.filter(one => one.text.toLowerCase().includes(text)) : events;
    list.replaceChildren(...some.slice(-KEPT).toReversed().map(one => line(stream, one)));
    said.textContent = some.length > 0 ? `${some.length} of the newest ${events.length}`
      : events.length > 0 ? `none of the newest ${events.length} has it` : "no event yet; new ones appear here";
  };
  const add = more => {
    passed += more.length;
    if (isHeld) return;
    events = [...events, ...more].slice(text() ? -KEPT * 10 : -KEPT);
    if (!isDrawing) {
      isDrawing = true;
      setTimeout(draw, PER_FRAME);
    }
  };
  const text = () => filter.value;
  filter.oninput = draw;
  hold.onclick = () => {
    isHeld = !isHeld;
    hold.setAttribute("aria-pressed", String(isHeld));
    hold.textContent = isHeld ? "Go on" : "Hold";
  };
  place.replaceChildren(h("div", { class: "head" }, h("h2", null, "Events"),
    h("a", { class: "api", href: `${target}?max=100`, "data-api": true }, `GET ${target}`)),
  h("div", { class: "tools" }, h("label", { for: "filter" }, "Filter"), filter, hold, said), list);
  draw();
  run(stream, target, add, stop.signal).catch(fault => {
    if (fault.name !== "AbortError") said.textContent = `the tail has ended: ${fault.message}`;
  });
  return { stop: () => stop.abort() };
}

/** Some that are there already, then what comes; begun anew where the connection breaks. */
async function run(stream, target, add, signal) {
  const from = new Map(stream.partitions.map(part => [part.partition, part.committed]));
  const each = Math.max(1, Math.floor(BEFORE / stream.partitions.length));
  const older = await Promise.all(stream.partitions.slice(0, BEFORE).filter(part => part.committed > part.first).map(part =>
    call("GET", `${target}?partition=${part.partition}&from=${Math.max(part.first, part.committed - each)}&max=${each
    }&trace=true`, { signal })));
  const lines = older.filter(answer => answer.ok).flatMap(answer => answer.data.split("\n").filter(Boolean));
  add(lines.map(parse).sort((a, b) => a.time < b.time ? -1 : 1));
  let at = stream.partitions.length <= 16 ? [...from].map(([part, offset]) => `${part}:${offset}`).join(",") : null;
  while (!signal.aborted) {
    at = await follow(target, at, add, signal);
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

async function follow(target, at, add, signal) {
  let answer;
  try {
    answer = await fetch(`${target}?from=latest&trace=true`, { signal, cache: "no-store",
      headers: headersOf({ Accept: "text/event-stream", ...(at ? { "Last-Event-ID": at } : {}) }) });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    return at;
  }
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return at;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      const found = [];
      for (const part of parts) {
        const id = /^id: (.*)$/m.exec(part);
        const data = /^data: (.*)$/m.exec(part);
        if (/^event: problem$/m.test(part)) throw new Error(JSON.parse(data[1]).detail);
        if (id) at = id[1];
        if (data) found.push(parse(data[1]));
      }
      if (found.length > 0) add(found);
    }
  } catch (fault) {
    if (fault instanceof TypeError) return at;
    throw fault;
  }
}

/** The value's text stays as it was posted: numbers of any size. */
function parse(line) {
  const { partition, offset, key, time: accepted, trace } = JSON.parse(line);
  return { partition, offset, key, time: accepted, trace, text: `${key ?? ""} ${valueText(line)}`, value: valueText(line) };
}

const valueText = line => line.slice(line.indexOf("\"value\":") + 8, -1);

function line(stream, one) {
  return h("li", null, h("a", { href: `#/${path`streams/${stream.name}`}/${one.partition}/${one.offset}` },
    `${one.partition}:${one.offset}`), h("span", { class: "soft" }, time(one.time).slice(11)),
  h("span", { class: "key" }, one.key ?? ""), h("code", null, one.value));
}
