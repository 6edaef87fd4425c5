// How everything is: what needs somebody now, the rates and the last hour, what there is.

import { data, use } from "./answers.js";
import { key, path } from "./api.js";
import { h } from "./dom.js";
import { ago, bytes, bytesPerSecond, count, perSecond, plural, seconds, short } from "./format.js";
import { everySeconds, historyPath, valuesOf } from "./history.js";
import { apiLink, cellNum, num, refusal, section, soft, status, table, toneOf, worst } from "./parts.js";
import { plot } from "./plot.js";
import { end, stageRate, streamRate } from "./rates.js";
import { letterStream } from "./deadletters.js";

export const overview = () => ({
  title: "Overview",
  draw: () => {
    const streams = data("/v1/streams");
    const pipelines = data("/v1/pipelines");
    const isEmpty = streams !== null && streams.every(stream => stream.stage || end(stream) === 0);
    return [
      needs(use("/health")?.data, pipelines ?? []),
      isEmpty ? start(streams) : null,
      tiles(streams ?? [], pipelines ?? []),
      h("div", { class: "columns" }, pipelineTable(use("/v1/pipelines")), streamTable(use("/v1/streams"))),
      alerts(use("/v1/alerts", { every: 10 })),
    ];
  },
});

/** What is not as it should be, worst first; nothing where all is well. */
function needs(health, pipelines) {
  const checks = (health?.checks ?? []).filter(check => check.status !== "ok").map(check =>
    ({ word: check.status, what: check.name, why: check.reason, since: check.since, to: checkPage(check.name) }));
  const rows = [...checks, ...pipelines.flatMap(troubles)].sort((a, b) => rank(a.word) - rank(b.word));
  if (rows.length === 0) return null;
  return h("section", { class: "needs", "aria-label": "Needs attention", "data-key": "needs" },
    h("h2", null, "Needs attention"),
    h("ul", null, rows.slice(0, 20).map(row => h("li", { class: toneOf(row.word) }, status(row.word),
      h("span", { class: "what" }, h("a", { href: row.to }, row.what)),
      h("span", { class: "why" }, row.why, row.since ? soft(` · ${ago(row.since)}`) : null)))),
    rows.length > 20 ? soft(`and ${rows.length - 20} more`) : null);
}

const rank = word => toneOf(word) === "bad" ? 0 : toneOf(word) === "warn" ? 1 : 2;
const checkPage = name => name.startsWith("store") || name === "copies" ? "#/stores" : "#/cluster";

/** One row for a stage in a state with one error, however many instances say so. */
function troubles(pipeline) {
  const found = new Map();
  for (const error of pipeline.errors ?? []) {
    found.set(error.reason, { word: "failed", what: pipeline.name, why: `line ${error.line}: ${error.reason}`,
      to: `#/${path`pipelines/${pipeline.name}`}` });
  }
  for (const one of pipeline.instances.filter(one => ["failed", "blocked", "unowned"].includes(one.state))) {
    const why = one.error ?? (one.state === "unowned" ? "nobody reports that he runs it" : "it does not say why");
    const name = `${one.stage} ${one.state} ${why}`;
    const row = found.get(name) ?? { word: one.state, what: `${pipeline.name} · ${one.stage}`, why, n: 0,
      to: `#/${path`pipelines/${pipeline.name}/stages/${one.stage}`}` };
    row.n++;
    found.set(name, row);
  }
  return [...found.values()].map(row => ({ ...row, why: row.n > 1 ? `${row.why} (${row.n} partitions)` : row.why }));
}

/** The first screen of a service that has no events yet. */
function start(streams) {
  const first = streams.find(stream => !stream.stage);
  const who = key() ? ' -H "Authorization: Bearer $PIPELINE_KEY"' : "";
  const fields = {};
  if (first?.key) fields[first.key] = "dev-1";
  if (first?.time) fields[first.time] = new Date().toISOString().slice(0, 19) + "Z";
  if (first) fields.temperature = 21.5;
  const post = first ? `curl${who} ${location.origin}${path`/v1/streams/${first.name}/events`} \\
  -H 'Content-Type: application/json' -d '${JSON.stringify(fields)}'` : "";
  return h("section", { class: "start", "aria-label": "No events yet", "data-key": "start" },
    h("h2", null, first ? "No events yet: post one" : "No streams yet: describe one"),
    first
      ? [h("p", null, `Stream ${first.name} waits for events. Run this, and watch them arrive here:`),
        h("pre", { tabindex: "0", "data-keep": true }, post),
        h("p", { class: "soft" }, "Or many at once: ", h("code", null, `pipeline send --url ${location.origin} --stream ${
          first.name} --seconds 20`), ". Then follow them in ", h("a", { href: `#/${path`streams/${first.name}`}` },
          `the stream ${first.name}`), ".")]
      : h("p", null, "A definition names streams, and the stages and sinks that read them. Put a file into the folder ",
        h("code", null, "pipelines/"), ", or ", h("a", { href: "#/new" }, "write a definition here"), "."));
}

const last = values => values.length > 0 ? values[values.length - 1] : null;

