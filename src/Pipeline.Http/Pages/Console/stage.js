// One stage or sink: its instances, and its text in the definition.

import { use } from "./answers.js";
import { path } from "./api.js";
import { h } from "./dom.js";
import { ago, bytes, count, perSecond, seconds, time } from "./format.js";
import { cellNum, refusal, section, soft, status, table } from "./parts.js";
import { instanceRate, isSink } from "./rates.js";
import { textOf } from "./stagetext.js";

const COLUMNS = [{ name: "Partition" }, { name: "Status" }, { name: "Read", n: true },
  { name: "Written", n: true, opt: true }, { name: "Lag", n: true }, { name: "Cursor", n: true, opt: true },
  { name: "Watermark", opt: true }, { name: "Checkpoint", opt: true }, { name: "State", n: true, opt: true },
  { name: "Late", n: true, opt: true }, { name: "Dead letters", n: true }, { name: "Reported", opt: true }];

export const stage = (name, stageName) => ({
  title: stageName,
  draw: () => {
    const call = path`/v1/pipelines/${name}`;
    const full = use(call, { every: 10 });
    const live = use("/v1/pipelines")?.data?.find?.(other => other.name === name);
    if (!full?.ok) return refusal(full);
    const one = live ?? full.data;
    const instances = one.instances.filter(instance => instance.stage === stageName);
    const members = one.graph.filter(node => node.group === stageName || node.name === stageName);
    return [
      h("p", { class: "facts-line" }, h("a", { href: `#/${path`pipelines/${name}`}` }, `← ${name}`),
        facts(members, instances)),
      section("Instances", call, table("Instances", COLUMNS,
        instances.map(instance => row(name, instance, isSink(members), call)), "No instance of it runs.")),
      text(full.data, members),
    ];
  },
});

function facts(members, instances) {
  const inputs = [...new Set(instances.map(instance => instance.input))];
  const outputs = members.map(node => node.stream).filter(Boolean);
  const link = stream => h("a", { href: `#/${path`streams/${stream}`}` }, stream);
  return [soft([...new Set(members.map(node => node.kind))].join(" and ")), inputs.length > 0 ? [soft(" reads "), inputs.map(link)] : null,
    outputs.length > 0 ? [soft(" writes "), outputs.map(link)] : null,
    members.length > 1 ? soft(` ${members.map(node => node.name).join(", ")} run together, fused`) : null];
}

function row(pipeline, one, isSink, call) {
  return { key: `${one.partition}`,
    more: one.error ? h("p", { class: `reason ${one.state === "failed" ? "bad" : "warn"}` }, one.error) : null,
    cells: [`${one.partition}`, status(one.state), cellNum(perSecond(instanceRate(pipeline, one, "read")), call),
      cellNum(isSink ? "–" : perSecond(instanceRate(pipeline, one, "written")), call),
      [cellNum(count(one.lagEvents), call), one.lagSeconds > 0 ? soft(` ${seconds(one.lagSeconds)}`) : null],
      cellNum(count(one.cursor), call), soft(time(one.watermark)), soft(ago(one.checkpoint.time)),
      cellNum(bytes(one.checkpoint.bytes), call), cellNum(count(one.late), call), cellNum(count(one.deadLetters), call),
      soft(ago(one.reported))] };
}

/** What the definition says of it. */
function text(full, members) {
  return section("Its text", path`/v1/pipelines/${full.name}`,
    members.map(node => h("pre", { tabindex: "0" }, textOf(full, node.name) ?? `${node.name}: in the definition`)),
    h("p", null, h("a", { href: `#/${path`pipelines/${full.name}/definition`}` }, "The whole definition")));
}
