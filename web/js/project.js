/** One job: its main figures, and what to ask about it. */

import { get, part } from "./api.js";
import { ask } from "./conversation.js";
import { button, fill, h } from "./dom.js";
import { figure, gradeBadge } from "./figures.js";
import { capital, day, jobKey, systemName } from "./format.js";

/** @param {HTMLElement} main @param {string} key */
export async function show(main, key) {
  fill(main, h("h1", {}, key), h("p", { class: "loading" }, "Looking it up …"));
  const told = await get(`/projects/${part(key)}`);
  const facts = /** @type {[string, string][]} */ ([
    ["State", told.cancelled ? "cancelled" : told.state],
    ["Customer", told.customer],
    ["Managed by", (told.managers ?? []).join(", ")],
    ["Started", day(told.started_on)],
    ["Planned finish", day(told.planned_finish_on)],
    ["Finished", day(told.finished_on)],
    ["Seen in", (told.systems ?? []).map(systemName).join(", ")],
  ]);
  fill(
    main,
    h("h1", {}, h("span", { class: "key" }, jobKey(told.key)), " ", told.name),
    h(
      "dl",
      { class: "facts" },
      facts
        .filter(([, value]) => value)
        .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    ),
    h(
      "section",
      { class: "card" },
      h("h2", {}, `As of ${day(told.as_of)}`),
      h(
        "dl",
        { class: "tiles" },
        told.figures.map((/** @type {any} */ one) =>
          h(
            "div",
            {},
            h("dt", {}, capital(one.label)),
            h(
              "dd",
              {},
              figure(one.id, one.shown, one.label, Number(one.value) < 0 ? "minus" : ""),
              " ",
              gradeBadge(one.grade, one.missing),
            ),
          ),
        ),
      ),
    ),
    h(
      "section",
      { class: "no-print" },
      h("h2", {}, "Ask about it"),
      h(
        "ul",
        { class: "pills" },
        questions(told).map(([label, query]) =>
          h(
            "li",
            {},
            button(label, () => ask({ query, context: null }, `${told.key} ${told.name}: ${label}`)),
          ),
        ),
      ),
    ),
  );
  return `${told.key} ${told.name}`;
}

/**
 * Typed, so that each is answered whatever reads questions.
 * @param {any} told @returns {[string, import("./types.js").Query][]}
 */
const questions = ({ key: scope, as_of }) => [
  [
    "Why did the profit move this month?",
    { kind: "compare", metric: "gross_profit_at_completion", scope, since: monthEndBefore(as_of) },
  ],
  [
    "Which cost codes are off budget?",
    { kind: "rank", metric: "variance_at_completion", scope, by: "leaf", order: "lowest", limit: 10 },
  ],
  [
    "What if all pending change orders are approved?",
    { kind: "what_if", metric: "gross_margin_at_completion", scope, scenario: ["approve all"] },
  ],
  ["What is earned and not yet billed?", { kind: "figure", metric: "underbilled", scope }],
  [
    "What does labor cost, by code?",
    { kind: "rank", metric: "labor_cost", scope, by: "code", order: "highest", limit: 10 },
  ],
];

/** The last day of the month before. @param {string} text */
const monthEndBefore = (text) =>
  new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, 0)).toISOString().slice(0, 10);
