// All pipelines and their stages.

import { use } from "./answers.js";
import { path } from "./api.js";
import { h } from "./dom.js";
import { count, perSecond } from "./format.js";
import { cellNum, refusal, section, soft, status, table, worst } from "./parts.js";
import { stageRate, writtenOf } from "./rates.js";

const COLUMNS = [{ name: "Pipeline", long: true }, { name: "Stage", long: true }, { name: "Status" },
  { name: "Instances", n: true, opt: true }, { name: "Read", n: true }, { name: "Written", n: true, opt: true },
  { name: "Lag", n: true }, { name: "Late", n: true, opt: true }, { name: "Dead letters", n: true }];

export const pipelines = () => ({
  title: "Pipelines",
  draw: () => {
    const answer = use("/v1/pipelines");
    const more = h("p", { class: "buttons" }, h("a", { class: "button", href: "#/new" }, "New definition"));
    if (!answer?.ok) return refusal(answer);
    return [more, section("All pipelines", "/v1/pipelines",
      table("All pipelines", COLUMNS, answer.data.flatMap(rows), "No pipeline yet: write a definition."))];
  },
});

function rows(one) {
  const name = h("a", { href: `#/${path`pipelines/${one.name}`}` }, one.name);
  const stages = [...new Set(one.instances.map(instance => instance.stage))];
  if (stages.length === 0) {
    return [{ key: one.name, cells: [name, soft("streams alone"), status(one.status), "", "", "", "", "", ""] }];
  }
  return stages.map(stage => {
    const all = one.instances.filter(instance => instance.stage === stage);
    const sum = what => all.reduce((total, instance) => total + instance[what], 0);
    const word = worst(all.map(instance => instance.state));
    const error = all.find(instance => instance.state === word)?.error;
    const call = path`/v1/pipelines/${one.name}`;
    return { key: `${one.name} ${stage}`, more: error && word !== "running"
      ? h("p", { class: `reason ${word === "failed" ? "bad" : "warn"}` }, error) : null,
    cells: [name.cloneNode(true), h("a", { href: `#/${path`pipelines/${one.name}/stages/${stage}`}` }, stage), status(word),
      cellNum(count(all.length), call), cellNum(perSecond(stageRate(one.name, stage, "read")), call),
      cellNum(writtenOf(one, stage), call), cellNum(count(sum("lagEvents")), call),
      cellNum(count(sum("late")), call), cellNum(count(sum("deadLetters")), call)] };
  });
}
