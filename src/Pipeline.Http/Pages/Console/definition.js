// A definition and its earlier texts: edited with its mistakes in place, tried first where that is built.

import { data, refresh } from "./answers.js";
import { call, isBuilt, loadOperations, path } from "./api.js";
import { confirm, tell } from "./dialog.js";
import { h } from "./dom.js";
import { editor } from "./editor.js";
import { ago } from "./format.js";
import { apiLink, note, refusal, section, soft, table } from "./parts.js";

const TEMPLATE = `name: my-pipeline
streams:
  orders: { partitions: 4, key: customer, time: at, retention: 7d }
stages:
  large:
    materialize: true
    query: |
      SELECT customer, amount, at
      FROM orders
      WHERE amount > 100
`;

/** `name`: of a pipeline that is there; null: a new one. */
export const definition = name => {
  let place = null;
  return {
    title: name === null ? "New definition" : `${name}: definition`,
    isHeld: true,
    draw: () => {
      if (name !== null) data(path`/v1/pipelines/${name}/versions`, { every: 10 });
      return h("div", { class: "held" }, h("p", { class: "soft" }, "Asking…"));
    },
    enter: async view => {
      place = view.querySelector(".held");
      const answer = name === null ? null : await call("GET", path`/v1/pipelines/${name}`);

      // Whether it can be tried must be known before the form is there.
      await loadOperations();
      if (answer && !answer.ok) return place.replaceChildren(refusal(answer));
      const now = answer?.data ?? { definition: TEMPLATE, mediaType: "application/yaml", generation: 0 };
      place.replaceChildren(...await form(name, now, answer?.data.errors ?? []));
      return undefined;
    },
  };
};

const isLoss = answer => answer.problem?.type === "urn:pipeline:problem:state-would-be-lost";

const stageList = stages => h("ul", null, stages.map(one => h("li", null, h("strong", null, `${one.stage}: `), one.why)));

/** What to add to a path, so that what the stages hold may be dropped. */
const resetOf = stages => stages.length === 0 ? "" : `?reset=${stages.map(one => encodeURIComponent(one.stage)).join(",")}`;

const confirmLoss = (title, stages) => confirm(title,
  "What these stages hold between events, as open windows, is dropped. There is no way back.", "Apply and drop it", true,
  stageList(stages));

/** Sends it; where it is refused for what stages hold, asks once and sends it with leave to drop that too. */
async function sendOrReset(send, agreed = []) {
  const answer = await send(resetOf(agreed));
  if (!isLoss(answer) || !await confirmLoss("Drop what stages hold?", answer.problem.stages)) return answer;
  return send(resetOf([...agreed, ...answer.problem.stages]));
}

const nameIn = text => /^name:\s*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? /"name"\s*:\s*"([^"]+)"/.exec(text)?.[1];

