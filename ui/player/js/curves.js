// @ts-check
// (a) Singular values over time: a chart of the scene, and over it what moves: the future made pale, cursor, discs, births.

/** @import { DiscPlace, Figure, Json, ModeNow, View } from "./types.d.ts" */

import { Chart, quantityOf } from "./chart.js";
import { DISCS, MODES_COLOURED, NARROW_HIGH, OTHER_MODES } from "./constants.js";
import { between, modeAt } from "./data.js";
import { drawBirth, setLabels } from "./labels.js";
import { dashed, disc, straight } from "./paint.js";
import { drawTangents } from "./tangents.js";
import { UNLIT } from "./time_panel.js";

const POINTS_APART = 8; // pixels between two points of a curve
const MOST_PARTS = 60; // of one piece of a curve

export class Curves extends Chart {
  y0 = 0;
  y1 = 0;
  /** @type {DiscPlace[]} the discs that are drawn */
  shown = [];
  emphasised = ""; // which modes are
  /** @type {ModeNow[]} those with a tangent */
  laid = [];
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
    const { run, axis, log, window: part } = this.view, asked = this.askedStill();
    if (asked && asked.log === log && asked.spectrum === this.view.player.spectrumChosen) return asked.curves;
    return axis.key === "time" && !log && !part ? run.chart.still : null;
  }

  /** @param {any} full */
  heightsOf(full) {
    return full.yaxis.range.map(Number);
  }

  // The figure: what Python says of it, and the numbers.
  /** @returns {Figure} */
  draft() {
    const { run, axis, log, window: part } = this.view, { chart, scene } = run;
    const least = log ? 10 ** this.scale.low : -Infinity;
    this.moments = this.momentsApart();
    this.across = this.moments.map((f) => quantityOf(axis, between(axis.column, f)));
    const vertical = { ...this.scale.axis, range: [this.bottom, this.top] };
    if (part && part.y) Object.assign(vertical, { tickvals: null, ticktext: null, tickmode: "auto", nticks: 6 });
    const data = chart.traces.map(({ mode, ...trace }) => ({
      ...trace,
      ...this.numbers(mode, least),
      type: "scatter",
      mode: "lines",
      hovertemplate: trace.hovertemplate && trace.hovertemplate.replace("SAID", axis.said),
    }));
    const margin = { l: this.x0, r: this.width - this.x1, t: this.y1, b: this.height - this.y0, pad: 0 };
    return { data, layout: { ...scene.layout, margin, xaxis: this.acrossOf(), yaxis: vertical, shapes: this.shapes() } };
  }

  /** @param {number} mode @param {number} least */
  numbers(mode, least) {
    const { run } = this.view;
    if (mode) return { x: this.across, y: this.moments.map((f) => Math.max(modeAt(run, mode - 1, f), least)) };
    return this.rest(least);
  }

  // The modes beyond the named ones, as the still has them: few points of each, and one line where all lie on the axis.
  /** @param {number} least */
  rest(least) {
    const { run, axis, window: part } = this.view, last = run.frames - 1, span = this.y0 - this.y1;
    const count = part ? run.frames : Math.min(run.frames, OTHER_MODES.points);
    const frames = Array.from({ length: count }, (_, i) => Math.round((i * last) / Math.max(count - 1, 1)));
    const across = frames.map((f) => quantityOf(axis, between(axis.column, f)));
    const modes = Array.from({ length: run.modes - run.named }, (_, k) => run.named + k);
    const columns = modes.map((k) => frames.map((f) => Math.max(run.value(k, f), least)));
    const top = Math.max(...columns.map((column) => Math.max(...column)));
    if (this.y(0) - this.y(top) < OTHER_MODES.flat * span) columns.length = Math.min(columns.length, 1);
    return { x: columns.flatMap(() => [...across, NaN]), y: columns.flatMap((column) => [...column, NaN]) };
  }

  // The frames of the points, and more between them where they are far apart: Plotly finds points under the pointer, not lines.
  momentsApart() {
    const { run } = this.view, { frames } = run.chart, learned = Math.max(run.learned, 1);
    const places = Array.from(
      frames,
      (f) => [this.x(f), ...Array.from({ length: learned }, (_, k) => this.y(modeAt(run, k, f)))],
    );
    const made = [frames[0]];
    for (let i = 1; i < frames.length; i++) {
      const far = Math.max(...places[i].map((place, j) => Math.abs(place - places[i - 1][j])));
      const parts = Math.min(Math.max(Math.ceil(far / POINTS_APART), 1), MOST_PARTS);
      for (let part = 1; part <= parts; part++) made.push(frames[i - 1] + ((frames[i] - frames[i - 1]) * part) / parts);
    }
    return made;
  }

  // The level of the axis, a hairline below every birth, and a red line where a run diverged.
  shapes() {
    const { run, axis, log } = this.view, base = log ? 10 ** this.scale.base : 0;
    /** @param {string} color @param {number} width @param {Json} place */
    const line = (color, width, place) => ({ type: "line", layer: "below", line: { color, width }, ...place });
    const made = [line("ctl", 1, { x0: 0, x1: 1, xref: "paper", y0: base, y1: base })];
    for (const [mode, f] of run.events) {
      if (mode > run.modes) continue;
      const x = quantityOf(axis, between(axis.column, f));
      made.push(line("rule", 1, { x0: x, x1: x, y0: base, y1: modeAt(run, mode - 1, f) }));
    }
    if (run.outcome === "diverged") {
      const x = quantityOf(axis, axis.last);
      made.push(line("err", 2, { x0: x, x1: x, yref: "paper", y0: 0, y1: 1 }));
    }
    return made;
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
    const drawn = this.drawing.querySelectorAll(".scatterlayer .trace"), { renderer } = this.root.dataset;
    if (renderer === "light") return [...this.light.querySelectorAll("path[data-mode]")];
    if (renderer !== "plotly") return [...this.still.querySelectorAll("path[data-mode]")];
    return [...drawn].flatMap((trace, i) => {
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
    const found = (this.shown || []).find(([, , each]) => each === mode);
    return found ? [found[0], found[1]] : [this.x(f), this.y(modeAt(this.view.run, mode - 1, f))];
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
