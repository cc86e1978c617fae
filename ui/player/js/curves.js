// @ts-check
// (a) Singular values over time: a chart of the scene, and over it what moves: the future made pale, cursor, discs, births.

/** @import { DiscPlace, Figure, Json, ModeNow, View, WordBox } from "./types.d.ts" */

import { Chart } from "./chart.js";
import { DISCS, MODES_COLOURED, NARROW_HIGH } from "./constants.js";
import { curveFigure } from "./curve_figure.js";
import { modeAt } from "./data.js";
import { clearOfWords, drawBirth, setLabels } from "./labels.js";
import { dashed, disc, straight } from "./paint.js";
import { drawTangents } from "./tangents.js";
import { UNLIT } from "./time_panel.js";

export class Curves extends Chart {
  y0 = 0;
  y1 = 0;
  /** @type {number[]} the frames of the points of a curve of the figure */
  moments = [];
  /** @type {DiscPlace[]} the discs that are drawn */
  shown = [];
  emphasised = ""; // which modes are
  /** @type {WordBox[]} */
  boxes = [];
  /** @type {WordBox[]} of the birth that is spelt out, if there is one */
  birth = [];
  /** @type {ModeNow[]} those with a tangent */
  tangents = [];
  bottom = 0; // of the heights, as far as they are shown
  top = 1;

  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {HTMLElement} */
    this.words = root.querySelector(".dmf-words");
  }

  // Everything that does not move. `view`: run, axis, log, hidden (the future), window, tokens, phone, zoom.
  /** @param {View} view */
  layout(view) {
    if (!this.measureUp(view)) return false;
    this.y0 = this.height - (view.window && view.window.x ? 22 : 6); // room for the words of the enlarged part
    this.y1 = 8;
    this.setAcross();
    this.setScale();
    this.show(() => this.draft(), this.stillOf(), [view.log]);
    setLabels(this);
    this.emphasised = "";
    return true;
  }

  setScale() {
    const { run, log, window: part } = this.view, scale = run.chart.heights[log ? "log" : "linear"];
    const [bottom, top] = part && part.y ? part.y : [scale.low, scale.high];
    const span = this.y0 - this.y1, least = 10 ** scale.base;
    this.bottom = bottom;
    this.top = top;
    this.scale = scale;
    /** @type {(v: number) => number} */
    this.y = (v) => this.y0 - (span * ((log ? Math.log10(Math.max(v, least)) : v) - bottom)) / (top - bottom);
    this.floor = Math.min(this.y0, this.y(log ? least : 0)); // of bars
    const narrow = span < NARROW_HIGH ? "narrow low" : "narrow"; // words that fit a high plot touch curves in a low one
    const plot = this.view.phone ? narrow : this.view.zoom > 1 ? "low" : "wide";
    this.key = `${this.view.axis.key}, ${log ? "log" : "linear"}, ${plot}`;
  }

  // The still is of flow time and linear heights, or of the view that a link asked for; it is none of what was changed since.
  stillOf() {
    const { run, axis, log, window: part } = this.view, linked = this.askedStill();
    if (linked && linked.log === log && linked.spectrum === this.view.player.spectrumChosen) return linked.curves;
    return axis.key === "time" && !log && !part ? run.chart.still : null;
  }

  /** @param {any} full */
  heightsOf(full) {
    return full.yaxis.range.map(Number);
  }

  /** @returns {Figure} */
  draft() {
    return curveFigure(this);
  }

  /**
   * The largest value drawn at a frame, as a share of the top of the axis.
   * @param {number} f
   */
  risen(f) {
    const { run } = this.view, most = Math.min(Math.max(run.named, 1), run.modes);
    const largest = Math.max(...Array.from({ length: most }, (_, k) => modeAt(run, k, f)));
    return this.top ? Math.min(largest / (this.view.log ? 10 ** this.top : this.top), 1) : 0;
  }

  /** @param {Json} point */
  frameOf({ curveNumber, pointNumber }) {
    return this.view.run.chart.traces[curveNumber].mode ? this.moments[pointNumber] : 0;
  }

  /** @param {Json} point */
  modeOf({ curveNumber }) {
    return this.view.run.chart.traces[curveNumber].mode;
  }

  modesDrawn() {
    return this.view.run.chart.traces.map(({ mode }) => mode);
  }

  strokes() {
    const traces = this.drawing.querySelectorAll(".scatterlayer .trace"), { renderer } = this.root.dataset;
    if (renderer === "light") return [...this.light.querySelectorAll("path[data-mode]")];
    if (renderer !== "plotly") return [...this.still.querySelectorAll("path[data-mode]")];
    return [...traces].flatMap((trace, i) => {
      const path = trace.querySelector(".js-line");
      if (path) path.dataset.mode = this.view.run.chart.traces[i].mode;
      return path ? [path] : [];
    });
  }

  // The selected mode and the lit one are thicker; the others are pale while one is lit.
  emphasise() {
    const { selected, lit, run } = this.view, key = `${selected} ${lit}`;
    if (key === this.emphasised) return;
    this.emphasised = key;
    for (const path of this.strokes()) {
      const mode = Number(path.dataset.mode), thick = mode && (mode === selected || mode === lit);
      if (mode) path.style.strokeWidth = `${mode <= run.learned ? (thick ? 3.6 : 2.2) : thick ? 2.4 : 1.4}px`;
      path.style.opacity = lit && mode !== lit ? UNLIT : "";
    }
  }

  /** @param {number} f */
  draw(f) {
    const { ctx, view } = this, { run, theory } = view;
    ctx.clearRect(0, 0, this.width, this.height);
    if (run.frames) this.emphasise();
    const x = this.x(f);
    if (run.frames) this.veil(x);
    this.dashes(run.true_values);
    if (!run.frames) return;
    drawBirth(this, f);
    if (this.inside(x)) {
      this.cursor(x, this.y1 - 6);
      if (theory) drawTangents(this, f, x);
      this.discs(f, x);
    } else this.shown = [];
  }

  // No line stands in the words.
  /** @param {number} x @param {number} top @param {number} [bottom] */
  cursor(x, top, bottom = this.height) {
    for (const [from, to] of clearOfWords(this.boxes, x, top, bottom)) super.cursor(x, from, to);
  }

  // What lies behind the cursor is pale, or not seen.
  /** @param {number} x */
  veil(x) {
    const { ctx, view } = this, from = Math.max(x, this.x0);
    if (from >= this.x1) return;
    ctx.globalAlpha = view.hidden ? 1 : 1 - view.tokens.future;
    ctx.fillStyle = view.tokens.bg;
    ctx.fillRect(from, this.y1 - 8, this.x1 - from + 2, this.floor - this.y1 + 7);
    ctx.globalAlpha = 1;
  }

  // The values of the truth.
  /** @param {number[] | null} values */
  dashes(values) {
    for (const v of values || []) {
      const y = this.y(v);
      if (y < this.floor - 1 && y > this.y1 - 6) dashed(this.ctx, this.view.tokens, this.x0, this.x1, y);
    }
  }

  // Where the cursor meets the curve of a mode: here its numbers are shown.
  /** @param {number} mode @param {number} f */
  meeting(mode, f) {
    const place = (this.shown || []).find(([, , each]) => each === mode);
    return place ? [place[0], place[1]] : [this.x(f), this.y(modeAt(this.view.run, mode - 1, f))];
  }

  // Source of the numbers: ui/figures/scene/discs.py, by way of the generated constants.
  /** @param {number} f @param {number} x */
  discs(f, x) {
    const { ctx, view } = this, { run, tokens, phone, selected, lit } = view;
    const r = phone ? DISCS.radius - 1.5 : DISCS.radius, apart = phone ? DISCS.apart - 1.5 : DISCS.apart;
    this.shown = [];
    const most = Math.min(Math.max(run.learned, 1), MODES_COLOURED, run.modes);
    for (let k = 0; k < most; k++) {
      const y = this.y(modeAt(run, k, f));
      if (y < this.y1 - 6 || (y > this.y0 - DISCS.low && k + 1 !== selected)) continue;
      const taken = this.shown.filter(([, other]) => Math.abs(other - y) < apart).map(([, , , shift]) => shift);
      const shift = [0, 1, 2, 3].find((each) => !taken.includes(each) && (!each || x - DISCS.step * each >= this.x0));
      if (shift !== undefined) this.shown.push([x - DISCS.step * shift, y, k + 1, shift]);
    }
    for (const [dx, y, mode, shift] of this.shown) if (shift) straight(ctx, dx, y, x, y, tokens.line(mode), 1.4);
    for (const [dx, y, mode] of this.shown.slice().reverse()) disc(ctx, tokens, dx, y, r, mode, mode === (lit || selected));
  }

  // The mode under a point, or 0: a disc, else the curve that Plotly has under the pointer.
  /** @param {number} px @param {number} py */
  hit(px, py) {
    for (const [x, y, mode] of this.shown || []) if (Math.hypot(px - x, py - y) < 14) return mode;
    return this.hovered;
  }
}
