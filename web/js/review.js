/** Links between systems that a person should decide, most dollars first, with what both sides hold. */

import { get, part, put, remove } from "./api.js";
import { announce, button, fill, h } from "./dom.js";
import { about, capital, counted, recordName, systemName, systemOf } from "./format.js";
import { problemCard } from "./problem.js";
import { opener } from "./records.js";

/** @typedef {import("./types.js").Link} Link */

/** @param {HTMLElement} main */
export async function show(main) {
  let state = "proposed";
  const list = h("ol", { class: "links" });
  const foot = h("div", {});
  const tabs = h("div", { class: "segmented", role: "group", "aria-label": "Which links" });
  const intro = h("p", {});
  fill(main, h("h1", {}, "Review"), intro, tabs, list, foot);

  /** @param {string | null} cursor */
  async function page(cursor) {
    const told = await get("/links", { state, cursor });
    const links = /** @type {Link[]} */ (told.links);
    if (!cursor) fill(list);
    for (const one of links) list.append(item(one));
    const next = told.next_cursor ?? null;
    fill(foot, next && button("Show more", () => page(next)));
    if (!cursor) heading(told, links);
  }

  /** @param {any} told @param {Link[]} links */
  function heading(told, links) {
    const count = told.total;
    fill(
      intro,
      links.length === 0
        ? "Nothing is waiting for you: every link rests on evidence or on a person's word."
        : state === "proposed"
          ? `${counted(count, "link")} to decide, most dollars first. A decision counts from the next refresh.`
          : `${counted(count, "link")}, the most dollars first.`,
    );
  }

  /** @param {string} wanted */
  async function choose(wanted) {
    state = wanted;
    fill(
      tabs,
      [
        ["proposed", "To decide"],
        ["all", "All links"],
      ].map(([key, label]) => button(label, () => choose(key), { "aria-pressed": String(key === state) })),
    );
    fill(list, h("li", { class: "loading" }, "Looking them up …"));
    try {
      await page(null);
    } catch (error) {
      fill(
        list,
        h(
          "li",
          {},
          problemCard(error, () => choose(state)),
        ),
      );
    }
  }

  await choose("proposed");
  return "Review";
}

/** @param {Link} link */
function item(link) {
  const place = h("li", { class: "card link", "data-link": link.link_id });
  const status = h("div", { class: "row decide" });
  const trouble = h("div", {});

  /** @param {string} state @param {boolean} [focus] */
  function decided(state, focus = false) {
    const open = state === "proposed";
    const made = taken(state);
    fill(
      status,
      made && [
        h(
          "p",
          { class: `verdict ${state === "accepted" ? "holds" : "fails"}` },
          state === "accepted" ? "✓ Accepted: the same" : "✗ Rejected: two things",
        ),
        button("Undo", () => decide(null), {
          "aria-label": `Undo the decision on ${link.left_name} and ${link.right_name}`,
        }),
      ],
      !made && [
        button("Accept: the same", () => decide("accepted"), {
          class: "primary",
          "aria-label": `Accept: the same, ${link.left_name} and ${link.right_name}`,
        }),
        button("Reject: two things", () => decide("rejected"), {
          "aria-label": `Reject: two things, ${link.left_name} and ${link.right_name}`,
        }),
        !open && h("span", { class: "quiet" }, `Linked by ${link.decided_by || "rule"}`),
      ],
    );
    if (focus) status.querySelector("button")?.focus();
  }

  /** @param {string | null} decision */
  async function decide(decision) {
    for (const press of status.querySelectorAll("button")) press.disabled = true;
    fill(trouble);
    try {
      if (decision) await put(`/links/${part(link.link_id)}/decision`, { decision });
      else await remove(`/links/${part(link.link_id)}/decision`);
      decided(decision ?? (taken(link.state) ? "proposed" : link.state), true);
      announce(
        decision ? `${capital(decision)}: ${link.left_name} and ${link.right_name}` : "The decision is taken back",
      );
    } catch (error) {
      decided(link.state);
      fill(trouble, problemCard(error));
    }
  }

  fill(
    place,
    h(
      "div",
      { class: "link-head" },
      h("p", { class: "link-dollars" }, about(link.dollars) || "–"),
      h(
        "p",
        { class: "quiet" },
        `${capital(link.kind.replaceAll("_", " "))} · moves if this is wrong`,
        link.confidence && ` · confidence ${Math.round(Number(link.confidence) * 100)}%`,
      ),
    ),
    h(
      "div",
      { class: "sides" },
      side(link.left_record_id, link.left_name),
      h("p", { class: "and" }, "and"),
      side(link.right_record_id, link.right_name),
    ),
    h(
      "div",
      { class: "why" },
      h("h2", {}, "Evidence"),
      h(
        "ul",
        {},
        link.evidence.map((one) => h("li", {}, capital(one))),
      ),
      link.decided_since && h("p", { class: "quiet" }, "Decided since the last refresh; the next one uses it."),
    ),
    status,
    trouble,
  );
  decided(link.decided_since ?? link.state);
  return place;
}

/** Whether a person decided. @param {string | null} state */
const taken = (state) => state === "accepted" || state === "rejected";

/** @param {string} recordId @param {string | null} name */
function side(recordId, name) {
  const place = h("div", {});
  const press = opener(recordId, place, "What it holds", `${systemName(systemOf(recordId))} on ${name}`);
  return h(
    "div",
    { class: "side" },
    h("p", { class: "system" }, systemName(systemOf(recordId))),
    h("p", { class: "side-name" }, name || recordName(recordId)),
    h("p", { class: "quiet" }, recordName(recordId)),
    press,
    place,
  );
}

/** For the start page: a link in a line. @param {Link} link */
export const brief = (link) => [
  h("span", { class: "amount" }, about(link.dollars) || "–"),
  " ",
  `${link.left_name || recordName(link.left_record_id)} – ${link.right_name || recordName(link.right_record_id)}`,
  h("span", { class: "quiet" }, ` ${link.kind.replaceAll("_", " ")}`),
];
