// @ts-check
// The track: the time axis once more, to be dragged, with what happened on it and what was predicted above it.

/** @import { Axis, Mark, View } from "./types.d.ts" */

import { axisMarks, axisSays } from "./axes.js";
import { frameAt } from "./data.js";
import { disc, measure, straight, write } from "./paint.js";
import { TimePanel, UNLIT } from "./time_panel.js";

const CROWD = 6; // discs side by side

/** Pixels from a mark to the next one; a count is wider than a disc. @param {Mark} mark */
const apart = ({ more }) => more ? 13 + 4 * String(more).length : 17;

export class Track extends TimePanel {
  /** @param {View} view */
  layout(view) {
    if (!this.measureUp(view)) return false;
    this.marks = this.marksOf(view.axis);
    this.line = 18;
    this.events = this.fan();
    this.predicted = this.foretold();
    return true;
  }

  /** @param {Axis} axis */
  marksOf(axis) {
    return axisMarks(axis, this.x1 - this.x0);
  }

  // Events closer than a disc fan out to the left; of a crowd the first three modes stay, the rest is counted.
  /** @returns {Mark[]} */
  fan() {
    const { run } = this.view;
    const groups = [];
    for (const [mode, f] of run.events) {
      const x = this.x(f), last = groups[groups.length - 1];
      if (last && x - last[last.length - 1].x < 16) last.push({ mode, f, x });
      else groups.push([{ mode, f, x }]);
    }
    const shown = [];
    let left = this.x0; // no disc before this
    for (const group of groups) {
      const few = group.length <= CROWD ? group : group.slice().sort((a, b) => a.mode - b.mode).slice(0, 3);
      /** @type {Mark[]} */
      const discs = few.map((event) => ({ ...event }));
      if (few.length < group.length) discs.unshift({ mode: 0, more: group.length - few.length, f: group[0].f, x: group[0].x });
      for (let i = discs.length - 2; i >= 0; i--) discs[i].x = Math.min(discs[i].x, discs[i + 1].x - apart(discs[i]));
      for (const each of discs) left = (each.x = Math.max(each.x, left)) + apart(each);
      shown.push(...discs);
    }
    return shown;
  }

  // Predicted births, as triangles at their own time, as far as the run goes.
  foretold() {
    const { run } = this.view;
    const within = (run.predicted || []).filter(([, t]) => run.frames && t >= run.t[0] && t <= run.t[run.frames - 1]);
    return within.map(([mode, t]) => ({ mode, f: frameAt(run.t, t), x: this.x(frameAt(run.t, t)) }));
  }

  /** @param {number} f */
  draw(f) {
    const { ctx, view } = this;
    const { run, tokens, axis, hidden, phone, lit } = view;
    ctx.clearRect(0, 0, this.width, this.height);
    ctx.lineCap = "round";
    ctx.globalAlpha = 0.55;
    straight(ctx, this.x0, this.line, this.x1, this.line, tokens.ctl, 3);
    ctx.globalAlpha = 1;
    if (!run.frames) {
      ctx.lineCap = "butt";
      return;
    }
    const x = this.x(f);
    straight(ctx, this.x0, this.line, run.growing ? this.x(run.frames - 1) : x, this.line, tokens.ink, 3);
    ctx.lineCap = "butt";
    this.enlarged();
    this.stretches(f);
    for (const each of this.predicted) if (!hidden || each.f <= f) this.triangle(each.x, each.mode);
    for (const event of this.events) {
      if (hidden && event.f > f) continue;
      ctx.globalAlpha = lit && event.mode !== lit ? UNLIT : 1;
      if (event.more) {
        const text = `+${event.more}`, wide = measure(ctx, tokens, text) + 4;
        ctx.fillStyle = tokens.bg;
        ctx.fillRect(event.x - wide / 2, this.line - 7, wide, 14);
        write(ctx, tokens, text, event.x, this.line, { align: "center", colour: tokens.ink2 });
      } else disc(ctx, tokens, event.x, this.line, phone ? 7 : 8, event.mode, event.mode === lit);
      ctx.globalAlpha = 1;
    }
    straight(ctx, x, 0, x, this.line, tokens.ink, 1.4);
    ctx.beginPath();
    ctx.arc(x, this.line, phone ? 11 : 10, 0, 7);
    ctx.fillStyle = tokens.ink;
    ctx.fill();
    this.times(x, axisSays(axis, f));
  }

  // The part that the charts above show larger.
  enlarged() {
    const { axis, window: part, tokens } = this.view;
    if (!part || !part.x) return;
    const [from, to] = part.x.map((v) => this.x0 + ((v - axis.low) / (axis.high - axis.low)) * (this.x1 - this.x0));
    straight(this.ctx, Math.max(from, this.x0), this.line + 11, Math.min(to, this.x1), this.line + 11, tokens.ink, 2);
  }

  // Plateaus as a bracket below the line, the end of a run as a stroke across it.
  /** @param {number} f */
  stretches(f) {
    const { ctx, view } = this;
    const { run, tokens, hidden } = view;
    const y = this.line + 6.5;
    for (const [kind, , at, , , until] of run.timeline || []) {
      if (hidden && (until === null ? at : until) > f) continue;
      const x = this.x(at);
      if (kind === "plateau") {
        const end = this.x(until);
        straight(ctx, x + 1, y, end - 1, y, tokens.ctl, 1.4);
        for (const side of [x + 1, end - 1]) straight(ctx, side, y - 3, side, y + 0.7, tokens.ctl, 1.4);
      } else if (kind !== "born") {
        const bad = kind === "diverged";
        straight(ctx, x + 2, bad ? 0 : this.line - 8, x + 2, this.line + 8, bad ? tokens.err : tokens.ok, 2);
      }
    }
  }

  /** @param {number} x @param {number} mode */
  triangle(x, mode) {
    const { ctx, view } = this;
    ctx.beginPath();
    ctx.moveTo(x - 5, 1);
    ctx.lineTo(x + 5, 1);
    ctx.lineTo(x, 8.5);
    ctx.closePath();
    ctx.fillStyle = view.tokens.bg;
    ctx.fill();
    ctx.strokeStyle = view.tokens.line(mode);
    ctx.lineWidth = 1.6;
    ctx.stroke();
  }

  // Tick labels, and the current value in bold in place of those that are too near.
  /** @param {number} x @param {string} now */
  times(x, now) {
    const { ctx, view } = this;
    const { tokens, axis } = view;
    const y = this.line + 22, half = measure(ctx, tokens, now, 13, 600) / 2;
    const middle = Math.max(this.x0 + half - 8, Math.min(this.x1 - half + 6, x));
    for (const [v, text] of this.marks) {
      const width = measure(ctx, tokens, text) / 2;
      const raw = this.x0 + ((v - axis.low) / (axis.high - axis.low)) * (this.x1 - this.x0);
      const place = Math.min(Math.max(raw, this.x0 + width - 2), this.x1 - width + 4);
      if (Math.abs(place - middle) > half + width + 8) write(ctx, tokens, text, place, y, { align: "center" });
    }
    write(ctx, tokens, now, middle, y, { size: 13, weight: 600, colour: tokens.ink, align: "center" });
  }

  // The event under a point: { mode, f }, or null.
  /** @param {number} px @param {number} py @param {number} f */
  hit(px, py, f) {
    /** @param {Mark} each @param {number} y */
    const near = (each, y) =>
      Math.abs(px - each.x) < 9 && Math.abs(py - y) < 9 && each.mode && (!this.view.hidden || each.f <= f);
    return this.predicted.find((each) => near(each, 2)) || this.events.find((each) => near(each, this.line)) || null;
  }
}
