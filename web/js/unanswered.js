/** A question back, a refusal, and what can be asked instead: never a dead end. */

import { feedback } from "./afterwards.js";
import { button, h } from "./dom.js";
import { to } from "./router.js";
import { sentence } from "./sentence.js";

/** @typedef {import("./types.js").Answer} Answer @typedef {import("./answer.js").Ask} Ask */

/** @param {string} id @param {string[]} offers @param {Ask} ask @param {string} head */
export function followUps(id, offers, ask, head) {
  if (!offers?.length) return null;
  return h(
    "section",
    { class: "follow-ups no-print" },
    h("h3", {}, head),
    h(
      "ul",
      { class: "pills" },
      offers.map((offer) =>
        h(
          "li",
          {},
          button(offer, () => ask({ question: offer, context: id }, offer)),
        ),
      ),
    ),
  );
}

/** @param {string} id @param {Answer} answer @param {Ask} ask */
export function clarify(id, answer, ask) {
  const offered = answer.options.map((option) => option.question);
  const others = answer.follow_ups.filter((question) => !offered.includes(question));
  return h(
    "div",
    { class: "card clarify" },
    h("p", { class: "sentence" }, sentence(answer)),
    h(
      "ul",
      { class: "options" },
      answer.options.map((option) =>
        h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              onclick: () => ask({ query: option.query, context: id }, option.question || option.label),
            },
            h("span", { class: "option-label" }, option.label),
            option.shown && h("span", { class: "option-shown" }, option.shown),
          ),
        ),
      ),
    ),
    followUps(id, others, ask, "Or ask"),
    h("div", { class: "actions no-print" }, feedback(id)),
  );
}

/** @param {string} id @param {Answer} answer @param {Ask} ask */
export function refusal(id, answer, ask) {
  const told = answer.refusal;
  return h(
    "div",
    { class: "card refusal" },
    h("h3", {}, "Not answerable from your records"),
    h("p", { class: "sentence" }, answer.text),
    told?.fix && !answer.text.includes(told.fix) && h("p", { class: "fix" }, told.fix),
    followUps(id, answer.follow_ups, ask, "What can be asked"),
    h("p", { class: "no-print" }, h("a", { href: to("build") }, "Build a question step by step")),
    h("div", { class: "actions no-print" }, feedback(id)),
  );
}
