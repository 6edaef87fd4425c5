// The stores: which vote, what is wrong with one.

import { use } from "./answers.js";
import { h } from "./dom.js";
import { ago } from "./format.js";
import { everySeconds, historyPath, valuesOf } from "./history.js";
import { apiLink, jsonView, num, refusal, section, soft, status, table } from "./parts.js";
import { plot } from "./plot.js";

const COLUMNS = [{ name: "Store", long: true }, { name: "Status" }, { name: "What is wrong", long: true },
  { name: "Since" }, { name: "Incarnation", opt: true }];

export const stores = () => ({
  title: "Stores",
  draw: () => {
    const health = use("/health")?.data;
    const planned = use("/v1/stores", { every: 10 });
    if (!health?.stores) return refusal(undefined);
    const all = health.stores;
    const well = all.filter(store => store.voting && !store.detail).length;
    const need = Math.floor(all.length / 2) + 1;
    return [
      h("div", { class: "tiles", "data-key": "tiles" }, plot({ title: "Stores answering", of: "this host asks them",
        format: value => `${value}`, value: num(`${well} of ${all.length}`, "/health"), top: Math.max(1, all.length),
        series: [{ name: "stores", values: valuesOf("stores") }], everySeconds: everySeconds(), path: historyPath,
        tone: well < all.length ? "warn" : "" })),
      h("p", { class: well < need ? "trouble" : "soft" }, well < need
        ? `${need} of ${all.length} must answer: nothing is accepted until they do. Nothing acknowledged is lost.`
        : well === all.length ? `Any ${all.length - need} of ${all.length} may be lost: everything is on a majority.`
        : `It works with ${need} of ${all.length}: ${well - need === 0 ? "none more may be lost" : `${well - need} more may be lost`}.`),
      section("All stores", "/health", table("All stores", COLUMNS, all.map(store => row(store, health)), "None.")),
      copies(health),
      planned?.ok ? section("As the register has them", "/v1/stores", jsonView(planned.data, "Stores"))
        : section("Adding, replacing, removing", null, refusal(planned, ["Stores are settings now: ",
          h("code", null, "--store NAME=URI"), " at start; a new, empty one in a lost one's place is filled by itself: ",
          "docs/runbook.md."])),
    ];
  },
});

function row(store, health) {
  const check = health.checks.find(one => one.name === `store ${store.name}`);
  const word = !store.voting ? "not voting" : store.detail ? "degraded" : "voting";
  return { key: store.name, cells: [store.name, status(word), store.detail ?? check?.reason ?? soft("nothing"),
    soft(ago(check?.since)), soft(store.id ?? "–")] };
}

function copies(health) {
  const check = health.checks.find(one => one.name === "copies");
  if (!check || check.status === "ok") return null;
  return h("p", { class: "trouble" }, h("strong", null, "Copies: "), check.reason);
}
