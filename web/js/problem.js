/** What went wrong, and what to do, as a card. */

import { announce, button, h } from "./dom.js";
import { Problem } from "./fault.js";

/** @param {unknown} error @param {(() => void) | null} [again] @param {string} [label] what the button says */
export function problemCard(error, again = null, label = "Try again") {
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
    again && button(label, again, { class: "primary" }),
  );
}
