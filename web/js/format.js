/** How amounts, days and systems are spelled. Figures come spelled by the server; only records are spelled here. */

const NAMES = /** @type {Record<string, string>} */ ({
  procore: "Procore",
  quickbooks: "QuickBooks",
  quickbooks_online: "QuickBooks",
  quickbooks_desktop: "QuickBooks Desktop",
  gusto: "Gusto",
  finch: "Finch",
  payroll_file: "Payroll file",
});

/** @param {string} system */
export const systemName = (system) => NAMES[system] ?? system;

/** A job's number; one that only a system knows by its own id is named after the system. @param {string} key */
export const jobKey = (key) => (key.includes(":") ? `${systemName(key.split(":", 1)[0])} only:` : key);

/** The system a record is of. @param {string} recordId */
export const systemOf = (recordId) => recordId.split(":", 1)[0];

/** 'quickbooks:Bill:1042' as 'Bill 1042'. @param {string} recordId */
export function recordName(recordId) {
  const [, kind = "", ...rest] = recordId.split(":");
  return `${kind.replaceAll("_", " ")} ${rest.join(":")}`.trim();
}

/** A money string in whole cents, so that sums are exact. @param {string} amount @returns {bigint} */
export function cents(amount) {
  const [, sign, whole, part = ""] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(String(amount).trim()) ?? [];
  if (whole === undefined) throw new RangeError(`'${amount}' is no amount of money`);
  const value = BigInt(whole) * 100n + BigInt((part + "00").slice(0, 2));
  return sign === "-" ? -value : value;
}

/** Cents as '$1,298,990.14', negative '-$5.00'. @param {bigint} value */
export function dollars(value) {
  const positive = value < 0n ? -value : value;
  const whole = (positive / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0n ? "-" : ""}$${whole}.${(positive % 100n).toString().padStart(2, "0")}`;
}

/** A money string to the cent. @param {string | null | undefined} amount */
export const money = (amount) => (amount === null || amount === undefined ? "" : dollars(cents(amount)));

/** A money string to the dollar, for things that are no figures. @param {string | null | undefined} amount */
export function about(amount) {
  if (amount === null || amount === undefined) return "";
  const value = cents(amount);
  const rounded = (value < 0n ? value - 50n : value + 50n) / 100n;
  return dollars(rounded * 100n).slice(0, -3);
}

const DAY = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-US", {
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
});

/** '2026-11-19' as 'Nov 19, 2026'. @param {string | null | undefined} text */
export function day(text) {
  if (!text) return "";
  const value = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(value.getTime()) ? text : DAY.format(value);
}

/** A moment in the reader's time zone. @param {string | null | undefined} text */
export function moment(text) {
  if (!text) return "never";
  const value = new Date(text);
  return Number.isNaN(value.getTime()) ? text : MOMENT.format(value);
}

/** @param {number} n @param {string} one @param {string} [many] */
export const counted = (n, one, many = `${one}s`) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

/** @param {string} text */
export const capital = (text) => (text ? text[0].toUpperCase() + text.slice(1) : text);

/** A link that a browser may follow: http and https only. @param {string | null | undefined} url */
export function followable(url) {
  try {
    const parsed = new URL(String(url));
    return ["https:", "http:"].includes(parsed.protocol) ? parsed.href : "";
  } catch {
    return "";
  }
}
