/** Scenarios beside today, in one table. */

import { h } from "./dom.js";
import { figure } from "./figures.js";
import { about, capital } from "./format.js";

const MONEY_FIRST = [
  "gross_margin_at_completion",
  "gross_profit_at_completion",
  "contract_value",
  "estimated_cost_at_completion",
  "net_profit_at_completion",
  "net_margin_at_completion",
];

/** Today and every supposition side by side. @param {any} told */
export function comparison(told) {
  const names = MONEY_FIRST.filter((name) => told.today[name]);
  const cell = (/** @type {string} */ name, /** @type {any} */ scenario) => {
    const outcome = scenario.outcomes[name];
    const ref = [told.today[name].id, ...scenario.assumptions].join("~");
    if (!outcome) return "–";
    return [
      figure(outcome.ref ?? ref, outcome.shown, `${told.today[name].label}, ${scenario.name}`),
      outcome.change &&
        told.today[name].unit === "money" &&
        h(
          "span",
          { class: "change" },
          Number(outcome.change) === 0
            ? "no change"
            : `${Number(outcome.change) > 0 ? "+" : ""}${about(outcome.change)}`,
        ),
    ];
  };
  return h(
    "div",
    {},
    h(
      "p",
      { class: "banner" },
      h("strong", {}, "HYPOTHETICAL"),
      ` ${told.label}, beside today. Nothing of it is booked.`,
    ),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Scenarios beside today" },
      h(
        "table",
        { class: "result compared" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "Figure"),
            h("th", { scope: "col", class: "num" }, "Today"),
            told.scenarios.map((/** @type {any} */ one) => h("th", { scope: "col", class: "num" }, one.name)),
          ),
        ),
        h(
          "tbody",
          {},
          names.map((name) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, capital(told.today[name].label)),
              h(
                "td",
                { class: "num", "data-label": "Today" },
                figure(told.today[name].id, told.today[name].shown, told.today[name].label),
              ),
              told.scenarios.map((/** @type {any} */ one) =>
                h("td", { class: "num", "data-label": one.name }, cell(name, one)),
              ),
            ),
          ),
        ),
      ),
    ),
    told.scenarios
      .flatMap((/** @type {any} */ one) => one.notes ?? [])
      .map((/** @type {string} */ note) => h("p", { class: "quiet" }, capital(note))),
  );
}
