// One pipeline: its graph with rates, its stages, what may be done with it.

import { refresh, use } from "./answers.js";
import { path } from "./api.js";
import { act } from "./dialog.js";
import { h } from "./dom.js";
import { ago, bytes, count, perSecond, seconds, time } from "./format.js";
import { graph } from "./graph.js";
import { apiLink, cellNum, refusal, section, soft, status, table, worst } from "./parts.js";
import { stageRate, writtenOf } from "./rates.js";

const COLUMNS = [{ name: "Stage", long: true }, { name: "Status" }, { name: "Instances", n: true, opt: true },
  { name: "Read", n: true }, { name: "Written", n: true, opt: true }, { name: "Lag", n: true },
  { name: "Watermark", opt: true }, { name: "Checkpoint", opt: true }, { name: "State", n: true, opt: true },
  { name: "Late", n: true, opt: true }, { name: "Dead letters", n: true }];

export const pipeline = name => ({
  title: name,
  draw: () => {
    const call = path`/v1/pipelines/${name}`;
    const answer = use(call);
    const all = use("/v1/pipelines");
    use("/v1/streams");
    if (!answer?.ok) return refusal(answer);
    const one = all?.data?.find?.(other => other.name === name) ?? answer.data;
    return [head(one, call), errors(one), refused(one), section("Graph", call, graph(one)),
      section("Stages", call, table("Stages", COLUMNS, stagesOf(one).map(stage => row(one, stage, call)),
        "It has no stages: it declares streams alone."))];
  },
});

export const stagesOf = one => [...new Set(one.instances.map(instance => instance.stage))];

function head(one, call) {
  const change = (word, text, done, more) => h("button", { type: "button", class: more?.isDanger ? "danger" : null,
    onclick: async () => {
      const answer = await act({ title: `${word} ${one.name}?`, text, yes: word, method: "POST", path: `${call}/${
        word.toLowerCase()}`, headers: { "If-Match": `"${one.generation}"` }, done, ...more });
      if (answer?.ok && more?.method === "DELETE") location.hash = "#/pipelines";
      else if (answer) refresh(true);
    } }, word);
  return h("div", { class: "facts-line" }, status(one.status), soft(`generation ${one.generation}`),
    h("span", { class: "space" }),
    h("a", { class: "button", href: `#/${path`pipelines/${one.name}/definition`}` }, "Definition"),
    h("a", { class: "button", href: `#/${path`dead-letters/${one.name}`}` }, "Dead letters"),
    one.paused
      ? change("Resume", "All stages and sinks go on from their checkpoints.", "It goes on.")
      : change("Pause", "All stages and sinks stop at a checkpoint, until resumed. Events are accepted all the same.",
        "It is paused."),
    change("Delete", "Its stages and sinks end, and so do their checkpoints. Its streams and their events stay.",
      "It was deleted.", { method: "DELETE", path: call, isDanger: true }));
}

function errors(one) {
  if (!one.errors?.length) return null;
  return h("div", { class: "trouble", role: "alert", "data-key": "errors" }, h("strong", null, "Nothing of it runs here. "),
    h("ul", null, one.errors.map(error => h("li", null, `line ${error.line}: ${error.reason}`))),
    h("a", { href: `#/${path`pipelines/${one.name}/definition`}` }, "Edit the definition"));
}

function refused(one) {
  if (!one.refused) return null;
  return h("div", { class: "trouble", role: "alert", "data-key": "refused" },
    h("strong", null, `${one.refused.file} was changed. `), one.refused.detail,
    h("ul", null, one.refused.stages.map(lost => h("li", null, `${lost.stage}: ${lost.why}`))));
}

function row(one, stage, call) {
  const all = one.instances.filter(instance => instance.stage === stage);
  const sum = what => all.reduce((total, instance) => total + instance[what], 0);
  const word = worst(all.map(instance => instance.state));
  const reasons = [...new Set(all.filter(instance => instance.error && instance.state !== "running")
    .map(instance => instance.error))];
  const low = all.map(instance => instance.watermark).filter(Boolean).sort()[0];
  const oldest = all.map(instance => instance.checkpoint.time).filter(Boolean).sort()[0];
  return { key: stage,
    more: reasons.length > 0 ? reasons.map(reason => h("p", { class: `reason ${word === "failed" ? "bad" : "warn"}` },
      reason)) : null,
    cells: [h("a", { href: `#/${path`pipelines/${one.name}/stages/${stage}`}` }, stage), status(word),
      cellNum(count(all.length), call), cellNum(perSecond(stageRate(one.name, stage, "read")), call),
      cellNum(writtenOf(one, stage), call),
      [cellNum(count(sum("lagEvents")), call), soft(lagTime(all))], soft(time(low)), soft(ago(oldest)),
      cellNum(bytes(sizeOf(all)), call), cellNum(count(sum("late")), call), cellNum(count(sum("deadLetters")), call)] };
}

const lagTime = all => {
  const most = Math.max(0, ...all.map(instance => instance.lagSeconds));
  return most > 0 ? ` ${seconds(most)}` : "";
};

const sizeOf = all => {
  const known = all.map(instance => instance.checkpoint.bytes).filter(value => value !== undefined);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
};
