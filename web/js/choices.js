/** What a person can choose from, as the snapshot has it. */

import { capital } from "./format.js";

/** @typedef {import("./types.js").Vocabulary} Vocabulary @typedef {[string, string]} Choice */

/** @type {Choice[]} */
export const BY = [
  ["", "one figure, not broken down"],
  ["project", "each project"],
  ["leaf", "each budget line"],
  ["code", "each cost code"],
  ["pm", "each project manager"],
  ["customer", "each customer"],
  ["contract-type", "each contract type"],
  ["closed-in", "each year of closing"],
  ["change", "each change order"],
];

/** Those asked for most, in the order of a monthly meeting. */
const COMMON = [
  "gross_margin_at_completion",
  "gross_profit_at_completion",
  "contract_value",
  "estimated_cost_at_completion",
  "actual_cost",
  "variance_at_completion",
  "pending_change_orders",
  "underbilled",
  "overbilled",
  "backlog",
  "net_margin_at_completion",
  "labor_cost",
  "job_cash",
];

/**
 * Figures whose name holds every word of `wanted`.
 * @param {Vocabulary} words @param {string} [wanted] @returns {{group: string, options: Choice[]}[]}
 */
export function metricChoices(words, wanted = "") {
  const asked = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.metrics.filter((metric) => asked.every((word) => metric.label.toLowerCase().includes(word)));
  const choice = (/** @type {import("./types.js").MetricEntry} */ metric) =>
    /** @type {Choice} */ ([metric.name, capital(metric.label)]);
  const common = COMMON.flatMap((name) => found.filter((metric) => metric.name === name));
  return [
    { group: "Asked for most", options: common.map(choice) },
    { group: "All figures", options: found.filter((metric) => !common.includes(metric)).map(choice) },
  ].filter((entry) => entry.options.length > 0);
}

/** What a figure can be broken down by. @param {Vocabulary} words @param {string} name @returns {Choice[]} */
export function byChoices(words, name) {
  const known = words.metrics.find((metric) => metric.name === name)?.by;
  return BY.filter(([key]) => !key || !known || known.includes(key));
}

/** An entry's key as a figure's spelling has it. @param {string | import("./types.js").Named} entry */
const keyOf = (entry) => (typeof entry === "string" ? entry : (entry.key ?? entry.id ?? entry.name ?? ""));

/** @param {string | import("./types.js").Named} entry */
const nameOf = (entry) =>
  typeof entry === "string" ? entry : [entry.key ?? entry.id, entry.name ?? entry.label].filter(Boolean).join(" ");

/** @param {string} prefix @param {(string | import("./types.js").Named)[] | undefined} entries @returns {Choice[]} */
const under = (prefix, entries) =>
  (entries ?? []).map((entry) => [
    `${prefix}/${keyOf(entry).replace(new RegExp(`^${prefix}/`), "")}`,
    nameOf(entry),
  ]);

/** @param {Vocabulary} words @returns {(Choice | {group: string, options: Choice[]})[]} */
export function scopeChoices(words) {
  const of = (/** @type {(state: string) => boolean} */ wanted) =>
    words.projects
      .filter((project) => wanted(project.state ?? "active"))
      .map((project) => /** @type {Choice} */ ([project.key, `${project.key} ${project.name}`]));
  const closed = (/** @type {string} */ state) => /closed|complete/.test(state);
  return [
    ["portfolio", "All active projects"],
    ["closed", "All closed projects"],
    ["company", "The company"],
    ["all", "Projects of every state (lists only)"],
    { group: "Active projects", options: of((state) => !closed(state)) },
    { group: "Closed projects", options: of(closed) },
    { group: "Project managers", options: under("pm", words.managers) },
    { group: "Customers", options: under("customer", words.customers) },
    { group: "Cost codes", options: under("portfolio", words.codes) },
  ]
    .filter((entry) => Array.isArray(entry) || entry.options.length > 0)
    .map((entry) => /** @type {any} */ (entry));
}
