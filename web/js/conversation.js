/** Questions and their answers, one under the other; several may run at once. */

import { awaited, get, post } from "./api.js";
import { answerCard } from "./answer.js";
import { announce, button, fill, h, toast } from "./dom.js";
import { Problem } from "./fault.js";
import { problemCard } from "./problem.js";
import { go, to } from "./router.js";
import { capital, moment } from "./format.js";
import { leaving } from "./signin.js";

/**
 * @typedef {import("./types.js").Query} Query @typedef {import("./types.js").Job} Job
 * @typedef {{question?: string, query?: Query, context?: string | null, as_of?: string, known_at?: string}} Asked
 * @typedef {{id: string, label: string, asked: Asked | null, state: "running" | "done" | "failed",
 *   node: HTMLElement}} Turn
 */

const KEPT = "datablueprint.thread";
const UNSENT = "datablueprint.unsent";
const SLOW = 8;

/** @type {Turn[]} */
let turns = [];
const left = unsent();
const thread = h("div", { class: "thread" });

/**
 * Asks and shows the answer under what stands there. A typed query is asked as it is; words go to the engine.
 * @param {Asked} asked @param {string} label what the person reads as the question
 */
export function ask(asked, label) {
  if (!turns.length) restore();
  const turn = added("", label, asked);
  if (!location.hash.startsWith("#/ask")) go("ask");
  run(turn);
}

/**
 * What was typed, and asked without an answer, when the tab had to go to sign in.
 * @returns {{typed: string, asked: [string, Asked][]}}
 */
function unsent() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(UNSENT) ?? "");
    sessionStorage.removeItem(UNSENT);
    return kept;
  } catch {
    return { typed: "", asked: [] };
  }
}

/** What a follow-up builds on: the newest answered question. */
export const context = () => [...turns].reverse().find((turn) => turn.state === "done")?.id ?? null;

/** @param {HTMLElement} main @param {string} id @returns {Promise<string>} */
export async function show(main, id) {
  if (!turns.length) restore();
  if (id && !turns.some((turn) => turn.id === id)) {
    turns = [];
    thread.replaceChildren();
    watch(added(id, "…", null));
  }
  const wanted = turns.find((turn) => turn.id === id) ?? turns[turns.length - 1];
  fill(main, h("h1", { class: "hidden" }, "Ask"), thread, !turns.length && (await nothingYet()), composer());
  if (wanted) requestAnimationFrame(() => wanted.node.scrollIntoView({ block: "start" }));
  else if (matchMedia("(min-width: 641px)").matches) document.getElementById("question")?.focus();
  return wanted?.label ?? "Ask";
}

/** @param {string} id @param {string} label @param {Asked | null} asked @returns {Turn} */
function added(id, label, asked) {
  const node = h("article", { class: "turn", "aria-label": label });
  /** @type {Turn} */
  const turn = { id, label, asked, state: "running", node };
  turns.push(turn);
  thread.append(node);
  document.querySelector(".nothing-yet")?.remove();
  node.scrollIntoView({ block: "start" });
  return turn;
}

/** @param {Turn} turn */
async function run(turn) {
  const progress = running(turn);
  try {
    const job = await post("/questions", turn.asked);
    turn.id = job.id;
    keep();
    if (turns[turns.length - 1] === turn && /^#\/ask/.test(location.hash))
      history.replaceState(null, "", to("ask", job.id));
    await follow(turn, progress);
  } catch (error) {
    failed(turn, error);
  } finally {
    progress.end();
  }
}

/** A question that was asked before, here or elsewhere. @param {Turn} turn */
async function watch(turn) {
  const progress = running(turn);
  try {
    await follow(turn, progress);
    keep();
  } catch (error) {
    failed(turn, error);
  } finally {
    progress.end();
  }
}

/** @param {Turn} turn @param {ReturnType<typeof running>} progress */
async function follow(turn, progress) {
  const job = await awaited(turn.id, progress.told);
  if (turn.label === "…")
    turn.label = job.question ?? capital((job.answer?.restated || "A question").replace(/^HYPOTHETICAL: /, ""));
  if (job.status === "failed" || !job.answer)
    throw new Problem(job.error ?? { title: "No answer", detail: "The question ended without an answer." });
  turn.state = "done";
  turn.node.setAttribute("aria-label", turn.label);
  fill(turn.node, heading(turn), answerCard(job.id, job.answer, turn.label, ask));
  announce(`${job.answer.hypothetical ? "Hypothetical. " : ""}${job.answer.text}`);
  if (turns[turns.length - 1] === turn && document.activeElement?.id === "question")
    turn.node.scrollIntoView({ block: "start" });
}

/** @param {Turn} turn @param {unknown} error */
function failed(turn, error) {
  turn.state = "failed";
  fill(
    turn.node,
    heading(turn),
    problemCard(error, () => {
      turn.state = "running";
      if (turn.id) watch(turn);
      else run(turn);
    }),
  );
}

/** @param {Turn} turn */
const heading = (turn) => h("h2", { class: "question" }, turn.label);

/** The steps of a running question as they are told. @param {Turn} turn */
function running(turn) {
  const steps = h("ol", { class: "steps" }, h("li", {}, "Asked"));
  const clock = h("p", { class: "quiet" });
  fill(
    turn.node,
    heading(turn),
    h("div", { class: "card running" }, h("span", { class: "pulse", "aria-hidden": "true" }), steps, clock),
  );
  const started = Date.now();
  const ticking = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    if (seconds < 2) return;
    const why = seconds >= SLOW ? " · every figure is re-added from its records before it is shown" : "";
    clock.textContent = `${seconds} s${why}`;
  }, 1000);
  return {
    /** @param {import("./types.js").ProgressEvent[]} events */
    told(events) {
      for (const event of events) {
        const said = capital(event.message || event.stage);
        if (steps.lastChild?.textContent !== said) steps.append(h("li", {}, said));
      }
      announce(events[events.length - 1].message || events[events.length - 1].stage);
    },
    end: () => clearInterval(ticking),
  };
}

