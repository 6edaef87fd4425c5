// One event: where it stands, its key, its trace, its value.

import { use } from "./answers.js";
import { path } from "./api.js";
import { h } from "./dom.js";
import { time } from "./format.js";
import { apiLink, code, refusal, soft } from "./parts.js";

export const event = (stream, partition, offset) => ({
  title: `${stream} ${partition}:${offset}`,
  draw: () => {
    const call = `${path`/v1/streams/${stream}/events`}?partition=${partition}&from=${offset}&max=1&trace=true`;
    const answer = use(call, { every: 3600 });
    if (!answer?.ok) return refusal(answer);
    const line = answer.data.trim();
    const to = n => h("a", { class: "button", href: `#/${path`streams/${stream}`}/${partition}/${n}` }, n < offset ? "← Before" : "Next →");
    const links = h("p", { class: "buttons" }, h("a", { class: "button", href: `#/${path`streams/${stream}`}` }, stream),
      Number(offset) > 0 ? to(Number(offset) - 1) : null, line ? to(Number(offset) + 1) : null);
    if (!line) return [links, h("p", { class: "soft" }, "There is no event here yet.")];
    const one = JSON.parse(line);
    return [links, h("section", { "aria-label": "Event" }, h("div", { class: "head" }, h("h2", null, "Event"), apiLink(call)),
      h("dl", { class: "facts" },
        h("dt", null, "Key"), h("dd", null, one.key === undefined ? soft("none") : code(one.key)),
        h("dt", null, "Partition"), h("dd", null, `${one.partition}`),
        h("dt", null, "Offset"), h("dd", null, `${one.offset}`),
        h("dt", null, "Accepted"), h("dd", null, `${time(one.time)} UTC`),
        h("dt", null, "Trace"), h("dd", null, one.trace ? code(one.trace) : soft("was not recorded")),
        one.cloudevent ? [h("dt", null, "CloudEvent"), h("dd", null, h("pre", { tabindex: "0" },
          JSON.stringify(one.cloudevent, null, 2)))] : null,
        h("dt", null, "Value"), h("dd", null, h("pre", { tabindex: "0" }, pretty(line, one)))))];
  },
});

/** As JSON with indents, where that loses nothing of its numbers. */
function pretty(line, one) {
  const text = line.slice(line.indexOf("\"value\":") + 8, one.cloudevent ? line.lastIndexOf(",\"cloudevent\":") : -1);
  const hasLarge = /\d{16,}|\d[eE]/.test(text);
  return hasLarge ? text : JSON.stringify(one.value, null, 2);
}
