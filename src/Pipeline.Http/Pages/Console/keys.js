// Keys: they are settings of the service; this tab may hold one.

import { forget, refresh, use } from "./answers.js";
import { isBuilt, key, setKey } from "./api.js";
import { h } from "./dom.js";
import { code, jsonView, note, section, soft, table } from "./parts.js";

const ROLES = [{ name: "Role" }, { name: "May", long: true }];

export const keys = () => ({
  title: "Keys",
  draw: () => {
    const built = isBuilt("GET", "/v1/keys") ? use("/v1/keys", { every: 10 }) : null;
    return [
      section("This tab", null, key()
        ? h("p", null, "It holds a key until it is closed. ", h("button", { type: "button", onclick: signOut }, "Forget the key"))
        : h("p", null, "It holds no key: the service asks for none here.")),
      built?.ok ? section("Keys", "/v1/keys", jsonView(built.data, "Keys")) : note(h("strong", null,
        "Listing and making keys here is not built yet. "), "They are settings: ", code("pipeline key NAME --roles reader"),
      " prints a key, once, and the settings that accept it (", code("Pipeline:Auth:Keys:{name}:Hash"), ", ",
      code("…:Roles"), "). Taking the settings away ends it, with the next start."),
      section("Roles", null, table("Roles", ROLES, [
        [code("producer"), "post events and watermarks; producer:STREAM for one stream"],
        [code("reader"), "see streams, events, pipelines, dead letters, metrics; reader:STREAM for one stream"],
        [code("operator"), "put, pause, resume, roll back and delete pipelines"],
        [soft("none"), "health, the API document and this page without data"]], "None.")),
    ];
  },
});

function signOut() {
  setKey(null);
  forget();
  refresh(true);
}
