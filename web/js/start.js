/** The first page: what moved, what needs a person, what can be asked, and how fresh it all is. */

import { get, part, remove } from "./api.js";
import { ask, wire } from "./conversation.js";
import { button, fill, h, toast } from "./dom.js";
import { Problem } from "./fault.js";
import { cellFigure, gradeBadge } from "./figures.js";
import { about, counted, day, jobKey } from "./format.js";
import { freshnessLine } from "./freshness.js";
import { problemCard } from "./problem.js";
import { brief } from "./review.js";
import { to } from "./router.js";

const FIRST = 8;

/** @param {HTMLElement} main */
export async function show(main) {
  const rest = h("div", {}, h("p", { class: "loading" }, "Looking at your jobs …"));
  fill(main, h("section", { class: "hero" }, h("h1", {}, "What will this job make?"), box()), rest);
  try {
    const told = await get("/start");
    fill(
      rest,
      starters(told.starters),
      h(
        "div",
        { class: "grid" },
        h("div", {}, portfolio(told)),
        h("div", { class: "aside" }, review(told.review), saved(told.saved), fresh(told)),
      ),
    );
  } catch (error) {
    fill(
      rest,
      error instanceof Problem && error.type.endsWith("not-ready")
        ? nothingRead(error)
        : problemCard(error, () => show(main)),
    );
  }
  return "Start";
}

function box() {
  const area = h("textarea", {
    rows: 1,
    placeholder: "margin at completion of …",
    "aria-label": "Your question",
    enterkeyhint: "send",
  });
  const send = () => {
    const question = area.value.trim();
    if (!question) return area.focus();
    return ask({ question, context: null }, question);
  };
  wire(area, send);
  return h(
    "form",
    {
      class: "composer first",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        send();
      },
    },
    area,
    h("button", { type: "submit", class: "primary" }, "Ask"),
  );
}

/** @param {string[]} questions */
function starters(questions) {
  if (!questions?.length) return null;
  return h(
    "section",
    { class: "starters" },
    h("h2", { class: "hidden" }, "To begin with"),
    h(
      "ul",
      { class: "pills" },
      questions.map((question) =>
        h(
          "li",
          {},
          button(question, () => ask({ question, context: null }, question)),
        ),
      ),
    ),
  );
}

/** @param {any} told */
function portfolio(told) {
  const rows = /** @type {any[]} */ (told.portfolio);
  if (!rows.length)
    return h(
      "section",
      { class: "card" },
      h("h2", {}, "Active jobs"),
      h("p", {}, "No job is active as of this day."),
    );
  const body = h("tbody", {});
  const more = button(
    `Show all ${rows.length} jobs`,
    () => {
      fill(body, rows.map(line));
      more.remove();
    },
    { class: "plain more" },
  );
  fill(body, rows.slice(0, FIRST).map(line));
  return h(
    "section",
    { class: "card portfolio" },
    h("h2", {}, "Jobs by what moved"),
    h(
      "p",
      { class: "quiet" },
      `${counted(rows.length, "active job")}; profit as of ${day(told.as_of)}, moved since ${day(told.since)}.`,
    ),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Active jobs by movement of profit" },
      h(
        "table",
        { class: "result" },
        h("caption", { class: "hidden" }, "Active jobs by movement of gross profit at completion"),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "Job"),
            h("th", { scope: "col", class: "num" }, "Moved"),
            h("th", { scope: "col", class: "num" }, "Margin"),
            h("th", { scope: "col", class: "num" }, "Profit"),
            h("th", { scope: "col" }, "Grade"),
          ),
        ),
        body,
      ),
    ),
    rows.length > FIRST && more,
  );
}

/** @param {any} row */
function line(row) {
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("a", { href: to("project", row.project) }, h("span", { class: "key" }, jobKey(row.project)), " ", row.name),
    ),
    h("td", { class: "num", "data-label": "Moved" }, cellFigure(row.movement)),
    h("td", { class: "num", "data-label": "Margin" }, cellFigure(row.margin)),
    h("td", { class: "num", "data-label": "Profit" }, cellFigure(row.profit)),
    h("td", {}, gradeBadge(row.grade)),
  );
}

/** @param {any} told */
function review(told) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "For you to decide"),
    told.count === 0
      ? h("p", {}, "Nothing waits for a person.")
      : [
          h(
            "p",
            {},
            told.dollars
              ? [h("strong", {}, about(told.dollars)), ` rests on ${counted(told.count, "link")} that a person should look at.`]
              : `${counted(told.count, "link")} for a person to look at.`,
            told.withheld && h("span", { class: "note" }, ` ${told.withheld}`),
          ),
          h(
            "ol",
            { class: "plain-list" },
            told.links.map((/** @type {any} */ link) => h("li", {}, brief(link))),
          ),
          h("p", {}, h("a", { class: "button", href: to("review") }, "Review them")),
        ],
  );
}

/** @param {any[]} questions */
function saved(questions) {
  if (!questions?.length) return null;
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Saved questions"),
    h(
      "ul",
      { class: "plain-list saved" },
      questions.map((one) => {
        const item = h(
          "li",
          {},
          button(one.name, () => again(one), { class: "plain" }),
          button(
            "×",
            async () => {
              await remove(`/saved-questions/${part(one.name)}`).then(
                () => item.remove(),
                (error) => toast(error.message),
              );
            },
            { class: "plain small", "aria-label": `Forget “${one.name}”` },
          ),
        );
        return item;
      }),
    ),
  );
}

/** What was saved is asked as it was understood then. @param {any} one */
function again(one) {
  if (one.queries?.length === 1) ask({ query: one.queries[0], context: null }, one.question);
  else ask({ question: one.question, context: null }, one.question);
}

/** @param {any} told */
function fresh(told) {
  const counts = (told.coverage ?? []).filter(
    (/** @type {any} */ row) => row.amount !== null && Number(row.amount) !== 0,
  );
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "How fresh, how complete"),
    freshnessLine(told.freshness),
    counts.length > 0 &&
      h(
        "details",
        {},
        h("summary", {}, "Where every dollar of cost was seen"),
        h(
          "dl",
          { class: "terms" },
          counts.map((/** @type {any} */ row) =>
            h("div", {}, h("dt", {}, row.bucket), h("dd", {}, about(row.amount))),
          ),
        ),
      ),
    h("p", { class: "quiet" }, `Snapshot ${told.snapshot}. Questions are read by the ${told.engine}.`),
  );
}

/** @param {Problem} error */
function nothingRead(error) {
  return h(
    "section",
    { class: "card empty" },
    h("h2", {}, "Nothing was read yet"),
    h("p", {}, error.message),
    h("p", {}, "Connect Procore, QuickBooks and payroll, then read them once:"),
    h("pre", { tabindex: 0 }, "datablueprint connect procore\ndatablueprint refresh"),
    error.fix && h("p", { class: "fix" }, error.fix),
  );
}
