// Where authentication is on: asks for a key. It is sent in a header alone, never in an address.

import { call, key, setKey } from "./api.js";
import { h } from "./dom.js";

/** `answer`: the call that was refused; `done`: what to do once there is a key. */
export function keyForm(answer, done) {
  const tried = key() ? answer.problem.detail : "";
  const submit = async event => {
    event.preventDefault();
    const form = event.currentTarget;
    const value = form.querySelector("input").value.trim();
    if (value.length === 0) return;
    const said = form.querySelector("[role=alert]");
    if (!/^[!-~]+$/.test(value)) {
      said.textContent = "A key has letters, digits and signs of ASCII alone.";
      return;
    }
    setKey(value);
    const check = await call("GET", "/v1/streams");
    if (check.status === 401) {
      setKey(null);
      said.textContent = check.problem.detail;
      return;
    }
    done();
  };
  return h("form", { class: "card ask", "data-keep": true, onsubmit: submit },
    h("h2", null, "A key, please"),
    h("p", { class: "soft" }, "This service lets only those in who have a key. It is kept until this tab is closed. ",
      "The role reader shows, the role operator changes."),
    h("label", { for: "key" }, "Key"),
    h("input", { id: "key", type: "password", autocomplete: "off", spellcheck: "false", autofocus: true }),
    h("button", { class: "main" }, "Show the console"),
    h("p", { class: "bad", role: "alert" }, tried),
    h("p", { class: "soft" }, "None yet? ", h("code", null, "pipeline key NAME --roles reader,operator"),
      " prints one, and the settings that accept it."));
}
