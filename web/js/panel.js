/** A figure opened: what it means, its terms, the records that add up to it, and the same sum made again. */

import { get } from "./api.js";
import { announce, button, copy, fill, h } from "./dom.js";
import { figure, gradeBadge, spelled } from "./figures.js";
import { capital, counted, day } from "./format.js";
import { problemCard } from "./problem.js";
import { recordList } from "./records.js";
import { link, read } from "./router.js";

/** @type {HTMLDialogElement | null} */
let dialog = null;
let back = "#/start";
let turn = 0;
/** @type {HTMLElement | null} */
let opener = null;
/**
 * The figures opened one from another, so that going back and closing leave the history as it was.
 * @type {string[]}
 */
let trail = [];
let arrived = false;

/**
 * @param {string} ref @param {string} under the address to go back to
 * @param {boolean} direct whether the address was opened as it is, with nothing to go back to
 */
export function open(ref, under, direct) {
  back = under;
  const shown = dialog ?? (dialog = made());
  if (!shown.open) {
    opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    trail = [];
    arrived = direct;
    shown.showModal();
  }
  if (trail[trail.length - 2] === ref) trail.pop();
  else trail.push(ref);
  load(shown, ref);
}

/** Whether it was open. */
export function close() {
  if (!dialog?.open) return false;
  dialog.close();
  if (opener?.isConnected) opener.focus();
  opener = null;
  return true;
}

function leave() {
  if (arrived || !trail.length) location.replace(back);
  else history.go(-trail.length);
}

function made() {
  const place = h("dialog", { class: "panel", "aria-label": "Figure", tabindex: -1 });
  place.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  place.addEventListener("close", () => {
    // A browser may close a dialog by itself, which must not leave its address behind.
    if (read(location.hash).name === "figure") leave();
  });
  place.addEventListener("click", (event) => {
    if (event.target === place) leave();
  });
  document.body.appendChild(place);
  return place;
}

/** @param {HTMLDialogElement} place @param {string} ref */
async function load(place, ref) {
  turn += 1;
  const mine = turn;
  const words = spelled(ref);
  const bar = h(
    "div",
    { class: "panel-bar" },
    trail.length > 1 ? button("Back", () => history.back(), { class: "plain" }) : h("span", {}),
    h(
      "span",
      { class: "row" },
      button("Copy link", () => copy(link("figure", ref), "The link is copied"), { class: "plain" }),
      button("Close", leave, { class: "plain close" }),
    ),
  );
  fill(
    place,
    bar,
    h("div", { class: "panel-in" }, h("h2", {}, capital(words.metric)), h("p", { class: "loading" }, "Opening …")),
  );
  place.scrollTop = 0;
  place.focus();
  try {
    const told = await get("/figures", { id: ref });
    if (mine !== turn) return;
    fill(place, bar, body(ref, told));
    announce(`${told.label}: ${told.shown}`);
  } catch (error) {
    if (mine === turn)
      fill(
        place,
        bar,
        h(
          "div",
          { class: "panel-in" },
          h("h2", {}, capital(words.metric)),
          problemCard(error, () => load(place, ref)),
        ),
      );
  }
}

