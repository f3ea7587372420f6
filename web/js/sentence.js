/** The sentence of an answer: words, and figures that open. */

import { h } from "./dom.js";
import { figure } from "./figures.js";
import { day, systemName } from "./format.js";

/** @typedef {import("./types.js").Answer} Answer */

/** @param {Answer} answer */
export function sentence(answer) {
  const known = new Map(answer.figures.map((one) => [one.id, one]));
  if (!answer.segments?.length) return answer.text;
  return spoken(answer).map((segment) => {
    if (has(segment.figure)) {
      const told = known.get(segment.figure);
      return figure(
        segment.figure,
        segment.shown ?? told?.shown ?? "",
        told ? `${told.label} of ${nameOf(told)}` : "",
      );
    }
    if (has(segment.name)) return h("span", { class: "name" }, systemName(segment.name));
    return segment.text ?? (has(segment.day) ? day(segment.day) : String(segment.count ?? ""));
  });
}

/**
 * A piece of text says one thing; the others are null.
 * @template T @param {T | null | undefined} value @returns {value is T}
 */
const has = (value) => value !== null && value !== undefined;

/** Lines of a list that the sentence keeps; the table below has them all. */
const KEPT = 3;

/** The text with the first lines of its list only: those that are indented. @param {Answer} answer */
function spoken({ segments, table }) {
  if (!table?.rows.length) return segments;
  let items = 0;
  let listed = false;
  const dropped = () => listed && items > KEPT;
  return segments.flatMap((segment) => {
    if (!has(segment.text)) return dropped() ? [] : [segment];
    return segment.text.split("\n").flatMap((text, index) => {
      if (index > 0) {
        listed = text.startsWith("  ");
        if (listed) items += 1;
      }
      return dropped() ? [] : [{ text: index > 0 ? `\n${text.trimStart()}` : text }];
    });
  });
}

/** @param {import("./types.js").Described} told */
export const nameOf = (told) => told.dimensions.name ?? told.dimensions.project ?? told.dimensions.scope ?? "";
