/** When each system was read last, and what is stale. */

import { h } from "./dom.js";
import { moment, systemName } from "./format.js";

/** @param {import("./types.js").Freshness | null | undefined} freshness */
export function freshnessLine(freshness) {
  const systems = Object.entries(freshness ?? {});
  if (!systems.length) return null;
  return h(
    "ul",
    { class: "fresh", "aria-label": "When each system was read" },
    systems.map(([name, state]) =>
      h(
        "li",
        { class: state.stale || state.error ? "stale" : "" },
        h("strong", {}, systemName(name)),
        state.stale || state.error ? " stale, read " : " read ",
        state.read_at ? h("time", { datetime: state.read_at }, moment(state.read_at)) : "never",
        state.error && h("span", {}, `: ${state.error}`),
      ),
    ),
  );
}