/** The box at the foot: Enter sends, the arrow up brings back what was asked. */
function composer() {
  const box = h("textarea", {
    id: "question",
    rows: 1,
    placeholder: turns.length ? "Ask on …" : "What will this job make?",
    "aria-label": "Your question",
    enterkeyhint: "send",
    autocomplete: "off",
  });
  const send = () => {
    const question = box.value.trim();
    if (!question) return box.focus();
    box.value = "";
    grown(box);
    return ask({ question, context: context() }, question);
  };
  wire(box, send);
  return h(
    "form",
    {
      class: "composer",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        send();
      },
    },
    box,
    h("button", { type: "submit", class: "primary" }, "Ask"),
    h(
      "p",
      { class: "composer-foot" },
      h("a", { href: to("build") }, "Build a question"),
      button("New conversation", clear, { class: "plain" }),
    ),
  );
}

/** @param {HTMLTextAreaElement} box @param {() => void} send */
export function wire(box, send) {
  let back = 0;
  box.value = left.typed;
  left.typed = "";
  box.addEventListener("input", () => grown(box));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      back = 0;
      send();
    }
    if (event.key === "ArrowUp" && (box.value === "" || back)) {
      back = Math.min(back + 1, turns.length);
      const earlier = turns[turns.length - back];
      if (earlier) {
        event.preventDefault();
        box.value = earlier.label;
        grown(box);
      }
    }
  });
}

/** @param {HTMLTextAreaElement} box */
function grown(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
}

function clear() {
  turns = [];
  thread.replaceChildren();
  keep();
  if (location.hash === "#/ask") window.dispatchEvent(new HashChangeEvent("hashchange"));
  else go("ask");
  toast("A new conversation");
}

/** A typed question in a few words. @param {Query | null} query */
const built = (query) =>
  [query?.metric || query?.kind || "a question", "of", query?.scope ?? "portfolio"].join(" ").replaceAll("_", " ");

async function nothingYet() {
  const recent = await get("/questions", { limit: 10 }).then(
    (told) => told.questions,
    () => [],
  );
  return h(
    "section",
    { class: "nothing-yet" },
    h("h2", {}, "Ask about any job, in your own words"),
    h(
      "p",
      {},
      "Margin, profit, cost, contract, change orders, labor, cash, overhead. Every figure opens into its records.",
    ),
    recent.length > 0 && [
      h("h3", {}, "Asked before"),
      h(
        "ul",
        { class: "plain-list" },
        recent.map((/** @type {any} */ asked) =>
          h(
            "li",
            {},
            h("a", { href: to("ask", asked.id) }, asked.question || built(asked.query)),
            h("span", { class: "quiet" }, ` ${moment(asked.asked_at)}`),
          ),
        ),
      ),
    ],
  );
}

function keep() {
  try {
    sessionStorage.setItem(
      KEPT,
      JSON.stringify(
        turns
          .filter((turn) => turn.id)
          .map((turn) => [turn.id, turn.label])
          .slice(-12),
      ),
    );
  } catch {
    // A browser that keeps nothing still answers.
  }
}

function restore() {
  try {
    for (const [id, label] of JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")) watch(added(id, label, null));
    for (const [label, asked] of left.asked.splice(0)) run(added("", label, asked));
  } catch {
    // What was kept is of another version: the conversation begins anew.
  }
}

leaving(() => {
  const box = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(".composer textarea"));
  const waiting = turns.filter((turn) => !turn.id && turn.asked && turn.state === "running");
  const asked = [...left.asked, ...waiting.map((turn) => [turn.label, turn.asked])];
  sessionStorage.setItem(UNSENT, JSON.stringify({ typed: box?.value || left.typed, asked }));
});
