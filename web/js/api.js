/** The API as functions. Every failure is a Problem that says what happened and what to do. */

import { Problem } from "./fault.js";
import * as signin from "./signin.js";

/** @typedef {import("./types.js").Job} Job @typedef {import("./types.js").ProgressEvent} ProgressEvent */

const base = document.querySelector("meta[name=datablueprint-api]")?.getAttribute("content") ?? "";
const PATIENCE = 60_000;
const TRIES = 5;

/**
 * @param {string} method @param {string} path
 * @param {{query?: Record<string, unknown>, body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function call(method, path, { query = {}, body, signal } = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) asked.set(name, String(value));
  const response = await admitted(method, `${path}${asked.size ? `?${asked}` : ""}`, { body, signal });
  return response.status === 204 ? null : response.json().catch(() => null);
}

/**
 * What the API answers; when it lets nobody in, once more with a new token. A refusal is thrown as a Problem.
 * @param {string} method @param {string} path
 * @param {{body?: unknown, signal?: AbortSignal | undefined, accept?: string}} options
 */
async function admitted(method, path, options) {
  let response = await sent(method, path, options);
  if (response.status === 401 && (await signin.renewed())) response = await sent(method, path, options);
  if (response.ok) return response;
  const told = await response.json().catch(() => null);
  throw new Problem({ status: response.status, ...(told ?? { title: response.statusText }) });
}

/**
 * @param {string} method @param {string} path
 * @param {{body?: unknown, signal?: AbortSignal | undefined, accept?: string}} options
 */
async function sent(method, path, { body, signal, accept = "application/json" }) {
  const identity = await signin.headers();
  const limit = AbortSignal.timeout(PATIENCE);
  try {
    return await fetch(base + path, {
      method,
      headers: { accept, ...identity, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ status: 0, title: "No connection", detail: "DataBlueprint could not be reached." });
  }
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

/** What API Gateway must be asked for to send bytes as they are. @type {Record<string, string>} */
const MEDIA = {
  pdf: "application/pdf",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** A file of the API, and what it is called; a link could not say who asks. @param {string} path */
export async function file(path) {
  const kind = new URL(path, location.origin).pathname.split(".").pop() ?? "";
  const response = await admitted("GET", path, { accept: MEDIA[kind] });
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  return { blob: await response.blob(), name: name ?? `answer.${kind}` };
}

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
