/** How one figure looks wherever it stands: underlined, and a press away from its records. */

import { button, h } from "./dom.js";
import { day } from "./format.js";
import { go } from "./router.js";

/** @typedef {import("./types.js").Cell} Cell @typedef {import("./types.js").Described} Described */

/** @type {Record<string, string>} */
export const GRADES = {
  A: "Grade A: every term comes from its first-choice record, and the tie-outs it leans on hold.",
  B: "Grade B: a fallback record or a stated default was used for a part of it.",
  C: "Grade C: a tie-out fails, a forecast is stale, or cost without a job could move the margin by half a point.",
  U: "Unavailable: a record that the figure needs is missing.",
};

/**
 * A figure as a button that opens its panel.
 * @param {string} ref @param {string} shown @param {string} [what] for a screen reader: of what it is
 * @param {string} [extra] further classes
 */
export function figure(ref, shown, what = "", extra = "") {
  return button(shown, () => go("figure", ref), {
    class: `fig ${extra}`.trim(),
    "data-ref": ref,
    "aria-label": what ? `${shown}, ${what}: open its records` : `${shown}: open its records`,
  });
}

/** A cell of a table. @param {Cell | undefined} cell */
export function cellFigure(cell) {
  if (!cell) return h("span", { class: "none" }, "–");
  if (cell.withheld) return figure(cell.ref, "withheld", `${cell.label} of ${cell.name}, ${cell.withheld}`, "gone");
  const tone = cell.value !== null && Number(cell.value) < 0 ? "minus" : cell.value === null ? "gone" : "";
  return figure(cell.ref, cell.shown, `${cell.label} of ${cell.name}`, tone);
}

/** A badge that says what the grade means when pressed. @param {string} grade @param {string[]} [reasons] */
export function gradeBadge(grade, reasons = []) {
  const told = h(
    "span",
    { class: "grade-told", hidden: true },
    GRADES[grade] ?? `Grade ${grade}`,
    reasons.map((reason) => [" ", reason, "."]),
  );
  const badge = button(
    `Grade ${grade}`,
    () => {
      told.hidden = !told.hidden;
      badge.setAttribute("aria-expanded", String(!told.hidden));
    },
    { class: `grade grade-${grade}`, "aria-expanded": "false" },
  );
  return h("span", { class: "grade-place" }, badge, told);
}

/** Reads a figure's spelling: of what, and of which day. @param {string} ref */
export function spelled(ref) {
  const [plain, ...supposed] = ref.split("~");
  const [metric = "", ...rest] = plain.split("/");
  const days = rest.length > 1 ? (rest.pop() ?? "") : "";
  return {
    metric: metric.replaceAll("_", " "),
    scope: rest.join("/"),
    days: days
      .split("..")
      .map((one) => day(one.split("@")[0]))
      .join(" to "),
    supposed,
  };
}