function tiles(streams, pipelines) {
  const sum = values => values.some(value => value !== null) ? values.reduce((a, b) => a + (b ?? 0), 0) : null;
  const ingest = streams.filter(stream => !stream.stage);
  const letters = streams.filter(stream => pipelines.some(one => letterStream(one.name) === stream.name));
  const lag = pipelines.flatMap(one => one.instances).reduce((all, one) => all + one.lagEvents, 0);
  const stores = use("/health")?.data?.stores ?? [];
  const well = stores.filter(store => store.voting && !store.detail).length;
  const p99 = last(valuesOf("latencyP99"));
  const letterRate = sum(letters.map(stream => streamRate(stream.name)));
  const of = name => ({ everySeconds: everySeconds(), path: historyPath, series: [{ name, values: valuesOf(name) }] });
  return h("div", { class: "tiles", "data-key": "tiles" },
    plot({ ...of("appended"), title: "Events in", of: "all streams", format: perSecond,
      value: num(perSecond(sum(ingest.map(stream => streamRate(stream.name)))), "/v1/streams") }),
    plot({ ...of("bytes"), title: "Bytes in", of: "this host", format: bytesPerSecond,
      value: num(bytesPerSecond(last(valuesOf("bytes"))), historyPath) }),
    plot({ ...of("latencyP50"), title: "Time to accept", of: "this host", format: seconds,
      series: [{ name: "p99", values: valuesOf("latencyP99") }, { name: "p50", values: valuesOf("latencyP50") }],
      value: [num(seconds(last(valuesOf("latencyP50"))), historyPath), soft(" p50  "),
        num(seconds(p99), historyPath), soft(" p99")] }),
    plot({ ...of("lag"), title: "Lag", of: "all pipelines", format: value => `${short(value)} events`,
      value: [num(short(lag), "/v1/pipelines"), soft(" events")] }),
    plot({ ...of("deadLetters"), title: "Dead letters", of: "all pipelines", format: perSecond,
      tone: letterRate > 0 ? "bad" : "",
      value: [num(perSecond(letterRate ?? (letters.length === 0 ? 0 : null)), "/v1/streams"),
        soft(`  ${short(letters.reduce((all, one) => all + end(one), 0))} in all`)] }),
    plot({ ...of("stores"), title: "Stores answering", of: "this host asks them", format: value => `${value}`,
      top: Math.max(1, stores.length), tone: well < stores.length ? "warn" : "",
      value: num(`${well} of ${stores.length}`, "/health") }));
}

function pipelineTable(answer) {
  const columns = [{ name: "Pipeline", long: true }, { name: "Status" }, { name: "Read", n: true },
    { name: "Lag", n: true }, { name: "Dead", n: true, opt: true }];
  if (!answer?.ok) return section("Pipelines", null, refusal(answer));
  const rows = answer.data.map(one => {
    const sum = what => one.instances.reduce((all, instance) => all + instance[what], 0);
    const stages = [...new Set(one.instances.map(instance => instance.stage))];
    const read = stages.map(stage => stageRate(one.name, stage, "read"));
    const call = path`/v1/pipelines/${one.name}`;
    return { key: one.name, cells: [h("a", { href: `#/${path`pipelines/${one.name}`}` }, one.name),
      one.instances.length === 0 && one.status === "running" ? soft("streams alone") : status(one.status),
      cellNum(perSecond(read.includes(null) ? null : read.reduce((a, b) => a + b, 0)), call),
      cellNum(count(sum("lagEvents")), call), cellNum(count(sum("deadLetters")), call)] };
  });
  return section("Pipelines", "/v1/pipelines", table("Pipelines", columns, rows, "No pipeline yet."));
}

function streamTable(answer) {
  const columns = [{ name: "Stream", long: true }, { name: "Events", n: true }, { name: "Rate", n: true },
    { name: "Size", n: true, opt: true }, { name: "Newest", opt: true }];
  if (!answer?.ok) return section("Streams", null, refusal(answer));
  const rows = answer.data.filter(one => !one.name.endsWith(".dead-letters") && !one.name.endsWith(".late")).map(one => {
    const call = path`/v1/streams/${one.name}`;
    const newest = one.partitions.map(part => part.newest).filter(Boolean).sort().pop();
    return { key: one.name, cells: [h("a", { href: `#/${path`streams/${one.name}`}` }, one.name),
      cellNum(short(end(one)), call), cellNum(perSecond(streamRate(one.name)), call),
      cellNum(bytes(one.partitions.reduce((all, part) => all + part.bytes, 0)), call), soft(ago(newest))] };
  });
  return section("Streams", "/v1/streams", table("Streams", columns, rows, "No stream yet."));
}

function alerts(answer) {
  if (answer?.status === 501) {
    return section("Alerts", null, refusal(answer, ["“Needs attention” on this page stands in for alerts: it shows ",
      "health checks, and stages that failed or wait. Rules for Prometheus: docs/telemetry.md."]));
  }
  if (!answer?.ok) return section("Alerts", null, refusal(answer));
  const list = Array.isArray(answer.data) ? answer.data : answer.data.alerts ?? [];
  const columns = [{ name: "Alert", long: true }, { name: "Since" }, { name: "Summary", long: true }];
  const rows = list.map(one => ({ key: JSON.stringify([one.name, one.labels]), cells: [one.name, ago(one.since ?? one.active),
    one.summary ?? JSON.stringify(one.labels ?? {})] }));
  return section("Alerts", "/v1/alerts", table("Alerts", columns, rows, "None is active."));
}
