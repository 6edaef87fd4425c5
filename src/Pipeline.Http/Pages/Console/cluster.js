// This host, and the processes around it.

import { use } from "./answers.js";
import { path } from "./api.js";
import { h } from "./dom.js";
import { ago, count } from "./format.js";
import { jsonView, num, refusal, section, soft, status, table } from "./parts.js";

const CHECKS = [{ name: "Check", long: true }, { name: "Status" }, { name: "Why", long: true }, { name: "Since" }];
const NOT_SERVING = [{ name: "Stream", long: true }, { name: "Partition", n: true }];

export const cluster = () => ({
  title: "Cluster",
  draw: () => {
    const health = use("/health")?.data;
    const streams = use("/v1/streams");
    const planned = use("/v1/cluster", { every: 10 });
    if (!health?.checks) return refusal(undefined);
    return [
      section("This host", "/health", h("dl", { class: "facts" },
        h("dt", null, "State"), h("dd", null, health.state),
        h("dt", null, "Accepts events"), h("dd", null, health.accepting ? "yes" : `no: ${health.detail}`),
        h("dt", null, "Partitions that serve"), h("dd", null, num(`${count(health.partitionsServing)} of ${
          count(health.partitions)}`, "/health"))),
      table("Checks", CHECKS, health.checks.map(check => ({ key: check.name, cells: [check.name, status(check.status),
        check.reason ?? soft("–"), soft(ago(check.since))] })), "None.")),
      missing(streams),
      planned?.ok ? section("Silos, shards and moves", "/v1/cluster", jsonView(planned.data, "Cluster"))
        : section("Silos, shards and moves", null, refusal(planned, ["Who owns which shard is not told yet. What is: the ",
          "checks above, partitions that nobody serves, and instances that are ", h("code", null, "unowned"), " on ",
          h("a", { href: "#/pipelines" }, "Pipelines"), "."])),
    ];
  },
});

function missing(answer) {
  if (!answer?.ok) return null;
  const rows = answer.data.flatMap(stream => stream.partitions.filter(part => !part.serving).map(part =>
    [h("a", { href: `#/${path`streams/${stream.name}`}` }, stream.name), `${part.partition}`]));
  return rows.length === 0 ? null
    : section("Partitions that nobody serves", "/v1/streams", table("Not serving", NOT_SERVING, rows, "None."));
}
