/** The API as functions. Every failure is a Problem that says what happened and what to do. */

/** @typedef {import("./types.js").Job} Job @typedef {import("./types.js").ProgressEvent} ProgressEvent */

const base = document.querySelector("meta[name=datablueprint-api]")?.getAttribute("content") ?? "";
const PATIENCE = 60_000;
const TRIES = 5;

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

/** @type {Record<number, string>} */
const FIXES = {
  0: "Check the connection, then try again.",
  401: "Sign in again.",
  403: "Ask your administrator for access.",
  429: "Wait a minute, then try again.",
  500: "Try again; if it stays so, run `datablueprint doctor`.",
};

/**
 * @param {string} method @param {string} path
 * @param {{query?: Record<string, unknown>, body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function call(method, path, { query = {}, body, signal } = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) asked.set(name, String(value));
  const url = `${base}${path}${asked.size ? `?${asked}` : ""}`;
  const limit = AbortSignal.timeout(PATIENCE);
  let response;
  try {
    response = await fetch(url, {
      method,
      headers:
        body === undefined
          ? { accept: "application/json" }
          : { accept: "application/json", "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ status: 0, title: "No connection", detail: "DataBlueprint could not be reached." });
  }
  if (response.status === 204) return null;
  const told = await response.json().catch(() => null);
  if (!response.ok) throw new Problem({ status: response.status, ...(told ?? { title: response.statusText }) });
  return told;
}

/** @param {string} path @param {Record<string, unknown>} [query] */
export const get = (path, query) => call("GET", path, { query });
/** @param {string} path @param {unknown} [body] */
export const post = (path, body = {}) => call("POST", path, { body });
/** @param {string} path @param {unknown} [body] */
export const put = (path, body = {}) => call("PUT", path, { body });
/** @param {string} path */
export const remove = (path) => call("DELETE", path);

/** One part of a path. @param {string} text */
export const part = (text) => encodeURIComponent(text);

/** Where a file of the API is, for a link. @param {string} path */
export const address = (path) => `${base}${path}`;

/**
 * Waits for a question's job by long poll and tells every event once; a lost connection is tried again.
 * @param {string} id @param {(events: ProgressEvent[]) => void} told
 * @returns {Promise<Job>}
 */
export async function awaited(id, told) {
  let after = -1;
  let failures = 0;
  for (;;) {
    try {
      /** @type {Job} */
      const job = await get(`/questions/${part(id)}`, { wait: 20, after: after < 0 ? undefined : after });
      failures = 0;
      const fresh = (job.events ?? []).filter((event) => event.seq > after);
      if (fresh.length) {
        after = fresh[fresh.length - 1].seq;
        told(fresh);
      }
      if (job.status !== "running") return job;
      if (!fresh.length) await new Promise((done) => setTimeout(done, 300));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 0 || (failures += 1) >= TRIES) throw error;
      await new Promise((done) => setTimeout(done, 500 * 2 ** failures));
    }
  }
}

/** @type {Map<string, Promise<any>>} */
const remembered = new Map();

/**
 * An answer that doesn't change while the page is open, asked for once.
 * @param {string} path @returns {Promise<any>}
 */
export function once(path) {
  const known = remembered.get(path);
  if (known) return known;
  const asked = get(path);
  remembered.set(path, asked);
  asked.catch(() => remembered.delete(path));
  return asked;
}
