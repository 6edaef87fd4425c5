// What stages could not process: why, where it stood, what it was.

import { refresh, use } from "./answers.js";
import { isBuilt, path } from "./api.js";
import { act } from "./dialog.js";
import { h } from "./dom.js";
import { ago, count, perSecond } from "./format.js";
import { apiLink, cellNum, note, num, refusal, section, soft, table } from "./parts.js";
import { end, streamRate } from "./rates.js";

const PAGE = 100;
const OPERATION = "/v1/pipelines/{pipeline}/dead-letters/";
const ALL = [{ name: "Pipeline", long: true }, { name: "Dead letters", n: true }, { name: "Rate", n: true },
  { name: "Newest" }];
const LETTERS = [{ name: "Event", long: true }, { name: "Stage", opt: true }, { name: "Why", long: true },
  { name: "Value", long: true }];

export const letterStream = pipeline => `${pipeline}.dead-letters`;

/** Of one pipeline, or, null, which have some. */
export const deadLetters = name => name === null ? overview() : ofPipeline(name);

const overview = () => ({
  title: "Dead letters",
  draw: () => {
    const [pipelines, streams] = [use("/v1/pipelines"), use("/v1/streams")];
    if (!pipelines?.ok || !streams?.ok) return refusal(pipelines?.ok ? streams : pipelines);
    const rows = pipelines.data.map(one => ({ name: one.name, stream: streams.data.find(stream =>
      stream.name === letterStream(one.name)) })).filter(one => one.stream).map(({ name, stream }) => {
      const newest = stream.partitions.map(part => part.newest).filter(Boolean).sort().pop();
      const call = path`/v1/streams/${stream.name}`;
      return { key: name, cells: [h("a", { href: `#/${path`dead-letters/${name}`}` }, name), cellNum(count(end(stream)), call),
        cellNum(perSecond(streamRate(stream.name)), call), soft(end(stream) > 0 ? ago(newest) : "–")] };
    });
    return [h("p", { class: "soft" }, "An event that a stage cannot process is put aside here with its cause; the others go on."),
      section("By pipeline", "/v1/streams", table("By pipeline", ALL, rows, "No pipeline has stages."))];
  },
});

const ofPipeline = name => {
  let newest = null;
  let before = null;
  return {
    title: `${name}: dead letters`,
    draw: () => {
      const streams = use("/v1/streams");
      if (!streams?.ok) return refusal(streams);
      const stream = streams.data.find(one => one.name === letterStream(name));
      if (!stream) return h("p", { class: "soft" }, `${name} has no stages, and so no dead letters.`);
      const last = end(stream);
      newest ??= last;
      const to = before ?? newest;
      const from = Math.max(stream.partitions[0].first, to - PAGE);
      const call = `${path`/v1/pipelines/${name}/dead-letters`}?from=${from}&max=${Math.max(1, Math.min(PAGE, to - from))}`;
      const page = to > from ? use(call, { every: 3600 }) : { ok: true, data: { deadLetters: [] } };
      return [
        h("p", { class: "facts-line" }, h("a", { href: "#/dead-letters" }, "← All"),
          num(`${count(last)} in all`, path`/v1/streams/${stream.name}`), soft(perSecond(streamRate(stream.name))),
          h("a", { href: `#/${path`pipelines/${name}`}` }, name)),
        actions(name, last),
        turns(last, to, from > stream.partitions[0].first ? from : null),
        page?.ok ? [reasons(page.data.deadLetters), letters(page.data.deadLetters, call)] : refusal(page),
      ];
    },
  };
  function turns(last, to, from) {
    return h("p", { class: "buttons" }, last > to ? h("button", { type: "button", onclick: () => turn(null) },
      `${count(last - to)} newer`) : null,
    from !== null ? h("button", { type: "button", onclick: () => turn(from) }, "Older") : null);
  }
  function turn(to) {
    if (to === null) newest = null;
    before = to;
    refresh();
  }
};

function actions(name, all) {
  const does = (word, text, isDanger) => isBuilt("POST", OPERATION + word) && all > 0
    ? h("button", { type: "button", class: isDanger ? "danger" : null, onclick: async () => {
      const answer = await act({ title: `${word} of ${name}?`, text, yes: word, isDanger, method: "POST",
        path: path`/v1/pipelines/${name}/dead-letters/` + word, done: "Done." });
      if (answer?.ok) refresh(true);
    } }, word) : null;
  const missing = ["redrive", "discard"].filter(word => !isBuilt("POST", OPERATION + word));
  return [h("p", { class: "buttons" }, does("redrive", "All are given back to the stage that refused them."),
    does("discard", "They are dropped for good.", true)),
  missing.length === 0 ? null : note(h("strong", null, `Not built yet: ${missing.join(" and ")}. `),
    "Each letter holds the original value: correct it and post it to its stream again, or change the query.")];
}

/** The causes on this page, the most frequent first. */
function reasons(letters) {
  if (letters.length === 0) return null;
  const groups = [...Map.groupBy(letters, one => `${one.stage}\n${one.reason}`).values()].sort((a, b) => b.length - a.length);
  return h("section", { "aria-label": "Causes" }, h("div", { class: "head" }, h("h2", null, "Causes on this page")),
    h("ul", { class: "plain" }, groups.slice(0, 8).map(group => h("li", null, h("strong", null, count(group.length)), " ",
      group[0].reason, " ", soft(group[0].stage)))));
}

function letters(list, call) {
  const rows = list.toReversed().map(one => ({ key: `${one.stage} ${one.stream} ${one.partition} ${one.offset}`, cells: [
    h("a", { href: `#/${path`streams/${one.stream}`}/${one.partition}/${one.offset}` },
      `${one.stream} ${one.partition}:${one.offset}`), soft(one.stage), one.reason,
    h("code", { class: "value" }, JSON.stringify(one.value))] }));
  return section("Letters", call, table("Letters", LETTERS, rows, "None: every event was processed."));
}
