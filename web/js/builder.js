/** A question put together step by step: it posts a typed query, so no engine has to read it. */

import { get } from "./api.js";
import { BY, byChoices, metricChoices, scopeChoices } from "./choices.js";
import { settled } from "./chips.js";
import { ask } from "./conversation.js";
import { fill, h, input, offer, select } from "./dom.js";
import { capital, day } from "./format.js";

/** @typedef {import("./types.js").Query} Query @typedef {import("./types.js").Vocabulary} Vocabulary */

/** @type {[string, string][]} */
const SPECIAL = [
  ["wip", "The work-in-progress schedule"],
  ["scorecard", "Project managers by what their closed jobs delivered"],
  ["health", "How fresh and complete the data are"],
];

const FIRST = "gross_margin_at_completion";

/** @param {HTMLElement} main */
export async function show(main) {
  fill(main, h("h1", {}, "Build a question"), h("p", { class: "loading" }, "Looking up what there is …"));
  /** @type {Vocabulary} */
  const words = await get("/vocabulary");
  fill(
    main,
    h("h1", {}, "Build a question"),
    h("p", {}, "Each choice is exact; no wording has to be understood."),
    form(words),
  );
  return "Build a question";
}

/** @param {Vocabulary} words */
function form(words) {
  /** @type {Query} */
  const chosen = {
    kind: "figure",
    metric: words.metrics.some((one) => one.name === FIRST) ? FIRST : (words.metrics[0]?.name ?? ""),
    scope: "portfolio",
  };
  let scenario = "";
  const meaning = h("p", { class: "quiet" });
  const said = h("p", { class: "restated", "aria-live": "polite" });
  const change = () => {
    said.textContent = `${restated(query(), words)}.`;
    const metric = words.metrics.find((one) => one.name === chosen.metric);
    meaning.textContent = metric?.meaning ? `${capital(metric.meaning)}.` : "";
    const whole = SPECIAL.some(([kind]) => kind === chosen.kind);
    for (const later of made.querySelectorAll("fieldset[data-later]")) later.toggleAttribute("hidden", whole);
  };
  const metrics = (/** @type {string} */ wanted) => [
    ...metricChoices(words, wanted),
    { group: "Whole reports", options: SPECIAL },
  ];
  /** @returns {Query} */
  const query = () => typed(chosen, scenario);

  const metric = select("Figure", metrics(""), chosen.metric ?? "", (value) => {
    const special = SPECIAL.some(([kind]) => kind === value);
    chosen.kind = special ? value : "figure";
    chosen.metric = special ? "" : value;
    fitted();
    change();
  });
  const find = input("Find a figure", {
    type: "search",
    placeholder: "margin, hours, cash …",
    oninput: (/** @type {Event} */ event) => {
      offer(metric.input, metrics(/** @type {HTMLInputElement} */ (event.target).value));
      metric.input.dispatchEvent(new Event("change"));
    },
  });
  /** The other choices must fit the figure: a company's figure has no project. */
  const fitted = () => {
    const kinds = words.metrics.find((one) => one.name === chosen.metric)?.kinds ?? [];
    if (kinds.length === 1 && kinds[0] === "company") scope.input.value = chosen.scope = "company";
    else if (chosen.scope === "company" && !kinds.includes("company"))
      scope.input.value = chosen.scope = "portfolio";
    offer(by.input, byChoices(words, chosen.metric ?? ""));
    chosen.by = by.input.value || null;
  };
  const scope = select("Of", scopeChoices(words), "portfolio", (value) => {
    chosen.scope = value;
    change();
  });
  const by = select("For", BY, "", (value) => {
    chosen.by = value || null;
    change();
  });
  const order = select(
    "Order",
    [
      ["", "as they come"],
      ["lowest", "lowest first"],
      ["highest", "highest first"],
    ],
    "",
    (value) => {
      chosen.order = value || null;
      change();
    },
  );
  const limit = input("At most how many rows", {
    type: "number",
    min: 1,
    max: 50,
    placeholder: "all",
    onchange: (/** @type {Event} */ event) => {
      chosen.limit = Number(/** @type {HTMLInputElement} */ (event.target).value) || null;
      change();
    },
  });
  const dates = (/** @type {string} */ label, /** @type {"as_of" | "since" | "known_at"} */ slot) => {
    const box = input(label, {
      type: "date",
      max: words.days.newest,
      min: slot === "known_at" ? words.days.oldest : null,
      value: slot === "as_of" ? words.days.newest : "",
      onchange: () => {
        chosen[slot] = box.input.value && box.input.value !== words.days.newest ? box.input.value : null;
        change();
      },
    });
    const ends = select(
      "or a month's end",
      [["", "choose"], ...words.days.month_ends.map((end) => /** @type {[string, string]} */ ([end, day(end)]))],
      "",
      (end) => {
        box.input.value = end || box.input.value;
        chosen[slot] = end || null;
        change();
      },
    );
    return h("div", { class: "two" }, box.field, ends.field);
  };
  const suppose = input("Suppose (separate with commas)", {
    placeholder: "approve all, burden +2",
    oninput: (/** @type {Event} */ event) => {
      scenario = /** @type {HTMLInputElement} */ (event.target).value;
      change();
    },
  });

  const made = h(
    "form",
    {
      class: "builder",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        ask({ query: query(), context: null }, restated(query(), words));
      },
    },
    h("fieldset", {}, h("legend", {}, "1 What"), h("div", { class: "two" }, find.field, metric.field), meaning),
    h("fieldset", { "data-later": true }, h("legend", {}, "2 Of what"), scope.field),
    h(
      "fieldset",
      { "data-later": true },
      h("legend", {}, "3 Broken down"),
      h("div", { class: "three" }, by.field, order.field, limit.field),
    ),
    h("fieldset", {}, h("legend", {}, "4 Day"), dates("As of", "as_of"), dates("As it was known on", "known_at")),
    h("fieldset", { "data-later": true }, h("legend", {}, "5 Compared"), dates("With the day", "since")),
    h(
      "fieldset",
      { "data-later": true },
      h("legend", {}, "6 Supposed"),
      suppose.field,
      h("p", { class: "quiet" }, `Spelled: ${words.scenarios.join("; ")}`),
    ),
    h("div", { class: "builder-foot" }, said, h("button", { type: "submit", class: "primary" }, "Ask")),
  );
  change();
  return made;
}