async function form(name, now, errors) {
  const list = h("div", { class: "mistakes", role: "status", "aria-live": "polite" });
  const text = editor("Definition", now.definition, () => list.replaceChildren());
  const canTry = isBuilt("PUT", "/v1/pipelines/{pipeline}", "dryRun");

  const show = (mistakes, problem) => {
    text.show(mistakes);
    list.replaceChildren(h("p", { class: "bad" }, h("strong", null, problem ?? `${mistakes.length} to correct; nothing was changed`)),
      h("ul", null, mistakes.map(one => h("li", null, h("button", { type: "button", class: "quiet",
        onclick: () => text.go(one.line, one.column) }, `Line ${one.line}, column ${one.column}`), " ", one.reason))));
    if (mistakes.length > 0) text.go(mistakes[0].line, mistakes[0].column);
  };
  const put = query => {
    const target = path`/v1/pipelines/${name ?? nameIn(text.value()) ?? ""}`;
    const match = now.generation > 0 ? { "If-Match": `"${now.generation}"` } : { "If-None-Match": "*" };
    return call("PUT", `${target}${query}`, { body: text.value(),
      headers: { "Content-Type": now.mediaType, ...match } });
  };
  const take = answer => {
    if (!answer.ok) show(answer.problem.errors ?? [], answer.problem.errors?.length ? null : answer.problem.detail);
    if (isLoss(answer)) list.append(stageList(answer.problem.stages));
    return answer.ok;
  };
  const tryIt = async () => {
    const answer = await put("?dryRun=true");
    if (take(answer)) list.replaceChildren(h("p", { class: "good" }, "No mistakes. Applying would do this:"),
      h("ul", null, answer.data.changes.map(one => h("li", { class: one.state === "lost" ? "bad" : "" },
        h("strong", null, `${one.stage}: ${one.state}`), ` ${one.why}`))));
    return answer.ok ? answer.data.changes.filter(one => one.state === "lost") : null;
  };
  const apply = async () => {
    if (!(name ?? nameIn(text.value()))) return show([{ line: 1, column: 1, reason: "a definition begins with its name" }]);
    const lost = canTry ? await tryIt() : [];
    if (lost === null) return undefined;
    const what = name === null ? "Its streams and stages are made." : "What runs is brought to a cut and goes on under it.";
    const isAgreed = lost.length > 0
      ? await confirmLoss("Apply the definition?", lost)
      : await confirm("Apply the definition?", `${what} With a mistake in it nothing is changed.`, "Apply");
    if (!isAgreed) return undefined;
    const answer = await sendOrReset(put, lost);
    if (!take(answer)) return undefined;
    tell(answer.data.changed ? `Generation ${answer.data.generation} is in force.` : "It was in force already.");
    location.hash = `#/${path`pipelines/${answer.data.name}`}`;
    return refresh(true);
  };
  if (errors.length > 0) show(errors, "It cannot run as it is");
  return [
    h("p", { class: "facts-line" }, name === null ? null : h("a", { href: `#/${path`pipelines/${name}`}` }, `← ${name}`),
      soft(now.generation > 0 ? `generation ${now.generation}, ${now.mediaType}` : now.mediaType),
      name === null ? null : apiLink(path`/v1/pipelines/${name}`)),
    text.element,
    h("p", { class: "buttons" },
      canTry ? h("button", { type: "button", onclick: tryIt }, "Try (dry run)") : null,
      h("button", { type: "button", class: "main", onclick: apply }, "Apply…")),
    list,
    canTry ? null : note(h("strong", null, "A dry run is not built yet. "),
      "Applying checks everything first, and with a mistake changes nothing."),
    name === null ? null : await versions(name, now),
  ].filter(Boolean);
}

async function versions(name, now) {
  const target = path`/v1/pipelines/${name}/versions`;
  const answer = await call("GET", target);
  if (!answer.ok) return section("Earlier texts", target, refusal(answer));
  const back = async version => {
    if (!await confirm(`Go back to generation ${version.generation}?`, "Its text is applied anew, as the next generation.",
      "Go back")) return;
    const done = await sendOrReset(query => call("POST", `${path`/v1/pipelines/${name}/rollback`}${query}`, {
      headers: { "Content-Type": "application/json", "If-Match": `"${now.generation}"` },
      body: JSON.stringify({ generation: version.generation }) }));
    tell(done.ok ? `The text of generation ${version.generation} is in force.` : `Not done: ${done.problem.detail}`, !done.ok);
    if (done.ok) location.hash = `#/${path`pipelines/${name}`}`;
  };
  const rows = answer.data.versions.toReversed().map(version => [`${version.generation}`, soft(ago(version.replaced)),
    h("details", null, h("summary", null, "Text"), h("pre", { tabindex: "0" }, version.definition)),
    h("button", { type: "button", onclick: () => back(version) }, "Go back to it…")]);
  return section("Earlier texts", target, table("Earlier texts",
    [{ name: "Generation" }, { name: "Replaced" }, { name: "Definition", long: true }, { name: "Action" }], rows,
    "This is the first."));
}
