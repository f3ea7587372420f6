/** An answer's rows as a table that can be ordered by any column and scrolls within itself on a phone. */

import { button, fill, h } from "./dom.js";
import { cellFigure } from "./figures.js";
import { capital, jobKey } from "./format.js";
import { to } from "./router.js";

/** @typedef {import("./types.js").Table} Table @typedef {import("./types.js").Row} Row */

const FIRST = 15;

/** @param {Table} table @param {string} caption */
export function resultTable(table, caption) {
  const body = h("tbody", {});
  const heads = /** @type {HTMLTableCellElement[]} */ ([]);
  let rows = [...table.rows];
  const several = new Set(rows.map((row) => row.scope)).size > 1 || rows.length === 1;
  let all = rows.length <= FIRST + 3;
  const more = button(
    `Show all ${table.rows.length} rows`,
    () => {
      all = true;
      show();
    },
    { class: "plain more" },
  );

  function show() {
    fill(
      body,
      (all ? rows : rows.slice(0, FIRST)).map((row) => line(table, row, several)),
    );
    more.hidden = all;
  }

  /** @param {string} key @param {HTMLTableCellElement} head */
  function order(key, head) {
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows = [...table.rows].sort((a, b) => (down ? -1 : 1) * compared(a, b, key));
    show();
  }

  const names = h("th", { scope: "col" }, "Name");
  const columns = table.columns.map((column) => {
    const head = h("th", { scope: "col", class: "num" });
    head.append(button(capital(column.label), () => order(column.key, head), { class: "sort" }));
    heads.push(head);
    return head;
  });
  show();
  return h(
    "div",
    {},
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
      h(
        "table",
        { class: table.columns.length > 7 ? "result wide" : "result" },
        h("caption", { class: "hidden" }, caption),
        h("thead", {}, h("tr", {}, names, columns)),
        body,
      ),
    ),
    more,
    table.row_count > table.rows.length &&
      h(
        "p",
        { class: "quiet" },
        `${table.rows.length} of ${table.row_count} rows are shown; the Excel file holds what is shown here.`,
      ),
  );
}

/** @param {Table} table @param {Row} row @param {boolean} several whether rows are of several scopes */
function line(table, row, several) {
  const project = several && /^[^/]*\d[^/]*$/.test(row.scope) && row.name !== row.scope;
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      project
        ? h("a", { href: to("project", row.scope) }, h("span", { class: "key" }, jobKey(row.scope)), " ", row.name)
        : nameOf(row, several),
      row.note && h("span", { class: "note" }, row.note),
    ),
    table.columns.map((column) =>
      h("td", { class: "num", "data-label": capital(column.label) }, cellFigure(row.cells[column.key])),
    ),
  );
}

/** Rows of one scope tell several figures of it. @param {Row} row @param {boolean} several */
const nameOf = (row, several) => capital(several ? row.name || row.scope : plainName(row) || row.name);

/** @param {Row} row */
const plainName = (row) => Object.values(row.cells).find((cell) => !/[~]|\.\./.test(cell.ref))?.label;

/** Rows without a value come last whichever way. @param {Row} a @param {Row} b @param {string} key */
function compared(a, b, key) {
  const [left, right] = [a.cells[key]?.value, b.cells[key]?.value];
  if (left === null || left === undefined) return right === null || right === undefined ? 0 : -1;
  if (right === null || right === undefined) return 1;
  return Number(left) - Number(right);
}
