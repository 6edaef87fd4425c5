// One stream: its partitions, and its events as they come.

import { use } from "./answers.js";
import { path } from "./api.js";
import { h } from "./dom.js";
import { ago, bytes, count, perSecond, time } from "./format.js";
import { cellNum, num, refusal, section, soft, status, table } from "./parts.js";
import { streamRate } from "./rates.js";
import { keptFor } from "./streams.js";
import { tail } from "./tail.js";

const COLUMNS = [{ name: "Partition" }, { name: "Status" }, { name: "First", n: true, opt: true },
  { name: "Committed", n: true }, { name: "In work", n: true, opt: true }, { name: "Size", n: true },
  { name: "Oldest", opt: true }, { name: "Newest", opt: true }];

export const stream = name => {
  let events = null;
  return {
    title: name,
    draw: () => {
      const answer = use("/v1/streams");
      const one = answer?.data?.find?.(other => other.name === name);
      if (!one) return answer?.ok ? h("p", { class: "trouble" }, `There is no stream ${name}.`) : refusal(answer);
      const call = path`/v1/streams/${name}`;
      return [
        h("p", { class: "facts-line" },
          h("span", null, soft("written by "), one.stage
            ? h("a", { href: `#/${path`pipelines/${one.pipeline}/stages/${one.stage}`}` }, `${one.pipeline} · ${one.stage}`)
            : "clients"),
          h("span", null, soft("key "), one.key ?? "none"), h("span", null, soft("event time "), one.time ?? "acceptance"),
          h("span", null, soft("kept "), num(keptFor(one), call)),
          h("span", null, soft("now "), num(perSecond(streamRate(name)), call))),
        h("section", { "aria-label": "Events", "data-keep": true, id: "tail" }),
        section("Partitions", call, table("Partitions", COLUMNS, one.partitions.map(part => row(part, call)), "None.")),
        gaps(one),
      ];
    },
    enter: async view => {
      // The partitions are known once the first answer is there.
      const wait = setInterval(() => {
        const place = view.querySelector("#tail");
        const one = use("/v1/streams")?.data?.find?.(other => other.name === name);
        if (!place || !one) return;
        clearInterval(wait);
        events = tail(one, place);
      }, 50);
      events = { stop: () => clearInterval(wait) };
    },
    leave: () => events?.stop(),
  };
};

function row(part, call) {
  return { key: `${part.partition}`, cells: [`${part.partition}`, status(part.serving ? "serving" : "not serving"),
    cellNum(count(part.first), call), cellNum(count(part.committed), call), cellNum(count(part.next - part.committed), call),
    cellNum(bytes(part.bytes), call), soft(time(part.oldest)), soft(ago(part.newest))] };
}

function gaps(one) {
  if (one.gaps.length === 0) return null;
  return section("Gaps", null, h("p", null, "Outputs are missing here, from when the stage was fused and nobody read it:"),
    table("Gaps", [{ name: "Partition", n: true }, { name: "Before offset", n: true }, { name: "Input offsets" }],
      one.gaps.map(gap => [`${gap.partition}`, count(gap.beforeOffset), `${gap.inputFrom} to ${gap.inputTo}`]), "None."));
}
