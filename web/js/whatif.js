/** Suppose something about a scope: assumptions stack, stacks stand side by side, and nothing of it is booked. */

import { get, part, post, put } from "./api.js";
import { comparison } from "./comparison.js";
import { button, fill, h, input, select, toast } from "./dom.js";
import { problemCard } from "./problem.js";

/** @typedef {import("./types.js").Query} Query @typedef {import("./types.js").Described} Described */

/** @type {[string, string][]} */
const BASES = [
  ["", "as set"],
  ["OA1", "by direct labor cost (OA1)"],
  ["OA2", "by direct labor hours (OA2)"],
  ["OA3", "by earned revenue (OA3)"],
  ["OA4", "by total direct cost (OA4)"],
];
const KINDS = new Set(["figure", "what_if", "compare", "list", "rank"]);

/** @param {import("./types.js").Answer} answer @param {import("./answer.js").Ask} ask */
export function whatIfBar(answer, ask) {
  const query = answer.queries[0];
  if (!query || !KINDS.has(query.kind ?? "figure") || query.known_at) return null;
  const scope = query.scope ?? "portfolio";
  if (scope === "company" || scope === "all" || scope.includes("/")) return null;
  const place = h("details", { class: "what-if no-print", open: answer.hypothetical });
  place.append(h("summary", {}, "What if …"));
  let drawn = false;
  const draw = () => {
    if (drawn || !place.open) return;
    drawn = true;
    place.append(panelOf(query, scope, ask));
  };
  place.addEventListener("toggle", draw);
  draw();
  return place;
}

/** @param {Query} query @param {string} scope @param {import("./answer.js").Ask} ask */
function panelOf(query, scope, ask) {
  const levers = leversOf(query.scenario ?? []);
  const compared = /** @type {string[][]} */ ([]);
  const shelf = h("div", { class: "shelf" });
  const result = h("div", { "aria-live": "polite" });

  const see = () => {
    const scenario = levers.read();
    if (!scenario.length) return toast("Choose something to suppose first");
    return ask(
      {
        query: {
          kind: "what_if",
          metric: query.metric || "gross_margin_at_completion",
          scope,
          scenario,
          ...(query.as_of ? { as_of: query.as_of } : {}),
        },
      },
      `What would ${scope === "portfolio" ? "all active projects" : scope} make with ${scenario.join(", ")}?`,
    );
  };
  const stack = () => {
    const scenario = levers.read();
    if (!scenario.length) return toast("Choose something to suppose first");
    compared.push(scenario);
    return showShelf();
  };
  const keep = () => keeping(levers.read(), shelf);
  const compare = async () => {
    const kept = [...shelf.querySelectorAll("input:checked")].map(
      (box) => /** @type {HTMLInputElement} */ (box).value,
    );
    const now = levers.read();
    const scenarios = compared.length || kept.length || !now.length ? compared : [now];
    if (!scenarios.length && !kept.length) return toast("Add something to compare first");
    fill(result, h("p", { class: "quiet" }, "Working it out …"));
    try {
      fill(
        result,
        comparison(
          await post("/what-if", { scope, scenarios, kept, ...(query.as_of ? { as_of: query.as_of } : {}) }),
        ),
      );
    } catch (error) {
      fill(result, problemCard(error, compare));
    }
    return undefined;
  };
  const showShelf = async () => {
    const kept = await get("/scenarios").then(
      (told) => told.scenarios,
      () => [],
    );
    fill(
      shelf,
      compared.length > 0 &&
        h(
          "ul",
          { class: "pills" },
          compared.map((one, index) =>
            h(
              "li",
              {},
              button(
                `${one.join(" + ")} ×`,
                () => {
                  compared.splice(index, 1);
                  showShelf();
                },
                { "aria-label": `Take out of the comparison: ${one.join(", ")}` },
              ),
            ),
          ),
        ),
      kept.length > 0 &&
        h(
          "fieldset",
          {},
          h("legend", {}, "Kept scenarios"),
          kept.map((/** @type {any} */ one) =>
            h("label", { class: "check" }, h("input", { type: "checkbox", value: one.name }), ` ${one.name}`),
          ),
        ),
    );
  };
  showShelf();
  return h(
    "div",
    { class: "what-if-in" },
    levers.node,
    h(
      "div",
      { class: "row" },
      button("See what it makes", see, { class: "primary" }),
      button("Add to comparison", stack),
      button("Compare with today", compare),
      button("Keep", keep),
    ),
    shelf,
    result,
  );
}

/** The controls, and the assumptions they spell. @param {string[]} now */
function leversOf(now) {
  const has = (/** @type {RegExp} */ pattern) => now.map((one) => pattern.exec(one)).find(Boolean);
  const burdenNow = has(/^burden ([+-]?[\d.]+)$/);
  const crewsNow = has(/^crews ([\d.]+)% (slower|faster)$/);
  const overheadNow = has(/^overhead (OA\d)$/);
  const rest = now.filter(
    (one) => !/^(approve all|reject all|burden [+-]?[\d.]+|crews [\d.]+% (slower|faster)|overhead OA\d)$/.test(one),
  );

  const pending = select(
    "Pending change orders",
    [
      ["", "as they stand"],
      ["approve all", "approve all"],
      ["reject all", "reject all"],
    ],
    now.find((one) => one === "approve all" || one === "reject all") ?? "",
  );
  const burden = input("Labor burden, points ±", {
    type: "number",
    step: "0.5",
    min: -50,
    max: 50,
    value: burdenNow ? Number(burdenNow[1]) : 0,
    inputmode: "decimal",
  });
  const crews = input("Crews, % slower (− faster)", {
    type: "number",
    step: "5",
    min: -90,
    max: 200,
    value: crewsNow ? (crewsNow[2] === "faster" ? -1 : 1) * Number(crewsNow[1]) : 0,
    inputmode: "decimal",
  });
  const overhead = select("Overhead base", BASES, overheadNow?.[1] ?? "");
  const also = input("Also suppose", { value: rest.join(", "), placeholder: "approve PCO-003 at cost 12000" });
  return {
    node: h("div", { class: "levers" }, pending.field, burden.field, crews.field, overhead.field, also.field),
    read() {
      const points = Number(burden.input.value);
      const speed = Number(crews.input.value);
      const written = also.input.value
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean);
      return [
        ...written.filter((one) => one.startsWith("method")),
        pending.input.value,
        ...written.filter((one) => !one.startsWith("method")),
        points ? `burden ${points > 0 ? "+" : ""}${points}` : "",
        speed ? `crews ${Math.abs(speed)}% ${speed > 0 ? "slower" : "faster"}` : "",
        overhead.input.value && `overhead ${overhead.input.value}`,
      ].filter(Boolean);
    },
  };
}

/** @param {string[]} scenario @param {HTMLElement} shelf */
function keeping(scenario, shelf) {
  if (!scenario.length) return toast("Choose something to suppose first");
  const name = input("Name of the scenario", { value: scenario.join(" + "), required: true, maxlength: 80 });
  shelf.prepend(
    h(
      "form",
      {
        class: "inline-form",
        onsubmit: async (/** @type {Event} */ event) => {
          event.preventDefault();
          const form = /** @type {HTMLElement} */ (event.target);
          try {
            await put(`/scenarios/${part(name.input.value.trim())}`, { assumptions: scenario });
            form.remove();
            toast("Kept; it can be compared anywhere");
          } catch (error) {
            toast(error instanceof Error ? error.message : String(error));
          }
        },
      },
      name.field,
      h("button", { type: "submit" }, "Keep it"),
    ),
  );
  name.input.focus();
  return undefined;
}
