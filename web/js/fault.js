/** What every failure is told as: what happened, in a sentence, and what to do. */

/** @type {Record<number, string>} */
const FIXES = {
  0: "Check the connection, then try again.",
  401: "Sign in again.",
  403: "Ask your administrator for access.",
  429: "Wait a minute, then try again.",
  500: "Try again; if it stays so, run `datablueprint doctor`.",
};

export class Problem extends Error {
  /** @param {import("./types.js").ProblemDocument} told */
  constructor(told) {
    super(told.detail || told.title || "Something went wrong.");
    this.status = told.status ?? 0;
    this.type = told.type ?? "";
    this.title = told.title || "Something went wrong";
    this.fix = told.fix || FIXES[this.status] || "";
  }
}
