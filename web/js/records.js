/** The records under a figure, page by page, and the subtotal that must be the figure. */

import { get } from "./api.js";
import { button, fill, h } from "./dom.js";
import {
  capital,
  cents,
  counted,
  day,
  dollars,
  followable,
  moment,
  money,
  recordName,
  systemName,
  systemOf,
} from "./format.js";
import { problemCard } from "./problem.js";

/** @typedef {import("./types.js").Citation} Citation */

const PAGE = 50;

/** @param {string} ref @param {any} opened the figure, as it was opened */
export function recordList(ref, opened) {
  const place = h(
    "section",
    { class: "records", "aria-label": "Records" },
    h("h3", {}, "Records"),
    h("p", { class: "loading" }, "Looking them up …"),
  );
  /** @type {Citation[]} */
  const rows = [];
  let sum = 0n;

  /** @param {string | null} cursor */
  async function page(cursor) {
    try {
      const told = await get("/figures/records", { id: ref, cursor, limit: PAGE });
      for (const row of told.records) {
        rows.push(row);
        sum += cents(row.amount);
      }
      show(told);
    } catch (error) {
      fill(
        place,
        h("h3", {}, "Records"),
        problemCard(error, () => page(cursor)),
      );
    }
  }

  /** @param {any} told */
  function show(told) {
    const next = told.next_cursor ?? null;
    if (!rows.length) return fill(place, h("h3", {}, "Records"), h("p", { class: "quiet" }, none(opened)));
    const body = h("tbody", {}, rows.map(recordRow));
    const table = h(
      "div",
      {},
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Records of this figure" },
        h(
          "table",
          { class: "result record-table" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, "Record"),
              h("th", { scope: "col" }, "Date"),
              h("th", { scope: "col" }, "With whom"),
              h("th", { scope: "col", class: "num" }, "Amount"),
            ),
          ),
          body,
          h("tfoot", {}, subtotal(told, next)),
        ),
      ),
      next && button(`Show more (${rows.length} of ${told.total})`, () => page(next)),
    );
    if (isSum(opened, told)) return fill(place, h("h3", {}, `Records (${told.total})`), table);
    return fill(
      place,
      h("h3", {}, "Records"),
      h(
        "p",
        { class: "quiet" },
        "It is worked out from its terms above; those underlined open into their own records.",
      ),
      h(
        "details",
        { open: rows.length > PAGE },
        h("summary", {}, `${counted(told.total, "record")} beneath its terms`),
        table,
      ),
    );
  }

  /** @param {any} told @param {string | null} next */
  function subtotal(told, next) {
    const [text, right] = verdict(told, next, opened, sum);
    return [
      h(
        "tr",
        { class: "subtotal" },
        h(
          "th",
          { scope: "row", colspan: 3 },
          next ? `Subtotal of the ${rows.length} shown` : `Subtotal of ${counted(rows.length, "record")}`,
        ),
        h("td", { class: "num", "data-subtotal": dollars(sum) }, dollars(sum)),
      ),
      h("tr", { class: "says" }, h("td", { colspan: 4, class: right ? "holds" : "" }, text)),
    ];
  }

  page(null);
  return place;
}

/** Whether a figure is nothing but the sum of its records. @param {any} opened @param {any} told */
const isSum = (opened, told) =>
  opened.unit === "money" &&
  opened.value !== null &&
  /^-?\d+(\.\d{0,2}0*)?$/.test(opened.value) &&
  cents(opened.value) === cents(told.sums_to);

/**
 * What the subtotal is equal to, said.
 * @param {any} told @param {string | null} next @param {any} opened @param {bigint} sum
 * @returns {[string, boolean]}
 */
function verdict(told, next, opened, sum) {
  const all = cents(told.sums_to);
  if (next) return [`All ${told.total} records together make ${dollars(all)}.`, false];
  if (all !== sum)
    return [
      `✗ The records shown make ${dollars(sum)}, but should make ${dollars(all)}. Open the figure again.`,
      false,
    ];
  if (isSum(opened, told)) return [`✓ The subtotal equals the figure to the cent: ${dollars(sum)}.`, true];
  return [
    `The records make ${dollars(sum)}. The figure is worked out from its terms above; each term opens into its own.`,
    false,
  ];
}

