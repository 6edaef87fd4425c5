// The console: which page is in view, and drawing it again when there is news.

import { key, loadOperations, setKey } from "./api.js";
import { beginDrawing, forget, locked, onAnswers, refresh, use } from "./answers.js";
import { showCall } from "./dialog.js";
import { h, morph, morphChildren } from "./dom.js";
import { updateHistory } from "./history.js";
import { keyForm } from "./keyform.js";
import { pages } from "./pages.js";
import { signOf, toneOf } from "./parts.js";

const NAV = [
  ["", "Overview"], ["pipelines", "Pipelines"], ["streams", "Streams"], ["stores", "Stores"], ["cluster", "Cluster"],
  ["dead-letters", "Dead letters"], ["backups", "Backups"], ["transactions", "Transactions"], ["keys", "Keys"],
];

const view = document.getElementById("view");
const nav = document.getElementById("nav");
const menu = document.getElementById("menu");
let shown = null;
let page = null;

function place() {
  const address = location.hash.replace(/^#\/?/, "").replace(/\/$/, "");
  return { top: address.split("/")[0], address };
}

function drawNav(top) {
  const links = NAV.map(([name, text]) =>
    h("a", { href: `#/${name}`, "aria-current": name === top ? "page" : null, "data-key": text }, text));
  const who = key() ? h("button", { type: "button", class: "quiet", onclick: signOut }, "Forget the key") : null;
  morphChildren(nav, [...links, h("span", { class: "space" }),
    h("a", { href: "/openapi/v1.json", "data-api": true }, "API document"),
    h("a", { href: "/metrics", "data-api": true }, "Metrics"), who].filter(Boolean));
}

function signOut() {
  setKey(null);
  forget();
  refresh(true);
}

/** The service in a word, on every page. */
function drawStatus() {
  const answer = use("/health");
  const health = answer?.data;
  const [word, text] = !answer ? ["starting", "connecting"]
    : !health?.status ? ["failed", "does not answer"]
    : health.status === "ok" ? ["ok", "accepting events"]
    : health.status === "degraded" ? ["degraded", `degraded: ${reasonOf(health)}`]
    : ["failed", `not accepting: ${reasonOf(health)}`];
  const now = h("span", { id: "status", class: `status ${toneOf(word)}`, role: "status" },
    h("span", { class: "sign", "aria-hidden": "true" }, signOf(word)), h("span", { class: "words" }, text));
  morph(document.getElementById("status"), now);
}

const reasonOf = health => {
  const bad = health.checks.filter(check => check.status === health.status);
  const more = bad.length > 1 ? ` and ${bad.length - 1} more` : "";
  return bad.length > 0 ? `${bad[0].name}: ${bad[0].reason}${more}` : health.detail ?? health.state;
};

function draw() {
  const { top, address } = place();
  const isNew = address !== shown;
  if (isNew) {
    page?.leave?.();
    page = pages(address);
    view.replaceChildren();
  }
  beginDrawing();
  drawStatus();
  drawNav(top);
  const content = page.draw();
  const refused = locked();
  if (page.isHeld && !isNew && !(refused && view.querySelector(".editor") === null)) return;
  const body = refused ? [keyForm(refused, signedIn)] : [content].flat(Infinity).filter(Boolean);
  morphChildren(view, [h("h1", null, page.title), ...body]);
  document.title = `${page.title} · Pipeline`;
  if (isNew) {
    shown = address;
    page.enter?.(view);
  }
}

function signedIn() {
  forget();
  shown = null;
  refresh(true);
}

function go() {
  nav.classList.remove("open");
  menu.setAttribute("aria-expanded", "false");
  draw();
  scrollTo(0, 0);
  view.focus({ preventScroll: true });
  refresh();
  drawHistory();
}

/** On the pages that show it. */
function drawHistory() {
  if (!document.hidden && ["", "stores"].includes(place().top)) updateHistory().then(draw);
}

menu.onclick = () => menu.setAttribute("aria-expanded", String(nav.classList.toggle("open")));
document.querySelector(".skip").onclick = event => {
  event.preventDefault();
  view.focus();
};
addEventListener("hashchange", go);
document.addEventListener("click", event => {
  const link = event.target.closest?.("a[data-api]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showCall(link.getAttribute("href"));
});

onAnswers(draw);
setInterval(drawHistory, 5000);
draw();
await Promise.all([loadOperations(), updateHistory(), refresh()]);
draw();
refresh();
