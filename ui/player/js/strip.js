// @ts-check
// One strip: lines on one scale, which the scene gives; here the values at the cursor, where no line is.

/** @import { Box, Column, Context, StripLine } from "./types.d.ts" */
/** @import { TimePanel } from "./time_panel.js" */

import { quantityOf } from "./chart.js";
import { between, betweenLog, TINY } from "./data.js";
import { printed } from "./numbers.js";
import { crosses, dashed, dot, measure, overlap, pixelHeights, write } from "./paint.js";

const OFFSETS = { above: [-11, -24, 12, -37, -50, -63], below: [12, 25, -11, 38, -24, -37], alone: [-11, 12, 20, -20] };

export class Strip {
  low = 0; // of the scale
  high = 1;

  /**
   * @param {TimePanel} panel
   * @param {string} kind
   * @param {number} slot
   * @param {number} top
   * @param {number} bottom
   * @param {number} nameTop
   * @param {number} room how far down something can be seen
   */
  constructor(panel, kind, slot, top, bottom, nameTop, room) {
    const { run, tokens, axis } = panel.view;
    this.panel = panel;
    this.slot = slot;
    this.top = top;
    this.bottom = bottom;
    // Words are higher and lower nowhere: half a line from the edges of what is seen.
    this.highest = Math.max(top - 10, 7);
    this.lowest = Math.min(bottom + 12, (top < room ? room : panel.height) - 7);
    this.about = run.scene.strips[kind];
    [this.low, this.high] = this.about.axis[slot].range;
    /** @type {StripLine[]} */
    this.lines = this.about.lines.map(([key, name, level]) => ({
      column: this.about.size ? run.series[key].map(Math.abs) : run.series[key],
      name,
      level,
      heights: new Float32Array(0),
    }));
    for (const line of this.lines) line.heights = pixelHeights(panel, axis, (f) => this.y(this.value(line.column, f)));
    /** @type {Box[]} */
    this.boxes = [[panel.x0, nameTop, panel.x0 + 26 + measure(panel.ctx, tokens, this.about.name), nameTop + 17]];
    this.firm = 1; // of the boxes, those that words never cover
    if (this.about.truth) this.keepClearOfTruth();
    for (const { level } of this.lines) if (level) this.boxes.push([panel.x0, this.y(level) - 1, panel.x1, this.y(level) + 1]);
  }

  /** @param {Column} column @param {number} f */
  value(column, f) {
    return this.about.signed ? between(column, f) : betweenLog(column, f);
  }

  // On the scale that is drawn nothing lies below its lowest value.
  /** @param {number} v */
  y(v) {
    const height = this.about.signed ? v : Math.max(Math.log10(Math.max(v, TINY)), this.about.low);
    return this.bottom - ((this.bottom - this.top) * (height - this.low)) / (this.high - this.low);
  }

  traces() {
    const { panel, about, slot } = this, { axis } = panel.view, least = about.signed ? -Infinity : 10 ** about.low;
    return this.lines.map(({ column }, i) => ({
      ...about.traces[i],
      hovertemplate: about.traces[i].hovertemplate.replace("READOUT", axis.readout),
      type: "scatter",
      mode: "lines",
      x: axis.column.map((v) => quantityOf(axis, v)),
      y: column.map((v) => Math.max(v, least)),
      yaxis: slot ? "y2" : "y",
    }));
  }

  // The level of the truth, with its value where it is the only one.
  /** @param {Context} ctx */
  truths(ctx) {
    const { panel, about } = this, { tokens } = panel.view;
    for (const { level } of this.lines) if (level) dashed(ctx, tokens, panel.x0, panel.x1, this.y(level));
    if (about.truth) write(ctx, tokens, about.truth[1], panel.x1 - 1, this.truthAt(), { align: "right", halo: true });
  }

  truthAt() {
    const [level, , below] = this.about.truth;
    return this.y(level) + (below ? 10 : -10);
  }

  keepClearOfTruth() {
    const { panel } = this, at = this.truthAt();
    this.boxes.push([panel.x1 - measure(panel.ctx, panel.view.tokens, this.about.truth[1]) - 6, at - 7, panel.x1, at + 7]);
    this.firm = 2;
  }

  /** @param {number} f @param {number} x @param {Box[]} taken */
  draw(f, x, taken) {
    const { panel, lines } = this;
    lines.forEach((line, i) => {
      const offsets = lines.length === 1 && !line.name ? OFFSETS.alone : i === 0 ? OFFSETS.above : OFFSETS.below;
      this.writeValue(f, x, line, offsets, taken, i < 2);
    });
    for (const { column } of lines) dot(panel.ctx, panel.view.tokens, x, this.y(this.value(column, f)));
  }

  // Where words can be seen whole.
  /** @param {number} y */
  kept(y) {
    return Math.min(Math.max(y, this.highest), this.lowest);
  }

  // The value beside the cursor, where no line and no other words are.
  /**
   * @param {number} f
   * @param {number} x
   * @param {{ column: Column, name: string }} line
   * @param {number[]} offsets
   * @param {Box[]} taken
   * @param {boolean} must
   */
  writeValue(f, x, { column, name }, offsets, taken, must) {
    const { panel } = this, { ctx } = panel, { tokens, phone } = panel.view;
    const value = this.value(column, f),
      y = this.y(value),
      amount = printed(value, value >= 100 ? 3 : 2, Boolean(this.about.counts));
    /** @param {string} text @param {number} left @param {number} middle */
    const put = (text, left, middle) => {
      taken.push([left - 3, middle - 7, left + measure(ctx, tokens, text) + 3, middle + 7]);
      write(ctx, tokens, text, left, middle, { colour: tokens.ink, halo: true });
    };
    // First in full, then in short; rather over a line than over words.
    const short = name.split(" ")[0];
    for (const [words, clear] of [[phone ? short : name, true], [short, true], [short, false]]) {
      const text = `${words} ${amount}`.trim(), width = measure(ctx, tokens, text);
      for (const dy of offsets) {
        for (const left of [x + 9, x - 9 - width]) {
          // Moved away from an edge by 8 pixels at most, rather than put elsewhere.
          const middle = this.kept(y + dy);
          /** @type {Box} */
          const box = [left - 3, middle - 6, left + width + 3, middle + 6];
          if (left < panel.x0 || left + width > panel.x1 || Math.abs(middle - y - dy) > 8) continue;
          if ([...this.boxes.slice(0, clear ? undefined : this.firm), ...taken].some((other) => overlap(box, other))) continue;
          if (clear && this.lines.some((line) => crosses(line.heights, panel.x0, box))) continue;
          return put(text, left, middle);
        }
      }
    }
    if (must) put(amount, x + 60 < panel.x1 ? x + 9 : x - 60, this.kept(y + offsets[0]));
    return undefined;
  }
}
