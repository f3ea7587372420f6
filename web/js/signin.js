/**
 * Who is at the page: authorization code with PKCE where the page is hosted; on a laptop nobody is asked.
 *
 * The access token opens the API, so it is held in memory only. The refresh token is in the tab's session
 * storage, because without it every reload would lead through the sign-in page: it is gone with the tab, is
 * replaced at each use, and alone opens nothing. Neither is in a cookie, so no other site can spend it.
 */

import { Problem } from "./fault.js";

/**
 * @typedef {{sign_in: string, client_id: string, scopes: string, api_key?: string}} Config
 *   `sign_in` is the origin of the sign-in pages.
 * @typedef {{access: string, until: number, person: string}} Session
 */

const KEPT = "datablueprint.refresh";
const GOING = "datablueprint.going";
const OUT = "datablueprint.out";
const EARLY = 30_000;
const PATIENCE = 20_000;

/** @type {Config | null} */
let config = null;
/** @type {Session | null} */
let session = null;
/** @type {Promise<boolean> | null} */
let renewing = null;
/** @type {(() => void)[]} */
const before = [];

/** Has something kept before the tab goes to sign in. @param {() => void} keep */
export const leaving = (keep) => void before.push(keep);

/**
 * Finds out who is here, before anything is asked.
 * @returns {Promise<{person: string} | "laptop" | "out">} "out" after signing out; a page that goes to sign in
 *   never returns
 */
export async function begin() {
  const named = document.querySelector("meta[name=datablueprint-config]")?.getAttribute("content");
  if (!named) return "laptop";
  config = await settings(named);
  if (!config) return "laptop";
  const back = new URLSearchParams(location.search);
  if (back.has("code") || back.has("error")) await arrived(back);
  else if (sessionStorage.getItem(OUT)) return "out";
  else if (!(await renew())) return signIn();
  return { person: session?.person ?? "" };
}

/** What a request to the API says of who asks. @returns {Promise<Record<string, string>>} */
export async function headers() {
  if (!config) return {};
  if ((!session || session.until - Date.now() < EARLY) && !(await renew())) return signIn();
  return {
    authorization: `Bearer ${session?.access}`,
    ...(config.api_key ? { "x-api-key": config.api_key } : {}),
  };
}

/** After the API let nobody in: whether it is worth asking again; otherwise the tab goes to sign in. */
export async function renewed() {
  if (!config) return false;
  return (await renew()) || signIn();
}

/** Leaves for the sign-in page and comes back to the same screen. @returns {Promise<never>} */
export async function signIn() {
  const { sign_in, client_id, scopes } = known();
  for (const keep of before) keep();
  sessionStorage.removeItem(OUT);
  const going = { state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(GOING, JSON.stringify(going));
  const asked = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: home(),
    scope: scopes,
    state: going.state,
    code_challenge: await challenge(going.verifier),
    code_challenge_method: "S256",
  });
  location.assign(`${sign_in}/oauth2/authorize?${asked}`);
  return new Promise(() => {});
}

/** Forgets everything in this tab, here and at the sign-in page. */
export async function signOut() {
  const { sign_in, client_id } = known();
  const token = sessionStorage.getItem(KEPT);
  session = null;
  sessionStorage.clear();
  sessionStorage.setItem(OUT, "1");
  if (token) await posted("/oauth2/revoke", { token }).catch(() => null);
  location.assign(`${sign_in}/logout?${new URLSearchParams({ client_id, logout_uri: home() })}`);
}

/** @param {string} named @returns {Promise<Config | null>} null where there is none */
async function settings(named) {
  try {
    const response = await fetch(named, { cache: "no-store" });
    if (response.status === 404) return null;
    if (response.ok) return await response.json();
  } catch {
    // Told below: it could not be had, or is no JSON.
  }
  throw new Problem({
    title: "The page cannot start",
    detail: `Its settings (${named}) could not be read.`,
    fix: "Check the connection, then reload the page.",
  });
}

/** The way back from the sign-in page; a code counts once, and only where it was asked for. @param {URLSearchParams} back */
async function arrived(back) {
  const going = JSON.parse(sessionStorage.getItem(GOING) ?? "null");
  sessionStorage.removeItem(GOING);
  history.replaceState(null, "", home() + (going?.hash || "#/start"));
  if (!going || back.get("state") !== going.state)
    throw new Problem({
      title: "You are not signed in",
      detail: "This sign-in was not begun in this tab, or was finished already.",
      fix: "Sign in from here.",
    });
  const code = back.get("code");
  if (!code)
    throw new Problem({
      title: "You are not signed in",
      detail: back.get("error_description") || `The sign-in page said: ${back.get("error")}.`,
      fix: "Try again; if it stays so, ask your administrator for access.",
    });
  const told = await posted("/oauth2/token", {
    grant_type: "authorization_code",
    code,
    redirect_uri: home(),
    code_verifier: going.verifier,
  });
  if (!told)
    throw new Problem({
      title: "You are not signed in",
      detail: "The sign-in took too long, or was used already.",
      fix: "Sign in again.",
    });
  opened(told);
}

/** A new access token, silently; one attempt at a time. @returns {Promise<boolean>} false = sign in again */
function renew() {
  renewing ??= renewal().finally(() => (renewing = null));
  return renewing;
}

async function renewal() {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return false;
  const told = await posted("/oauth2/token", { grant_type: "refresh_token", refresh_token: kept });
  if (told) opened(told);
  else sessionStorage.removeItem(KEPT);
  return Boolean(told);
}

/** @param {{access_token: string, expires_in: number, refresh_token?: string}} told */
function opened(told) {
  session = {
    access: told.access_token,
    until: Date.now() + told.expires_in * 1000,
    person: claim(told.access_token, "username"),
  };
  if (told.refresh_token) sessionStorage.setItem(KEPT, told.refresh_token);
}

/**
 * @param {string} path @param {Record<string, string>} fields
 * @returns {Promise<any>} null when what was sent is not, or no longer, good
 */
async function posted(path, fields) {
  const { sign_in, client_id } = known();
  let response;
  try {
    response = await fetch(sign_in + path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ client_id, ...fields }),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Problem({ title: "No connection", detail: "The sign-in service could not be reached." });
  }
  if (response.status >= 500 || response.status === 429)
    throw new Problem({
      title: "Too busy",
      detail: "The sign-in service cannot answer just now.",
      fix: "Wait a moment, then try again.",
    });
  return response.ok ? response.json().catch(() => ({})) : null;
}

/** For showing only: the API checks the token. @param {string} token @param {string} name */
function claim(token, name) {
  try {
    const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0));
    return String(JSON.parse(new TextDecoder().decode(bytes))[name] ?? "");
  } catch {
    return "";
  }
}

function known() {
  if (!config) throw new Problem({ title: "There is no sign-in here", detail: "This page needs none." });
  return config;
}

/** Where the sign-in page sends people back to. */
const home = () => new URL("./", location.href).href;

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** @param {string} verifier */
async function challenge(verifier) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
