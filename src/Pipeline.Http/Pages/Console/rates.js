// How fast counters rise, over the last few answers.

import { perSecond } from "./format.js";

const KEPT_MS = 12_000;
const samples = new Map();

function take(name, value, at) {
  const kept = (samples.get(name) ?? []).filter(sample => at - sample.at < KEPT_MS);
  if (kept.length > 0 && kept[kept.length - 1].value > value) kept.length = 0;
  kept.push({ at, value });
  samples.set(name, kept);
}

/** A second; null until there are two answers. */
export function rate(name) {
  const kept = samples.get(name);
  if (!kept || kept.length < 2) return null;
  const [first, last] = [kept[0], kept[kept.length - 1]];
  return (last.value - first.value) * 1000 / (last.at - first.at);
}

export const end = stream => stream.partitions.reduce((sum, one) => sum + one.committed, 0);

export const streamRate = stream => rate(`stream ${stream}`);
export const stageRate = (pipeline, stage, what) => rate(`stage ${pipeline} ${stage} ${what}`);
export const instanceRate = (pipeline, one, what) => rate(`instance ${pipeline} ${one.stage} ${one.partition} ${what}`);

const sinks = ["files", "blob", "postgres", "webhook"];

/** What a sink writes goes out and is no event of a stream. */
export const isSink = members => members.every(node => !node.stream)
  && members.some(node => sinks.includes(node.kind));

export const writtenOf = (pipeline, stage) => isSink(pipeline.graph.filter(node => node.group === stage))
  ? "–" : perSecond(stageRate(pipeline.name, stage, "written"));

export function takeRates(path, data, at) {
  if (path === "/v1/streams") for (const stream of data) take(`stream ${stream.name}`, end(stream), at);
  if (path === "/v1/pipelines") for (const pipeline of data) takePipeline(pipeline, at);
}

function takePipeline(pipeline, at) {
  const sums = new Map();
  for (const one of pipeline.instances) {
    for (const what of ["read", "written", "deadLetters", "late"]) {
      const name = `stage ${pipeline.name} ${one.stage} ${what}`;
      sums.set(name, (sums.get(name) ?? 0) + one[what]);
      take(`instance ${pipeline.name} ${one.stage} ${one.partition} ${what}`, one[what], at);
    }
  }
  for (const [name, sum] of sums) take(name, sum, at);
}
