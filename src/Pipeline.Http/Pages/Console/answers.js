// What the page in view asks for, again and again while the tab is visible. A page says what it uses while it is drawn;
// nothing else is asked.

import { call } from "./api.js";
import { takeRates } from "./rates.js";

const EVERY = 2000;
const KEPT = 40;
const NOT_BUILT_EVERY = 60_000;

const answers = new Map();
const wanted = new Map();
const listeners = new Set();
let round = 0;
let timer = 0;
let isAsking = false;
let isAskedAgain = false;

/** The last answer to GET path, or undefined; the path is asked every `every` seconds from now on. */
export function use(path, { every = 2 } = {}) {
  wanted.set(path, every * 1000);
  return answers.get(path);
}

/** The last data of GET path; null where there is none. */
export const data = (path, options) => {
  const answer = use(path, options);
  return answer?.ok ? answer.data : null;
};

/** The answer that says a key is needed, where what is in view got one. */
export const locked = () => [...wanted.keys()].map(path => answers.get(path)).find(answer => answer?.status === 401);

export const onAnswers = listener => listeners.add(listener);

/** A page is drawn anew: what it does not use any more is not asked any more. */
export function beginDrawing() {
  wanted.clear();
}

/** Asks now, as after a change; `all`: also what is asked seldom. */
export function refresh(all = false) {
  if (all) for (const answer of answers.values()) answer.at = -Infinity;
  clearTimeout(timer);
  return ask();
}

/** Nothing of what was said before holds for another key. */
export function forget() {
  answers.clear();
}

const isDue = ([path, every]) => {
  const last = answers.get(path);
  return !last || performance.now() - last.at >= (last.status === 501 ? NOT_BUILT_EVERY : every) - 100;
};

async function ask() {
  if (isAsking) {
    isAskedAgain = true;
    return;
  }
  isAsking = true;
  const mine = ++round;
  const due = [...wanted].filter(isDue).map(([path]) => path);
  await Promise.all(due.map(async path => {
    const answer = await call("GET", path);
    answer.at = performance.now();
    answers.set(path, answer);
    if (answer.ok) takeRates(path, answer.data, answer.at);
  }));
  isAsking = false;
  for (const path of [...answers.keys()].slice(0, -KEPT)) if (!wanted.has(path)) answers.delete(path);
  for (const listener of listeners) tellQuietly(listener);
  if (isAskedAgain) {
    isAskedAgain = false;
    await ask();
  } else if (mine === round && !document.hidden) {
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY);
  }
}

/** A page that cannot be drawn must not end the asking: the next answer may be one that can. */
function tellQuietly(listener) {
  try {
    listener();
  } catch (fault) {
    reportError(fault);
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) ask();
});
