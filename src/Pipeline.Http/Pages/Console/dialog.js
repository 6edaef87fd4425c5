// Questions before something is done, and the answers of calls behind numbers.

import { call, curl } from "./api.js";
import { h } from "./dom.js";

const SHOWN = 100_000;

function open(title, ...content) {
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => dialog.close() }, "✕");
  const dialog = h("dialog", { "aria-label": title }, h("div", { class: "head" }, h("h2", null, title), close), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", event => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Says something that also a screen reader reads out. */
export function tell(text, isBad = false) {
  const place = document.getElementById("told");
  place.className = isBad ? "told bad" : "told good";
  place.textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => place.replaceChildren(), 8000);
}

/** Asks once; `more` stands below the text. Gives whether it was answered yes. */
export function confirm(title, text, yes, isDanger = false, more = null) {
  return new Promise(resolve => {
    let isYes = false;
    const agree = () => {
      isYes = true;
      dialog.close();
    };
    const dialog = open(title, h("p", null, text), more, h("div", { class: "buttons" },
      h("button", { type: "button", onclick: () => dialog.close(), autofocus: true }, "Cancel"),
      h("button", { type: "button", class: isDanger ? "danger" : "main", onclick: agree }, yes)));
    dialog.addEventListener("close", () => resolve(isYes));
  });
}

/** Asks once, then does it and tells what came of it. Gives the answer; null where it was not done. */
export async function act({ title, text, yes, isDanger, method, path, headers, body, done }) {
  if (!await confirm(title, text, yes, isDanger)) return null;
  const answer = await call(method, path, { headers, body });
  if (answer.ok) tell(done);
  else tell(`Not done: ${answer.problem.detail}`, true);
  return answer;
}

/** Shows what GET path answers now, and the command for it. */
export async function showCall(path) {
  const place = h("pre", { tabindex: "0" }, "asking…");
  open(`GET ${path}`, h("pre", { tabindex: "0" }, curl("GET", path)), place);
  const answer = await call("GET", path);
  const text = typeof answer.data === "string" ? answer.data : JSON.stringify(answer.data ?? answer.problem, null, 2);
  place.textContent = `${answer.status}\n${text.length > SHOWN ? `${text.slice(0, SHOWN)}\n…` : text}`;
}
