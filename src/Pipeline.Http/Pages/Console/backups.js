// Backups, as far as the service has them.

import { use } from "./answers.js";
import { isBuilt } from "./api.js";
import { act } from "./dialog.js";
import { h } from "./dom.js";
import { jsonView, refusal, section } from "./parts.js";

export const backups = () => ({
  title: "Backups",
  draw: () => {
    const answer = use("/v1/backups", { every: 10 });
    if (!answer?.ok) {
      return refusal(answer, ["What exists: every event is on a majority of the stores, ",
        h("code", null, "pipeline verify"), " reads all copies and compares them, ", h("code", null, "pipeline repair"),
        " puts a bad one right, and a copy of all stores' folders, taken while the service is stopped, holds ",
        "everything."]);
    }
    return [isBuilt("POST", "/v1/backups") ? h("p", { class: "buttons" }, h("button", { type: "button", onclick: () => act({
      title: "Back up now?", text: "One cut over all streams is copied to the configured place.", yes: "Back up",
      method: "POST", path: "/v1/backups", done: "It has begun." }) }, "Back up now…")) : null,
    section("Backups", "/v1/backups", jsonView(answer.data, "Backups"))];
  },
});
