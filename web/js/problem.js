/** What went wrong, and what to do, as a card. */

import { Problem } from "./api.js";
import { announce, button, h } from "./dom.js";

/** @param {unknown} error @param {(() => void) | null} [again] */
export function problemCard(error, again = null) {
  const problem =
    error instanceof Problem
      ? error
      : new Problem({ detail: String(error instanceof Error ? error.message : error) });
  announce(`${problem.title}. ${problem.message}`);
  return h(
    "section",
    { class: "card problem" },
    h("h2", {}, problem.title),
    h("p", {}, problem.message),
    problem.fix && h("p", { class: "fix" }, problem.fix),
    again && button("Try again", again, { class: "primary" }),
  );
}
