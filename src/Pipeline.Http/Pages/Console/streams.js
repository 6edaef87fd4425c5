// All streams.

import { use } from "./answers.js";
import { path } from "./api.js";
import { h } from "./dom.js";
import { ago, bytes, count, perSecond, seconds } from "./format.js";
import { cellNum, refusal, section, soft, table } from "./parts.js";
import { streamRate } from "./rates.js";

const COLUMNS = [{ name: "Stream", long: true }, { name: "Written by", long: true, opt: true }, { name: "Key", opt: true },
  { name: "Partitions", n: true, opt: true }, { name: "Events", n: true }, { name: "Rate", n: true },
  { name: "Size", n: true, opt: true }, { name: "Kept for", n: true, opt: true }, { name: "Newest", opt: true }];

export const streams = () => ({
  title: "Streams",
  draw: () => {
    const answer = use("/v1/streams");
    if (!answer?.ok) return refusal(answer);
    return section("All streams", "/v1/streams",
      table("All streams", COLUMNS, answer.data.map(row), "No stream yet: a definition names them."));
  },
});

export const keptFor = one => one.retentionSeconds === null || one.retentionSeconds === undefined
  ? "for ever" : seconds(one.retentionSeconds);

function row(one) {
  const call = path`/v1/streams/${one.name}`;
  const sum = of => one.partitions.reduce((all, part) => all + of(part), 0);
  const newest = one.partitions.map(part => part.newest).filter(Boolean).sort().pop();
  return { key: one.name, cells: [h("a", { href: `#/${path`streams/${one.name}`}` }, one.name),
    soft(one.stage ? `${one.pipeline} · ${one.stage}` : "clients"), soft(one.key ?? "–"),
    cellNum(count(one.partitions.length), call), cellNum(count(sum(part => part.committed - part.first)), call),
    cellNum(perSecond(streamRate(one.name)), call), cellNum(bytes(sum(part => part.bytes)), call), soft(keptFor(one)),
    soft(ago(newest))] };
}
