// Transactions, as far as the service has them.

import { use } from "./answers.js";
import { h } from "./dom.js";
import { jsonView, refusal, section } from "./parts.js";

export const transactions = () => ({
  title: "Transactions",
  draw: () => {
    const answer = use("/v1/transactions", { every: 10 });
    if (answer?.ok) return section("Transactions", "/v1/transactions", jsonView(answer.data, "Transactions"));
    const isMissing = [404, 405, 501].includes(answer?.status);
    return refusal(isMissing ? { ...answer, status: 501 } : answer, ["What exists: a request's events for one partition are ",
      "written together or not at all, with ", h("code", null, "?atomic=true"), " refused where they would go to several; ",
      "and a request with an ", h("code", null, "Idempotency-Key"), " is written once, however often it is sent."]);
  },
});
