// @ts-check
// The curves of one run of a comparison: the player's, on the scales and the axis that all runs share.

/** @import { Axis, View } from "../../js/types.d.ts" */

import { Curves } from "../../js/curves.js";
import { quantityOf } from "../../js/chart.js";
import { TALL } from "../../js/constants.js";
import { clearOfWords, word } from "../../js/labels.js";
import { straight } from "../../js/paint.js";
import { library } from "../../js/plotly.js";
import { marksFor } from "./common_axis.js";

const TICK_ROOM = 22; // pixels below the curves for the words of the axis
export const GUTTERS = [44, 34]; // pixels left of the curves, in wide and in narrow columns: room for 10⁻³

// The curves of one run. `view`: what Curves takes; its run has the shared scales in its chart.
export class ComparedCurves extends Curves {
  /** @param {View} view */
  measureUp(view) {
    return super.measureUp(view, GUTTERS[view.phone ? 1 : 0]);
  }

  setAcross() {
    this.y0 = this.height - TICK_ROOM;
    super.setAcross();
  }

  setScale() {
    super.setScale();
    const { axis, log, phone } = this.view;
    this.key = `${axis.key}, ${log ? "log" : "linear"}, ${phone ? "narrow" : "wide"}${this.y0 - this.y1 < TALL ? " low" : ""}`;
  }

  /** @param {Axis} axis */
  marked(axis) {
    const marks = marksFor(axis, this.x1 - this.x0);
    return { tickvals: marks.map(([v]) => quantityOf(axis, v)), ticktext: marks.map(([, text]) => text) };
  }

  // The still is of one axis and of linear heights.
  stillOf() {
    const { run, axis, log, window: part } = this.view;
    if (!run.frames) return log ? "" : run.chart.still;
    return axis.name === run.chart.stillAt && !log && !part ? run.chart.still : null;
  }

  /** @param {View} view */
  layout(view) {
    if (!super.layout(view)) return false;
    this.addMarks();
    return true;
  }

  // The marks of the axis among the words; Plotly writes its own where a part is enlarged.
  addMarks() {
    const { axis, window: part } = this.view;
    if (axis.empty || (part && part.x)) return;
    for (const [v, text] of marksFor(axis, this.x1 - this.x0)) {
      this.words.append(word(this, "tick", 0, text, "", this.acrossAt(v), this.y0 + 13, 0));
    }
  }

  // Where a value of the axis is.
  /** @param {number} v */
  acrossAt(v) {
    return this.x0 + ((v - this.low) / (this.high - this.low)) * (this.x1 - this.x0);
  }

  // The place of the cursor, which may lie beyond the end of this run.
  /** @param {number} u */
  cursorAt(u) {
    const { axis } = this.view;
    return this.acrossAt(axis.low + u * (axis.high - axis.low));
  }

  /** @param {number} cursor */
  cursorLine(cursor) {
    if (!this.inside(cursor)) return;
    for (const [from, to] of clearOfWords(this.boxes, cursor, this.y1 - 6, this.y0 + 6)) {
      straight(this.ctx, cursor, from, cursor, to, this.view.tokens.ink, 1.4);
    }
  }

  // Frames of different runs are compared by their places.
  /** @param {any} point */
  hover(point) {
    const { hidden, player } = this.view, x = this.x(this.frameOf(point));
    if (hidden && x > this.cursorAt(player.clock.u)) library.plotly.Fx.unhover(this.drawing); // it is to be predicted
    else this.setHovered(this.modeOf(point));
  }

  /** @param {number} f @param {number} u @param {number} lit */
  drawAt(f, u, lit) {
    this.view.lit = lit;
    const { ctx, view } = this, cursor = this.cursorAt(u);
    ctx.clearRect(0, 0, this.width, this.height);
    if (view.run.frames) {
      this.emphasise();
      this.veil(cursor);
    }
    this.dashes(view.run.true_values);
    this.shown = [];
    if (!view.run.frames) return;
    this.cursorLine(cursor);
    const x = Math.min(this.x(f), cursor);
    if (this.inside(x)) this.discs(f, x);
  }
}
