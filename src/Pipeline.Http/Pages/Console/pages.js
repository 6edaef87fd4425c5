// Which page an address names.

import { backups } from "./backups.js";
import { cluster } from "./cluster.js";
import { deadLetters } from "./deadletters.js";
import { definition } from "./definition.js";
import { event } from "./event.js";
import { keys } from "./keys.js";
import { overview } from "./overview.js";
import { note } from "./parts.js";
import { pipeline } from "./pipeline.js";
import { pipelines } from "./pipelines.js";
import { stage } from "./stage.js";
import { stores } from "./stores.js";
import { stream } from "./stream.js";
import { streams } from "./streams.js";
import { transactions } from "./transactions.js";

const nothing = () => ({ title: "Nothing here", draw: () => note("The menu has all pages.") });

const routes = [
  [/^$/, overview],
  [/^pipelines$/, pipelines],
  [/^new$/, () => definition(null)],
  [/^pipelines\/([^/]+)$/, pipeline],
  [/^pipelines\/([^/]+)\/definition$/, definition],
  [/^pipelines\/([^/]+)\/stages\/([^/]+)$/, stage],
  [/^streams$/, streams],
  [/^streams\/([^/]+)$/, stream],
  [/^streams\/([^/]+)\/(\d+)\/(\d+)$/, event],
  [/^stores$/, stores],
  [/^cluster$/, cluster],
  [/^dead-letters$/, () => deadLetters(null)],
  [/^dead-letters\/([^/]+)$/, deadLetters],
  [/^backups$/, backups],
  [/^transactions$/, transactions],
  [/^keys$/, keys],
];

/** The page for an address, as text before decoding. */
export function pages(address) {
  for (const [form, page] of routes) {
    const found = form.exec(address);
    if (found) return page(...found.slice(1).map(decodeURIComponent));
  }
  return nothing();
}
