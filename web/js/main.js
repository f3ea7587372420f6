/** Starts the page: which screen the address names, the panel over it, and whether the API is there. */

import { get } from "./api.js";
import * as builder from "./builder.js";
import * as connect from "./connect.js";
import * as conversation from "./conversation.js";
import { button, byId, fill, h } from "./dom.js";
import { day } from "./format.js";
import * as panel from "./panel.js";
import * as project from "./project.js";
import { problemCard } from "./problem.js";
import * as review from "./review.js";
import { go, read } from "./router.js";
import * as signin from "./signin.js";
import * as start from "./start.js";

/** @typedef {(main: HTMLElement, arg: string) => Promise<string> | string} Screen */

/** Each draws itself into the main part and returns its title. @type {Record<string, Screen>} */
const SCREENS = {
  start: start.show,
  ask: conversation.show,
  review: review.show,
  build: builder.show,
  project: project.show,
  connect: connect.show,
};

let under = "";
let beneath = "";
let turn = 0;

/** @param {HashChangeEvent} [event] */
async function follow(event) {
  const route = read(location.hash);
  if (route.name === "figure" && route.arg) {
    const direct = !under;
    const from = event ? new URL(event.oldURL).hash : "";
    if (from && read(from).name !== "figure") beneath = from;
    if (direct) under = "#/start";
    panel.open(route.arg, under, direct);
    if (direct) await draw({ name: "start", arg: "" }, false);
    return;
  }
  const back = panel.close() && location.hash === beneath;
  if (!SCREENS[route.name]) return go("start");
  if (!back && (location.hash !== under || route.name === "ask")) await draw(route);
}

/** @param {import("./router.js").Route} route @param {boolean} [focus] whether the screen takes the focus */
async function draw(route, focus = Boolean(under)) {
  under = `#/${route.name}${route.arg ? `/${encodeURIComponent(route.arg)}` : ""}`;
  turn += 1;
  const mine = turn;
  for (const link of document.querySelectorAll("nav a[data-screen]")) {
    if (link.getAttribute("data-screen") === route.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const main = byId("main");
  document.body.dataset.screen = route.name;
  const place = h("div", { class: `screen ${route.name}` });
  fill(main, place);
  try {
    const title = await SCREENS[route.name](place, route.arg);
    if (mine === turn) document.title = `${title} · DataBlueprint`;
  } catch (error) {
    if (mine === turn)
      fill(
        place,
        h("h1", { class: "hidden" }, "DataBlueprint"),
        problemCard(error, () => draw(route)),
      );
  }
  if (mine === turn && focus && route.name !== "ask") focusOn(main);
}

/** @param {HTMLElement} main */
function focusOn(main) {
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function connection() {
  fill(
    byId("offline"),
    navigator.onLine ? "" : "You are offline. What is on this page stays; new questions wait for a connection.",
  );
}

async function where() {
  try {
    const status = await get("/status");
    fill(
      byId("where"),
      h("span", { class: "company" }, status.company ?? ""),
      status.as_of && h("span", {}, `as of ${day(status.as_of)}`),
    );
  } catch {
    // The screen itself says what is wrong.
  }
}

/** Nothing is asked before it is known who is here. */
async function begin() {
  connection();
  try {
    const here = await signin.begin();
    if (here === "out") return fill(byId("main"), signedOut());
    if (here !== "laptop") account(here.person);
  } catch (error) {
    return fill(byId("main"), h("div", { class: "screen" }, problemCard(error, signin.signIn, "Sign in")));
  }
  if (!location.hash) history.replaceState(null, "", "#/start");
  window.addEventListener("hashchange", follow);
  where();
  follow();
}

/** @param {string} person */
function account(person) {
  const out = button("Sign out", signin.signOut, { class: "plain", "aria-label": `Sign out ${person}` });
  const systems = h("a", { href: "#/connect" }, "Connections");
  fill(byId("account"), h("span", { class: "person" }, person), systems, out);
}

const signedOut = () =>
  h(
    "section",
    { class: "card empty" },
    h("h1", {}, "You are signed out"),
    h("p", {}, "Nothing of this session is left in this tab."),
    button("Sign in", signin.signIn, { class: "primary" }),
  );

window.addEventListener("online", connection);
window.addEventListener("offline", connection);
window.addEventListener("beforeprint", () => {
  for (const closed of document.querySelectorAll("details:not([open])")) closed.setAttribute("open", "");
});
begin();
