/** Charts are drawn by Chart.js where it is installed, and by plain bars where it is not; a table says the same. */

import { fill, h } from "./dom.js";
import { figure } from "./figures.js";
import { capital } from "./format.js";
import { go } from "./router.js";

/** @typedef {import("./types.js").Chart} Chart @typedef {import("./types.js").Point} Point */

const SOURCE = new URL("../vendor/chart.umd.min.js", import.meta.url).href;

/** @type {Promise<any> | null} */
let library = null;

/** Chart.js puts itself on the global object; null where it was not installed. @returns {Promise<any>} */
function charts() {
  library ??= import(SOURCE).then(() => /** @type {any} */ (globalThis).Chart ?? null).catch(() => null);
  return library;
}

const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 640px)");

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {Chart} chart @param {{table?: boolean}} [options] table: whether to add one beneath */
export function chartSection(chart, { table = true } = {}) {
  const place = h("div", { class: "chart-place" });
  const section = h(
    "figure",
    { class: "chart" },
    h(
      "figcaption",
      {},
      capital(chart.title),
      floor(chart) === undefined ? "" : " (the axis does not begin at zero)",
    ),
    place,
    table && pointsTable(chart),
  );
  charts().then((Library) => {
    if (!Library)
      return fill(
        place,
        plainBars(chart),
        h("p", { class: "quiet" }, "Charts are not installed; the bars and the table say the same."),
      );
    const again = () => draw(Library, chart, place);
    again();
    dark.addEventListener("change", again);
    return undefined;
  });
  return section;
}

