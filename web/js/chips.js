/** The question restated, a chip per part; changing one asks the changed question. */

import { once } from "./api.js";
import { button, fill, h, input, select } from "./dom.js";
import { capital } from "./format.js";
import { byChoices, metricChoices, scopeChoices } from "./choices.js";

/**
 * @typedef {import("./types.js").Query} Query @typedef {import("./types.js").Vocabulary} Vocabulary
 * @typedef {import("./types.js").Chip} Chip
 * @typedef {{field: HTMLElement, read: () => Partial<Query>}} Editor
 */

/** @param {string} id @param {import("./types.js").Answer} answer @param {import("./answer.js").Ask} ask */
export function chipRow(id, answer, ask) {
  if (!answer.chips?.length)
    return answer.restated ? h("p", { class: "restated" }, `Read as: ${answer.restated}`) : null;
  const query = answer.queries[0] ?? {};
  const place = h("div", { class: "chip-editor", hidden: true });
  const row = h(
    "ul",
    { class: "chips" },
    answer.chips.map((chip) => h("li", {}, chipButton(chip))),
  );

  /** @param {Chip} chip */
  function chipButton(chip) {
    const press = button(chip.label, () => open(chip, press), {
      class: "chip",
      "aria-expanded": "false",
      "data-slot": chip.slot,
      "aria-label": `${chip.label}: change the ${SLOTS[chip.slot] ?? chip.slot}`,
    });
    return press;
  }

  /** @param {Chip} chip @param {HTMLButtonElement} press */
  async function open(chip, press) {
    const was = press.getAttribute("aria-expanded") === "true";
    for (const other of row.querySelectorAll("button")) other.setAttribute("aria-expanded", "false");
    place.hidden = was;
    if (was) return;
    press.setAttribute("aria-expanded", "true");
    const editor = editorOf(chip.slot, query, await once("/vocabulary"));
    fill(
      place,
      h(
        "form",
        {
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            place.hidden = true;
            press.setAttribute("aria-expanded", "false");
            const changed = settled({ ...query, ...editor.read() });
            ask(
              { query: changed, context: id },
              `${capital(answer.restated)}, with another ${SLOTS[chip.slot] ?? chip.slot}`,
            );
          },
          onkeydown: (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            place.hidden = true;
            press.setAttribute("aria-expanded", "false");
            press.focus();
          },
        },
        editor.field,
        h("button", { type: "submit", class: "primary" }, "Ask again"),
      ),
    );
    place.querySelector("select, input")?.dispatchEvent(new Event("focusin"));
    /** @type {HTMLElement | null} */ (place.querySelector("select, input"))?.focus();
  }

  return h("section", { class: "restated no-print" }, h("h3", {}, "Read as"), row, place);
}

/** @type {Record<string, string>} */
const SLOTS = {
  metric: "figure",
  scope: "scope",
  by: "breakdown",
  order: "order",
  limit: "number of rows",
  threshold: "threshold",
  as_of: "day",
  known_at: "day of knowledge",
  since: "earlier day",
  scenario: "supposition",
};

/** A query whose fields fit its kind again after one was changed. @param {Query} query @returns {Query} */
export function settled(query) {
  const kept = Object.fromEntries(
    Object.entries(query).filter(
      ([, value]) => value !== null && value !== "" && !(Array.isArray(value) && !value.length),
    ),
  );
  const made = /** @type {Query} */ (kept);
  if (made.kind === "what_if" && !made.scenario) made.kind = "figure";
  else if (made.kind === "compare" && !made.since && !made.scopes) made.kind = "figure";
  else if ((made.kind === "list" || made.kind === "rank") && !made.by) made.kind = "figure";
  return made;
}

/** @param {string} slot @param {Query} query @param {Vocabulary} words @returns {Editor} */
function editorOf(slot, query, words) {
  const make = EDITORS[slot];
  return make ? make(query, words) : EDITORS.scope(query, words);
}

const KNOWN = "As known on";

/** @type {Record<string, (query: Query, words: Vocabulary) => Editor>} */
const EDITORS = {
  metric: (query, words) => chosen("Figure", metricChoices(words), query.metric ?? "", (metric) => ({ metric })),
  scope: (query, words) => chosen("Of", scopeChoices(words), query.scope ?? "portfolio", (scope) => ({ scope })),
  by: (query, words) =>
    chosen("For each", byChoices(words, query.metric ?? ""), query.by ?? "", (by) => ({ by: by || null })),
  order: (query) =>
    chosen(
      "Order",
      [
        ["lowest", "lowest first"],
        ["highest", "highest first"],
      ],
      query.order ?? "lowest",
      (order) => ({ order }),
    ),
  limit: (query) =>
    typed("How many rows", { type: "number", min: 1, max: 50, value: query.limit ?? 10 }, (text) => ({
      limit: Number(text) || 10,
    })),
  threshold: (query) => threshold(query),
  as_of: (query, words) => dated("As of", query.as_of, words, (as_of) => ({ as_of })),
  known_at: (query, words) => dated(KNOWN, query.known_at, words, (known_at) => ({ known_at })),
  since: (query, words) => dated("Since", query.since, words, (since) => ({ since })),
  scenario: (query, words) =>
    typed(
      "Supposed (separate with commas)",
      { value: (query.scenario ?? []).join(", "), placeholder: words.scenarios?.[0] ?? "" },
      (text) => ({
        scenario: text
          .split(",")
          .map((one) => one.trim())
          .filter(Boolean),
      }),
    ),
};

/**
 * @param {string} label @param {Parameters<typeof select>[1]} options @param {string} value
 * @param {(value: string) => Partial<Query>} made @returns {Editor}
 */
function chosen(label, options, value, made) {
  const { field, input: box } = select(label, options, value);
  return { field, read: () => made(box.value) };
}

/**
 * @param {string} label @param {Record<string, unknown>} props
 * @param {(value: string) => Partial<Query>} made @returns {Editor}
 */
function typed(label, props, made) {
  const { field, input: box } = input(label, props);
  return { field, read: () => made(box.value) };
}

/**
 * @param {string} label @param {string | null | undefined} value @param {Vocabulary} words
 * @param {(value: string | null) => Partial<Query>} made @returns {Editor}
 */
function dated(label, value, words, made) {
  const { field, input: box } = input(label, {
    type: "date",
    value: value ?? words.days.newest,
    max: words.days.newest,
    min: label === KNOWN ? words.days.oldest : null,
  });
  const ends = select(
    "or a month's end",
    [["", "choose"], ...words.days.month_ends.map((end) => /** @type {[string, string]} */ ([end, end]))],
    "",
    (end) => {
      if (end) box.value = end;
    },
  );
  return { field: h("div", { class: "two" }, field, ends.field), read: () => made(box.value || null) };
}

/** @param {Query} query @returns {Editor} */
function threshold(query) {
  const now = query.threshold;
  const op = select(
    "Only rows that are",
    [
      ["<", "below"],
      ["<=", "at most"],
      [">", "above"],
      [">=", "at least"],
    ],
    now?.op ?? "<",
  );
  const value = input("Value (5% as 0.05)", { type: "number", step: "any", value: now?.value ?? "0" });
  return {
    field: h("div", { class: "two" }, op.field, value.field),
    read: () => ({ threshold: { op: op.input.value, value: value.input.value || "0" } }),
  };
}