/** @param {any} opened */
function none(opened) {
  return opened.terms?.length
    ? "It is worked out from what stands above; open one to see its records."
    : "It rests on no record: there is nothing to add up.";
}

/** @param {Citation} row */
function recordRow(row) {
  const system = systemName(row.system || systemOf(row.record_id));
  const url = followable(row.url);
  const copyPlace = h("div", { class: "stored-place" });
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("span", { class: "system" }, system),
      " ",
      recordName(row.record_id),
      h(
        "span",
        { class: "record-links" },
        url &&
          h(
            "a",
            { href: url, target: "_blank", rel: "noopener noreferrer" },
            `Open in ${system}`,
            h("span", { class: "hidden" }, `: ${recordName(row.record_id)}, in a new tab`),
          ),
        row.record_id && opener(row.record_id, copyPlace),
      ),
      copyPlace,
    ),
    h("td", {}, day(row.on)),
    h("td", {}, row.party, row.rule && h("span", { class: "note" }, `rule ${row.rule}`)),
    h("td", { class: "num" }, money(row.amount)),
  );
}

/** The records behind a part that is no figure of its own. @param {string} label @param {string[]} ids */
export function recordsOf(label, ids) {
  const place = h("ul", { class: "plain-list" });
  const all = h(
    "details",
    { class: "part-records" },
    h("summary", { "aria-label": `${counted(ids.length, "record")} of ${label}` }, counted(ids.length, "record")),
    place,
  );
  all.addEventListener("toggle", () => {
    if (!place.childElementCount)
      fill(
        place,
        ids.slice(0, PAGE).map(recordLine),
        ids.length > PAGE && h("li", {}, `and ${ids.length - PAGE} more`),
      );
  });
  return all;
}

/** @param {string} id */
function recordLine(id) {
  const place = h("div", {});
  return h(
    "li",
    {},
    h("span", { class: "system" }, systemName(systemOf(id))),
    " ",
    recordName(id),
    " ",
    opener(id, place),
    place,
  );
}

/**
 * Opens and closes our copy of a record.
 * @param {string} id @param {HTMLElement} place @param {string} [label] @param {string} [whose]
 */
export function opener(id, place, label = "Our copy", whose = recordName(id)) {
  const press = button(
    label,
    async () => {
      const opened = press.getAttribute("aria-expanded") === "true";
      press.setAttribute("aria-expanded", String(!opened));
      if (opened) return fill(place);
      fill(place, h("p", { class: "quiet" }, "Looking it up …"));
      try {
        fill(place, storedCopy(await get("/records", { id })));
      } catch (error) {
        fill(place, problemCard(error));
      }
      return undefined;
    },
    { class: "plain", "aria-expanded": "false", "aria-label": `${label}: ${whose}` },
  );
  return press;
}

/** What we hold of a record, as it was received. @param {any} told */
function storedCopy(told) {
  const system = systemName(told.system ?? systemOf(told.record_id));
  const url = followable(told.url);
  const fields = Object.entries(told.payload && typeof told.payload === "object" ? told.payload : {}).filter(
    ([, value]) => value !== null && typeof value !== "object" && value !== "",
  );
  return h(
    "div",
    { class: "stored" },
    h(
      "p",
      { class: "quiet" },
      `Our stored copy of ${system} ${recordName(told.record_id)}, fetched ${moment(told.fetched_at)}. `,
      url && h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, `Open in ${system}`),
    ),
    told.withheld && h("p", {}, `Withheld: ${told.withheld}`),
    told.deleted && h("p", {}, "It was deleted in its system since."),
    fields.length > 0 &&
      h(
        "dl",
        { class: "fields" },
        fields
          .slice(0, 14)
          .map(([name, value]) =>
            h("div", {}, h("dt", {}, capital(name.replaceAll("_", " "))), h("dd", {}, String(value))),
          ),
      ),
    told.payload &&
      h(
        "details",
        {},
        h("summary", {}, "As received"),
        h("pre", { tabindex: 0 }, JSON.stringify(told.payload, null, 2)),
      ),
  );
}