/** @param {Chart} chart */
function pointsTable(chart) {
  return h(
    "details",
    { class: "beneath" },
    h("summary", {}, "The chart as a table"),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": `${chart.title}, as a table` },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h("tr", {}, h("th", { scope: "col" }, "What"), h("th", { scope: "col", class: "num" }, "Amount")),
        ),
        h(
          "tbody",
          {},
          chart.points.map((point) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, point.label),
              h("td", { class: "num" }, point.ref ? figure(point.ref, point.shown, point.label) : point.shown),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {Chart} chart */
function plainBars(chart) {
  const most = Math.max(...chart.points.map((point) => Math.abs(Number(point.value))), 1e-9);
  return h(
    "ul",
    { class: "bars" },
    chart.points.map((point) => {
      const bar = h("span", { class: `bar ${Number(point.value) < 0 ? "minus" : ""} ${point.role ?? ""}` });
      bar.style.setProperty("--share", String(Math.abs(Number(point.value)) / most));
      return h(
        "li",
        {},
        h("span", { class: "bar-label" }, point.label),
        bar,
        point.ref ? figure(point.ref, point.shown, point.label) : h("span", {}, point.shown),
      );
    }),
  );
}

/** @param {any} Library @param {Chart} chart @param {HTMLElement} place */
function draw(Library, chart, place) {
  const canvas = h("canvas", { role: "img", "aria-label": said(chart) });
  const old = place.querySelector("canvas");
  if (old) Library.getChart(old)?.destroy();
  const box = h("div", { class: `chart-box chart-${chart.kind}` }, canvas);
  box.style.setProperty("--rows", String(chart.points.length));
  fill(place, box);
  new Library(canvas, config(chart));
}

/** @param {Chart} chart */
function said(chart) {
  const some = chart.points
    .slice(0, 6)
    .map((point) => `${point.label} ${point.shown}`)
    .join("; ");
  return `${chart.title}: ${some}${chart.points.length > 6 ? `; and ${chart.points.length - 6} more` : ""}`;
}

/** Where each bar starts and ends: a waterfall's parts stand on what came before. @param {Chart} chart */
function spans(chart) {
  if (chart.kind !== "waterfall") return chart.points.map((point) => Number(point.value));
  let level = 0;
  return chart.points.map((point) => {
    const value = Number(point.value);
    if (point.role === "start" || point.role === "end") {
      level = value;
      return [0, value];
    }
    level += value;
    return [level - value, level];
  });
}

/** @param {Point} point */
function tone(point) {
  if (point.role === "start" || point.role === "end") return colour("--accent");
  if (Number(point.value) < 0) return colour("--bar-minus");
  return colour(point.role === "part" ? "--bar-plus" : "--accent");
}

/** A label in at most two lines. @param {string} label @param {number} most letters in a line */
function lines(label, most) {
  const found = [""];
  for (const word of label.split(" ")) {
    const longer = `${found[found.length - 1]} ${word}`.trim();
    if (longer.length <= most || !found[found.length - 1]) found[found.length - 1] = longer;
    else found.push(word);
  }
  const two = found.length > 2 ? [found[0], `${found[1]}…`] : found;
  return two.map((line) => (line.length > most + 2 ? `${line.slice(0, most + 1)}…` : line));
}

/**
 * Where a waterfall's axis begins: near its steps where they are small beside what they start from.
 * @param {Chart} chart
 */
function floor(chart) {
  if (chart.kind !== "waterfall") return undefined;
  const levels = /** @type {number[][]} */ (spans(chart)).map((span) => span[1]);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  if (low <= 0 || high === low || high - low >= low / 2) return undefined;
  const step = 10 ** Math.floor(Math.log10(high - low));
  return Math.max(0, Math.floor((low - (high - low) * 0.4) / step) * step);
}

/** @param {Chart} chart */
function config(chart) {
  const across = chart.kind !== "line";
  const ink = colour("--muted");
  const grid = colour("--line");
  const values = {
    min: floor(chart),
    ticks: {
      color: ink,
      maxTicksLimit: 6,
      callback: (/** @type {number} */ v, /** @type {number} */ _i, /** @type {{value: number}[]} */ ticks) =>
        axis(v, chart.unit, Math.abs((ticks[1]?.value ?? v) - (ticks[0]?.value ?? 0))),
    },
    grid: { color: grid },
    border: { display: false },
  };
  const labels = {
    ticks: {
      color: colour("--ink"),
      autoSkip: !across,
      font: { size: narrow.matches ? 11 : 12 },
      callback: (/** @type {number} */ _v, /** @type {number} */ i) =>
        lines(chart.points[i]?.label ?? "", narrow.matches ? 17 : 34),
    },
    grid: { display: false },
    border: { display: false },
  };
  return {
    type: across ? "bar" : "line",
    data: {
      labels: chart.points.map((point) => point.label),
      datasets: [
        {
          data: spans(chart),
          backgroundColor: across ? chart.points.map(tone) : colour("--accent"),
          borderColor: colour("--accent"),
          borderWidth: across ? 0 : 2,
          borderRadius: 2,
          maxBarThickness: 22,
          pointRadius: 4,
          tension: 0,
        },
      ],
    },
    options: {
      indexAxis: across ? "y" : "x",
      responsive: true,
      maintainAspectRatio: false,
      animation: still.matches ? false : { duration: 250 },
      scales: across ? { x: values, y: labels } : { x: labels, y: values },
      onClick: (/** @type {unknown} */ _event, /** @type {{index: number}[]} */ hit) => {
        const ref = hit.length ? chart.points[hit[0].index].ref : "";
        if (ref) go("figure", ref);
      },
      onHover: (/** @type {any} */ event, /** @type {{index: number}[]} */ hit) => {
        event.native.target.style.cursor = hit.length && chart.points[hit[0].index].ref ? "pointer" : "default";
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: { label: (/** @type {{dataIndex: number}} */ item) => chart.points[item.dataIndex].shown },
        },
      },
    },
  };
}

/**
 * An axis tick, as fine as the step between ticks.
 * @param {number} value @param {string} unit @param {number} step
 */
function axis(value, unit, step) {
  if (unit === "ratio") return `${Math.round(value * 1000) / 10}%`;
  if (unit === "points") return `${Math.round(value * 1000) / 10} pts`;
  const size = Math.abs(value);
  const short =
    size >= 1e6 && step >= 1e5
      ? `${Math.round(value / 1e5) / 10}M`
      : size >= 1e3 && step >= 1e3
        ? `${Math.round(value / 1e3)}k`
        : (Math.round(value * 100) / 100).toLocaleString("en-US");
  return unit.startsWith("money") ? short.replace(/^(-?)/, "$1$$") : short;
}
