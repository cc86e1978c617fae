// @ts-check
// The figure that Plotly is given, as SVG: for pages that have no Plotly, and until it is there. Lines, scales and shapes only.

/** @import { Figure, Json } from "./types.d.ts" */

const SVG_SPACE = "http://www.w3.org/2000/svg";
const AWAY = 8, BELOW = 15; // pixels from an axis to its words
const NEAREST = 0.3; // pixels: points that are nearer than this to the last one are left out
const BEYOND = 4000; // pixels: what lies further outside is drawn at this place

/**
 * From quantities to pixels along one axis.
 * @param {Json} axis @param {number} from @param {number} to
 * @returns {(value: number) => number}
 */
function scaleOf({ type, range: [low, high] }, from, to) {
  return (value) => {
    const place = type === "log" ? Math.log10(value) : value, px = from + ((to - from) * (place - low)) / (high - low);
    return Math.min(BEYOND, Math.max(-BEYOND, px));
  };
}

/** @param {string} name @param {Json} attributes @param {string} [text] */
export function svgElement(name, attributes, text = "") {
  const element = document.createElementNS(SVG_SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

/** A line through these places; a number that is none parts it. @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys */
function pathThrough(xs, ys) {
  let path = "", pen = "M", x = NaN, y = NaN;
  for (let i = 0; i < xs.length; i++) {
    if (!isFinite(xs[i]) || !isFinite(ys[i])) {
      pen = "M";
      continue;
    }
    const last = i === xs.length - 1 || !isFinite(ys[i + 1]);
    if (pen === "L" && !last && Math.abs(xs[i] - x) < NEAREST && Math.abs(ys[i] - y) < NEAREST) continue;
    [x, y] = [xs[i], ys[i]];
    path += `${pen}${x.toFixed(2)} ${y.toFixed(2)}`;
    pen = "L";
  }
  return path;
}

/** @param {Json} line of a trace or a shape */
const strokeOf = ({ color, width, dash }) => ({
  fill: "none",
  stroke: color,
  "stroke-width": width,
  "stroke-linejoin": "round",
  ...(dash ? { "stroke-dasharray": dash.replaceAll("px", "") } : {}),
});

/** The words beside a vertical axis, with its ticks. @param {Json} axis @param {(v: number) => number} y @param {number} x */
function verticalMarks(axis, y, x) {
  const texts = axis.ticktext || [], font = axis.tickfont || {};
  return (axis.tickvals || []).flatMap((/** @type {number} */ value, /** @type {number} */ i) => {
    const words = svgElement("text", { x: x - AWAY, y: y(value) + 4, "text-anchor": "end", fill: font.color }, texts[i]);
    const tick = { x1: x - (axis.ticklen || 0), x2: x, y1: y(value), y2: y(value), stroke: axis.tickcolor };
    return axis.ticks === "outside" ? [words, svgElement("line", tick)] : [words];
  });
}

/**
 * The same below a horizontal one.
 * @param {Json} axis @param {(v: number) => number} x @param {number} y @param {string} color
 */
function horizontalMarks(axis, x, y, color) {
  if (!axis.showticklabels) return [];
  return (axis.tickvals || []).map((/** @type {number} */ value, /** @type {number} */ i) =>
    svgElement("text", { x: x(value), y: y + BELOW, "text-anchor": "middle", fill: color }, axis.ticktext[i])
  );
}

/**
 * The figure as one element. Colours are those of the page already; `modes`: of the curves, for whoever makes one thicker.
 * @param {Figure} figure
 * @param {number[]} modes
 */
export function lightDrawing({ data, layout }, modes) {
  const { width, height, margin, font } = layout, right = width - margin.r, bottom = height - margin.b;
  const x = scaleOf(layout.xaxis, margin.l, right), span = bottom - margin.t;
  /** @param {Json | undefined} axis */
  const upright = (axis) => {
    const [low, high] = (axis && axis.domain) || [0, 1];
    return axis && axis.range ? scaleOf(axis, bottom - low * span, bottom - high * span) : () => bottom;
  };
  const y = upright(layout.yaxis), second = upright(layout.yaxis2);
  const root = svgElement("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-size": 12,
    "font-family": font.family,
  });
  for (const { line, x0, x1, y0, y1, xref, yref } of layout.shapes || []) {
    const across = xref === "paper" ? (/** @type {number} */ v) => margin.l + v * (right - margin.l) : x;
    const up = yref === "paper" ? (/** @type {number} */ v) => bottom - v * span : y;
    root.append(svgElement("line", { ...strokeOf(line), x1: across(x0), x2: across(x1), y1: up(y0), y2: up(y1) }));
  }
  const curves = svgElement("svg", { x: margin.l, y: 0, width: right - margin.l, height, overflow: "hidden" });
  curves.setAttribute("viewBox", `${margin.l} 0 ${right - margin.l} ${height}`);
  data.forEach((trace, i) => {
    const up = trace.yaxis === "y2" ? second : y;
    const path = pathThrough(Array.from(trace.x, x), Array.from(trace.y, up));
    curves.append(svgElement("path", { ...strokeOf(trace.line), "data-mode": modes[i] ?? 0, d: path }));
  });
  root.append(curves, ...verticalMarks(layout.yaxis, y, margin.l));
  if (layout.yaxis2 && layout.yaxis2.range) root.append(...verticalMarks(layout.yaxis2, second, margin.l));
  root.append(...horizontalMarks(layout.xaxis, x, bottom, font.color));
  return root;
}
