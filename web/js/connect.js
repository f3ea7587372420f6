/** Leads an administrator to the pages on which systems are connected; they know this browser by a cookie. */

import { post } from "./api.js";
import { h } from "./dom.js";
import { Problem } from "./fault.js";

const PAGES = "/api/connect";

/** @param {HTMLElement} main */
export async function show(main) {
  main.append(h("p", { class: "loading" }, "Opening the connections …"));
  const told = await post("/connect");
  if (told?.location !== PAGES)
    throw new Problem({ title: "There are no connections here", detail: "Systems are connected where the page is hosted." });
  location.replace(PAGES);
  return "Connections";
}
