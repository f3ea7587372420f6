/**
 * An answer, most important first: what is supposed, the sentence, the figure, then why, then how, then what it
 * rests on.
 */

import { part } from "./api.js";
import { feedback, saving, takeAway } from "./afterwards.js";
import { chartSection } from "./chart.js";
import { chipRow } from "./chips.js";
import { button, copy, h } from "./dom.js";
import { figure, gradeBadge } from "./figures.js";
import { capital, day } from "./format.js";
import { freshnessLine } from "./freshness.js";
import { recordsOf } from "./records.js";
import { link } from "./router.js";
import { resultTable } from "./table.js";
import { nameOf, sentence } from "./sentence.js";
import { clarify, followUps, refusal } from "./unanswered.js";
import { whatIfBar } from "./whatif.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {(asked: import("./conversation.js").Asked, label: string) => void} Ask
 */

/** How many warnings stand open; on a phone the figures below are not pushed away. */
const standing = () => (matchMedia("(max-width: 640px)").matches ? 1 : 2);

/** @param {string} id @param {Answer} answer @param {string} question @param {Ask} ask */
export function answerCard(id, answer, question, ask) {
  if (answer.status === "clarify") return clarify(id, answer, ask);
  if (answer.status === "refused") return refusal(id, answer, ask);
  return h(
    "div",
    { class: `card answer ${answer.hypothetical ? "supposed" : ""}` },
    answer.hypothetical && banner(answer),
    h("p", { class: "sentence" }, sentence(answer)),
    headline(answer),
    warnings(answer),
    chipRow(id, answer, ask),
    drivers(answer),
    evidence(answer),
    whatIfBar(answer, ask),
    method(answer),
    rests(answer),
    followUps(id, answer.follow_ups, ask, "Ask next"),
    actions(id, answer, question),
  );
}

/** @param {Answer} answer */
function banner(answer) {
  const supposed = answer.queries.flatMap((query) => query.scenario ?? []);
  return h(
    "p",
    { class: "banner" },
    h("strong", {}, "HYPOTHETICAL"),
    " ",
    supposed.length ? `Supposed: ${supposed.join(", ")}. Nothing of it is booked.` : "Nothing of it is booked.",
  );
}

/** @param {Answer} answer */
function headline(answer) {
  const told = answer.figures.find((one) => one.id === answer.headline);
  if (!told) return null;
  return h(
    "div",
    { class: "headline" },
    figure(
      told.id,
      told.shown,
      `${told.label} of ${nameOf(told)}`,
      `big ${told.value !== null && Number(told.value) < 0 ? "minus" : ""}`,
    ),
    h(
      "div",
      { class: "headline-what" },
      h("p", { class: "headline-label" }, capital(told.label)),
      h(
        "p",
        { class: "quiet" },
        nameOf(told),
        h("br"),
        `as of ${day(told.as_of)}`,
        answer.known_at ? `, as known on ${day(answer.known_at)}` : "",
      ),
      gradeBadge(told.grade),
    ),
  );
}

/** Systems that disagree and what is stale stand before any detail. @param {Answer} answer */
function warnings(answer) {
  const rest = answer.caveats.filter((text) => !answer.conflicts.some((said) => text.includes(said)));
  const shown = [
    ...answer.conflicts.map((text) => ["Systems disagree", text]),
    ...rest.map((text) => ["Note", text]),
  ];
  if (!shown.length) return null;
  const items = shown.map(([head, text]) => h("li", {}, h("strong", {}, `${head}: `), text));
  return h(
    "div",
    { class: "warnings" },
    h("ul", { "aria-label": "What to mind" }, items.slice(0, standing())),
    items.length > standing() &&
      h(
        "details",
        {},
        h("summary", {}, `${items.length - standing()} more to mind`),
        h("ul", {}, items.slice(standing())),
      ),
  );
}

/** @param {Answer} answer */
function drivers(answer) {
  if (!answer.drivers?.length) return null;
  const most = Math.max(...answer.drivers.map((one) => Math.abs(Number(one.value))), 1e-9);
  const drawn = answer.chart?.kind === "waterfall";
  return h(
    "section",
    {},
    h("h3", {}, "What drives it"),
    h(
      "ul",
      { class: `bars drivers ${drawn ? "unbarred" : ""}` },
      answer.drivers.map((one) => {
        const bar = h("span", { class: `bar ${Number(one.value) < 0 ? "minus" : ""}` });
        bar.style.setProperty("--share", String(Math.abs(Number(one.value)) / most));
        return h(
          "li",
          {},
          h("span", { class: "bar-label" }, capital(one.label)),
          !drawn && bar,
          one.ref ? figure(one.ref, one.shown, one.label) : h("span", { class: "amount" }, one.shown),
          !one.ref && one.records?.length ? recordsOf(one.label, one.records) : null,
        );
      }),
    ),
  );
}