/** @param {string} ref @param {any} told */
function body(ref, told) {
  const supposed = told.kind === "supposed" ? spelled(ref).supposed : [];
  const name = told.dimensions?.name ?? told.name ?? told.dimensions?.scope ?? "";
  const key = told.dimensions?.project;
  return h(
    "div",
    { class: "panel-in" },
    supposed.length > 0 &&
      h(
        "p",
        { class: "banner" },
        h("strong", {}, "HYPOTHETICAL"),
        ` Supposed: ${supposed.join(", ")}. Nothing of it is booked.`,
      ),
    h("h2", {}, capital(told.label)),
    h(
      "p",
      { class: "quiet" },
      key && key !== name ? `${key} ${name}` : name,
      ", ",
      told.kind === "change" ? spelled(ref).days : `as of ${day(told.as_of)}`,
    ),
    h(
      "p",
      { class: `big-figure ${told.value !== null && Number(told.value) < 0 ? "minus" : ""}` },
      told.shown,
      " ",
      told.grade && gradeBadge(told.grade),
    ),
    told.withheld && h("p", { class: "warnings" }, `Withheld: ${told.withheld}`),
    told.missing?.length > 0 &&
      h(
        "div",
        { class: "warnings" },
        h("strong", {}, "What is missing"),
        h(
          "ul",
          {},
          told.missing.map((/** @type {string} */ one) => h("li", {}, one)),
        ),
      ),
    h(
      "section",
      {},
      h("h3", {}, "In words"),
      told.meaning && h("p", {}, `${capital(told.meaning)}.`),
      told.formula && h("p", { class: "formula" }, told.formula),
      told.method && told.method !== told.formula && h("p", { class: "quiet" }, `Method: ${told.method}`),
    ),
    ends(told),
    terms(told),
    parts(told),
    recordList(ref, told),
    check(ref),
    notes("Taken for granted", told.assumptions),
    notes("Tie-outs it leans on", told.ties),
    told.snapshot && h("p", { class: "quiet" }, `Snapshot ${told.snapshot}`),
  );
}

/** @param {any} told */
function ends(told) {
  const both = [told.from, told.to].filter(Boolean);
  if (!both.length) return null;
  return h(
    "section",
    {},
    h("h3", {}, "From and to"),
    h(
      "dl",
      { class: "terms" },
      both.map((/** @type {any} */ end) =>
        h(
          "div",
          {},
          h("dt", {}, `As of ${day(end.as_of)}`),
          h(
            "dd",
            {},
            end.id || end.ref ? figure(end.id ?? end.ref, end.shown, `as of ${day(end.as_of)}`) : end.shown,
          ),
        ),
      ),
    ),
  );
}

/** @param {any} told */
function terms(told) {
  if (!told.terms?.length || told.from) return null;
  return h(
    "section",
    {},
    h("h3", {}, "Its terms"),
    h(
      "dl",
      { class: "terms" },
      told.terms.map((/** @type {any} */ term) =>
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

/** Why it moved, where it is a change of profit. @param {any} told */
function parts(told) {
  const moved = (told.parts ?? []).filter((/** @type {any} */ part) => Number(part.value) !== 0);
  if (!moved.length) return null;
  return h(
    "section",
    {},
    h("h3", {}, "What moved it"),
    h(
      "dl",
      { class: "terms" },
      moved.map((/** @type {any} */ part) =>
        h(
          "div",
          {},
          h("dt", {}, capital(part.label ?? part.name ?? "")),
          h("dd", {}, part.ref ? figure(part.ref, part.shown, part.label) : part.shown),
        ),
      ),
    ),
  );
}

/** @param {string} ref */
function check(ref) {
  const said = h("p", { class: "verdict", role: "status" });
  const press = button("Verify: add it up again from the raw records", async () => {
    press.disabled = true;
    fill(said, "Adding up …");
    try {
      const verdict = await get("/figures/verification", { id: ref });
      const size = `${counted(verdict.facts ?? 0, "fact")} from ${counted(verdict.records ?? 0, "record")}`;
      said.className = `verdict ${verdict.ties ? "holds" : "fails"}`;
      fill(
        said,
        verdict.ties
          ? `✓ Re-added from ${size} by a checker of its own: it ties to the cent.`
          : `✗ It does not tie: ${(verdict.discrepancies ?? []).join("; ") || "no value to compare"}.`,
      );
    } catch (error) {
      fill(said, problemCard(error));
    }
    press.disabled = false;
  });
  return h("section", { class: "no-print" }, press, said);
}

/** @param {string} head @param {string[] | undefined} texts */
function notes(head, texts) {
  if (!texts?.length) return null;
  return h(
    "details",
    {},
    h("summary", {}, `${head} (${texts.length})`),
    h(
      "ul",
      {},
      texts.map((text) => h("li", {}, capital(text))),
    ),
  );
}
