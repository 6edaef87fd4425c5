// The last hour, as the host keeps it; asked whole once, then what came since.

import { call, key } from "./api.js";

const SLOTS = 720;
const PATH = "/v1/history";

let held = null;
let askedAt = -Infinity;
let heldFor = null;

export { PATH as historyPath };

/** Values of a series, oldest first, the last one being of now; [] where there is none. */
export function valuesOf(name, pipeline = null) {
  return held?.series.find(one => one.name === name && one.pipeline === pipeline)?.values ?? [];
}

export const everySeconds = () => held?.everySeconds ?? 5;

/** Brings it up to date where it is not. */
export async function updateHistory() {
  if (heldFor !== key()) {
    held = null;
    heldFor = key();
    askedAt = -Infinity;
  }
  if (performance.now() - askedAt < 4500) return;
  askedAt = performance.now();
  const last = held?.last ? new Date(held.last).toISOString() : null;
  const answer = await call("GET", last ? `${PATH}?after=${encodeURIComponent(last)}` : PATH);
  if (answer.ok) take(answer.data);
}

function take(data) {
  if (data.count === 0) return;
  const step = data.everySeconds * 1000;
  const first = Date.parse(data.first);
  const last = first + (data.count - 1) * step;
  const gap = held ? Math.round((first - held.last) / step) - 1 : 0;
  if (held && (gap < 0 || gap > SLOTS)) held = null;
  const before = held;
  const length = before ? before.length + gap : 0;
  const names = new Map();
  for (const one of [...before?.series ?? [], ...data.series]) names.set(`${one.name} ${one.pipeline ?? ""}`, one);
  const series = [...names.values()].map(({ name, pipeline, of, unit }) => {
    const is = one => one.name === name && one.pipeline === pipeline;
    const older = before?.series.find(is)?.values ?? Array(before?.length ?? 0).fill(null);
    const newer = data.series.find(is)?.values ?? Array(data.count).fill(null);
    return { name, pipeline, of, unit, values: [...older, ...Array(Math.max(0, gap)).fill(null), ...newer].slice(-SLOTS) };
  });
  held = { everySeconds: data.everySeconds, last, length: Math.min(SLOTS, length + data.count), series };
}
