// Backups: which there are, how old the newest one is, when a restore was rehearsed.

import { refresh, use } from "./answers.js";
import { act } from "./dialog.js";
import { h } from "./dom.js";
import { ago, bytes, count } from "./format.js";
import { cellNum, note, refusal, section, soft, status, table } from "./parts.js";

const COLUMNS = [{ name: "Backup", long: true }, { name: "Status" }, { name: "Cut" }, { name: "Events", n: true },
  { name: "Size", n: true }, { name: "New", n: true, opt: true }];

export const backups = () => ({
  title: "Backups",
  draw: () => {
    const answer = use("/v1/backups", { every: 5 });
    if (!answer?.ok) return refusal(answer);
    const { to, schedule, keep, lastDrill, backups: all } = answer.data;
    if (to === null) {
      return note(h("strong", null, "No backups are made. "), h("code", null, "Pipeline__Backup__To"),
        " says where they go, a directory or a container: docs/backups.md.");
    }
    const newest = all.find(one => one.state === "done");
    return [
      h("p", { class: newest ? "soft" : "trouble" }, newest
        ? `All that was acknowledged before ${ago(newest.cut)} is in the newest one.` : "There is no whole backup yet."),
      h("p", { class: "buttons" }, h("button", { type: "button", onclick: begin }, "Back up now…")),
      h("dl", { class: "facts" }, fact("Place", to), fact("Made", schedule ? `${schedule} (UTC)` : "when somebody asks"),
        fact("Kept", keep ?? "all"), fact("Restore rehearsed", lastDrill ? `${ago(lastDrill.time)}, ${lastDrill.backup}` : "never")),
      section("All backups", "/v1/backups", table("All backups", COLUMNS, all.map(row), "None yet.")),
    ];
  },
});

const fact = (name, value) => [h("dt", null, name), h("dd", null, value)];

async function begin() {
  const answer = await act({ title: "Back up now?", yes: "Back up", method: "POST", path: "/v1/backups", done: "It has begun.",
    text: "One cut over all streams, checkpoints and definitions is copied to the place of the backups. Nothing is held up." });
  if (answer?.ok) refresh(true);
}

function row(one) {
  const call = `/v1/backups/${one.id}`;
  const word = { done: "ok", running: "starting", failed: "failed" }[one.state];
  return { key: one.id, more: one.reason ? h("p", null, one.reason) : null, cells: [
    h("a", { href: call, "data-api": true }, one.id), status(word, one.state), soft(ago(one.cut)),
    cellNum(one.state === "done" ? count(one.events) : "–", call), cellNum(one.state === "done" ? bytes(one.bytes) : "–", call),
    cellNum(bytes(one.newBytes), call)] };
}