/** The kind follows from what was chosen. @param {Query} chosen @param {string} scenario @returns {Query} */
function typed(chosen, scenario) {
  if (SPECIAL.some(([kind]) => kind === chosen.kind))
    return settled({ kind: chosen.kind, as_of: chosen.as_of ?? null, known_at: chosen.known_at ?? null });
  const supposed = scenario
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
  const { since, by, order, limit, ...rest } = chosen;
  if (supposed.length) return settled({ ...rest, kind: "what_if", scenario: supposed });
  if (since) return settled({ ...rest, kind: "compare", since });
  if (by)
    return settled({
      ...rest,
      by,
      kind: order || limit ? "rank" : "list",
      order: order ?? (limit ? "lowest" : null),
      limit: limit ?? null,
    });
  return settled({ ...rest, kind: "figure" });
}

/** @param {Query} query @param {Vocabulary} words */
function restated(query, words) {
  const special = SPECIAL.find(([kind]) => kind === query.kind);
  const known = query.known_at ? `, as known on ${day(query.known_at)}` : "";
  const on = `${query.as_of ? ` as of ${day(query.as_of)}` : ""}${known}`;
  if (special) return `${special[1]}${on}`;
  const metric = words.metrics.find((one) => one.name === query.metric);
  const project = words.projects.find((one) => one.key === query.scope);
  const of =
    {
      portfolio: "all active projects",
      company: "the company",
      closed: "all closed projects",
      all: "the projects of every state",
    }[query.scope ?? ""] ?? (project ? `${project.key} ${project.name}` : query.scope);
  const by = query.by ? `, for ${BY.find(([key]) => key === query.by)?.[1]}` : "";
  const order = query.order ? `, ${query.order} first` : "";
  const limit = query.limit ? `, at most ${query.limit}` : "";
  const since = query.since ? `, since ${day(query.since)}` : "";
  const supposed = query.scenario?.length ? `, supposing ${query.scenario.join(", ")}` : "";
  return `${capital(metric?.label ?? query.metric ?? "")} of ${of}${by}${order}${limit}${on}${since}${supposed}`;
}
