// @ts-check
// A chart over time: the still of the scene at once, Plotly in its place as soon as it is here; a view without a still is drawn
// from the figure of Plotly until then, and for good where there is none. All lie under the canvas, which draws what moves.
// Places: `x(f)` of a frame, `y(v)` of a value, in pixels of the unzoomed picture.

/** @import { Axis, Figure, Json, Tokens } from "./types.d.ts" */

import { axisMarks } from "./axes.js";
import { between } from "./data.js";
import { enlarge, expectPlotly } from "./enlarging.js";
import { lightDrawing } from "./light_drawing.js";
import { library } from "./plotly.js";
import { TimePanel } from "./time_panel.js";

// True while a hand drags a slider.
export const heldSlider = () => "dragging" in document.documentElement.dataset;

const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false, showTips: false };

// Names of colours in a figure from Python, replaced by those of the theme.
/** @param {any} value @param {Tokens} tokens @returns {any} */
function coloured(value, tokens) {
  if (Array.isArray(value)) return value.map((each) => coloured(each, tokens));
  if (value && typeof value === "object" && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, tokens)]));
  }
  return typeof value === "string" ? (tokens.named[value] ?? value) : value;
}

export class Chart extends TimePanel {
  low = 0; // of the axis, as far as it is shown
  high = 1;

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root.querySelector("canvas"));
    this.root = root;
    /** @type {any} of Plotly */
    this.drawing = root.querySelector(".dmf-plotly");
    this.still = root.querySelector(".dmf-still");
    this.light = document.createElement("div"); // the figure without Plotly
    this.light.className = "dmf-light";
    this.drawing.before(this.light);
    this.hovered = 0;
    this.listening = false;
    /** @type {any[] | null} what the figure that is shown was made from */
    this.figureInputs = null;
    /** @type {string | null} */
    this.shownStill = null;
    this.admitted = false; // Plotly draws it from now on
  }

  // The horizontal axis, whole or as far as it is enlarged.
  setAcross() {
    const { axis, window: part } = this.view;
    const [low, high] = part && part.x ? part.x : [axis.low, axis.high];
    this.low = low;
    this.high = high;
  }

  /** @param {number} f */
  x(f) {
    const { axis } = this.view, far = axis.empty ? 0 : between(axis.column, f) - this.low;
    return this.x0 + (far / (this.high - this.low)) * (this.x1 - this.x0);
  }

  /** @param {number} px */
  place(px) {
    const { axis } = this.view, share = (px - this.x0) / (this.x1 - this.x0);
    return Math.min(1, Math.max(0, (this.low + share * (this.high - this.low) - axis.low) / (axis.high - axis.low)));
  }

  /** @param {number} x */
  inside(x) {
    return x >= this.x0 - 1 && x <= this.x1 + 1;
  }

  // In the terms of Plotly: an axis that knows its quantity, not its logarithm.
  acrossOf() {
    const { axis, window: part } = this.view, sign = axis.name === "error" ? -1 : 1;
    /** @type {Json} */
    const whole = { ...axis.axis, ...this.marked(axis) };
    if (!part || !part.x) return whole;
    return { ...whole, range: part.x.map((v) => sign * v), tickvals: null, ticktext: null, tickmode: "auto", ...SHOWN_BELOW };
  }

  /** @param {Axis} axis */
  marked(axis) {
    const marks = axisMarks(axis, this.x1 - this.x0);
    return { tickvals: marks.map(([v]) => quantityOf(axis, v)), ticktext: marks.map(([, text]) => text) };
  }

  // Draws `figure()` by Plotly where it is here, else shows the still where it is of this very view, else draws the figure
  // without Plotly. `about`: what the figure depends on beside run, axis, size and colours; the same again costs nothing.
  /** @param {() => Figure} figure @param {string | null} still @param {any[]} about */
  show(figure, still, about) {
    const { run, zoom, axis, tokens, enlarging, window: part } = this.view;
    const passing = still !== null && (heldSlider() || this.view.player.passing); // a still takes a third of the time
    const own = this.admitted && run.frames > 0 && !passing, light = !own && still === null && run.frames > 0;
    this.root.dataset.renderer = own ? "plotly" : light ? "light" : still === null ? "none" : "still";
    this.root.style.setProperty("--zoom", String(zoom));
    this.drawing.style.transform = zoom === 1 ? "none" : ""; // without one its hover labels lie above the words
    if (light) expectPlotly(this.view.player, true); // its hover and its zoom are wanted here too
    if (!own) this.dropPlotly();
    if (!light) this.light.replaceChildren();
    if (!own && !light) return this.showStill(still);
    const inputs = [own, run, axis, run.chart, tokens, enlarging, part, this.width, this.height, this.x0, ...about];
    if (this.figureInputs && inputs.every((each, i) => each === this.figureInputs[i])) return undefined;
    this.figureInputs = inputs;
    this.showStill("");
    const themed = coloured(figure(), this.view.tokens);
    const size = { width: this.width, height: this.height };
    if (light) {
      Object.assign(themed.layout, size);
      return this.light.replaceChildren(lightDrawing(themed, this.modesDrawn()));
    }
    Object.assign(themed.layout, size, { dragmode: this.view.enlarging ? "zoom" : false });
    library.plotly.react(this.drawing, themed.data, themed.layout, CONFIG);
    return this.listen();
  }

  // The modes of the curves of the figure, in its order.
  /** @returns {number[]} */
  modesDrawn() {
    return [];
  }

  // That of the view that a link asked for, where this is its run and its axis.
  /** @returns {import("./types.d.ts").AskedStill | null} */
  askedStill() {
    const { run, axis, window: part, player } = this.view, still = player.askedStill;
    return still && !part && still.run === run.run && still.frames === run.frames && still.axis === axis.key ? still : null;
  }

  dropPlotly() {
    if (!this.listening) return;
    library.plotly.purge(this.drawing);
    this.figureInputs = null;
    this.listening = false;
  }

  /** @param {string | null} still */
  showStill(still) {
    if (still) this.figureInputs = null; // the figure before is gone
    if (this.shownStill === still) return;
    this.shownStill = still;
    this.still.innerHTML = still === null ? "" : still;
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    this.drawing.on("plotly_hover", (/** @type {Json} */ { points }) => this.hover(points[0]));
    this.drawing.on("plotly_unhover", () => this.setHovered(0));
    this.drawing.on("plotly_relayout", (/** @type {Json} */ change) => this.enlarged(change));
    this.drawing.on("plotly_doubleclick", () => enlarge(this.view.player, null));
  }

  // Of a point under the pointer: its frame, and the mode whose curve it is on. Each chart has its own.
  /** @param {any} _point */
  frameOf(_point) {
    return 0;
  }

  /** @param {any} _point */
  modeOf(_point) {
    return 0;
  }

  // The heights that a box encloses, or null where they stay as they are.
  /** @param {any} _full @returns {number[] | null} */
  heightsOf(_full) {
    return null;
  }

  /** @param {any} point */
  hover(point) {
    const frame = this.frameOf(point);
    if (this.view.hidden && frame > this.view.player.clock.f) library.plotly.Fx.unhover(this.drawing); // it is to be predicted
    else this.setHovered(this.modeOf(point));
  }

  /** @param {number} mode */
  setHovered(mode) {
    this.hovered = mode;
    this.view.player.light(mode, null);
  }

  // A box was drawn: what it holds becomes the whole picture, here and in the other chart.
  /** @param {Json} change */
  enlarged(change) {
    if (!Object.keys(change).some((key) => /^[xy]axis/.test(key))) return;
    const { axis, player } = this.view, full = this.drawing._fullLayout, sign = axis.name === "error" ? -1 : 1;
    enlarge(player, { x: full.xaxis.range.map((/** @type {number} */ v) => sign * Number(v)), y: this.heightsOf(full) });
  }
}

const SHOWN_BELOW = { showticklabels: true, ticks: "outside", ticklen: 4, tickcolor: "ctl" };
/** @param {Axis} axis @param {number} v */
export const quantityOf = (axis, v) => (axis.name === "error" ? 10 ** -v : axis.log ? 10 ** v : v);
