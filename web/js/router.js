/** Hash routes, so that every screen, answer and figure has a link that can be shared. */

/** @typedef {{name: string, arg: string}} Route */

/** @param {string} hash @returns {Route} */
export function read(hash) {
  const [, name = "start", ...rest] = hash.replace(/^#/, "").split("/");
  let arg = rest.join("/");
  try {
    arg = decodeURIComponent(arg);
  } catch {
    // A hand-edited link: taken as it stands.
  }
  return { name: name || "start", arg };
}

/** @param {string} name @param {string} [arg] */
export const to = (name, arg = "") => (arg ? `#/${name}/${encodeURIComponent(arg)}` : `#/${name}`);

/** @param {string} name @param {string} [arg] */
export function go(name, arg = "") {
  location.hash = to(name, arg);
}

/** The whole address of a screen, to be shared. @param {string} name @param {string} [arg] */
export const link = (name, arg = "") => new URL(to(name, arg), location.href).href;