/** Chart and table; where the table holds the chart's bars it is the table beneath. @param {Answer} answer */
function evidence(answer) {
  const { chart, table } = answer;
  const held = new Set((table?.rows ?? []).flatMap((row) => Object.values(row.cells).map((cell) => cell.ref)));
  const same = Boolean(chart && table) && chart?.points.every((point) => !point.ref || held.has(point.ref));
  const drawn = chart && chart.points.length > 1 && chartSection(chart, { table: !same });
  if (!table?.rows.length) return drawn || null;
  const one = table.rows.length === 1 && !drawn;
  return h(
    "section",
    {},
    !one && h("h3", {}, "In figures"),
    drawn,
    h(
      "details",
      { class: "beneath", open: true },
      h(
        "summary",
        {},
        one ? "In figures" : `Table: ${table.rows.length} ${table.rows.length === 1 ? "row" : "rows"}`,
      ),
      resultTable(table, answer.restated || "The figures of this answer"),
    ),
  );
}

/** @param {Answer} answer */
function method({ method: told }) {
  if (!told) return null;
  return h(
    "section",
    { class: "method" },
    h("h3", {}, "How it is worked out"),
    h("p", {}, h("strong", {}, capital(told.label)), ` is ${told.meaning}.`),
    h("p", { class: "formula" }, told.formula),
    told.method && told.method !== told.formula && h("p", { class: "quiet" }, `Method: ${told.method}`),
    told.terms.length > 0 &&
      h(
        "dl",
        { class: "terms" },
        told.terms.map((term) =>
          h(
            "div",
            {},
            h("dt", {}, capital(term.label)),
            h("dd", {}, term.figure ? figure(term.figure, term.shown, term.label) : term.shown),
          ),
        ),
      ),
  );
}

/** Who put it into words. @param {Answer} answer */
function worded({ engine }) {
  if (!engine) return "";
  return `, worded by the ${engine.name}${engine.summary === "withheld" ? "; its summary was withheld" : ""}`;
}

/** @param {Answer} answer */
function rests(answer) {
  const list = (/** @type {string} */ head, /** @type {string[] | undefined} */ texts) =>
    texts?.length
      ? [
          h("h4", {}, head),
          h(
            "ul",
            {},
            texts.map((text) => h("li", {}, capital(text))),
          ),
        ]
      : null;
  return h(
    "section",
    { class: "rests" },
    freshnessLine(answer.freshness),
    answer.notes?.length || answer.assumptions?.length || answer.ties?.length
      ? h(
          "details",
          {},
          h("summary", {}, "What it rests on"),
          list("To know", answer.notes),
          list("Taken for granted", answer.assumptions),
          list("Tie-outs", answer.ties),
          h("p", { class: "quiet" }, `Snapshot ${answer.snapshot}${worded(answer)}.`),
        )
      : null,
  );
}

/**
 * The answer to take away; a schedule is also had as the pack that a surety reads.
 * @param {string} id @param {Answer} answer
 */
function files(id, answer) {
  const schedule = answer.queries.find((query) => query.kind === "wip");
  const on = schedule?.as_of ? `?as_of=${schedule.as_of}` : "";
  return [
    takeAway(`/exports/questions/${part(id)}.xlsx`, "Excel"),
    takeAway(`/exports/questions/${part(id)}.pdf`, "PDF"),
    schedule && [
      takeAway(`/exports/wip.xlsx${on}`, "Surety pack, Excel"),
      takeAway(`/exports/wip.pdf${on}`, "Surety pack, PDF"),
    ],
  ];
}

/** @param {string} id @param {Answer} answer @param {string} question */
function actions(id, answer, question) {
  const told = answer.figures.find((one) => one.id === answer.headline);
  const mark = answer.hypothetical && !answer.text.startsWith("HYPOTHETICAL") ? "HYPOTHETICAL: " : "";
  const grade = told && !answer.text.includes("grade") ? ` (Grade ${told.grade}.)` : "";
  const spoken = `${mark}${answer.text}${grade}`;
  return h(
    "div",
    { class: "actions no-print" },
    button("Copy link", () => copy(link("ask", id), "The link is copied")),
    button("Copy as sentence", () => copy(spoken, "The sentence is copied")),
    files(id, answer),
    saving(question, answer.queries),
    feedback(id),
  );
}
