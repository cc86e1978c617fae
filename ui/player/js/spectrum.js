// @ts-check
// (b) The singular values now, as bars on the vertical scale of the curves beside them.

/** @import { View } from "./types.d.ts" */

import { modeAt } from "./data.js";
import { printed } from "./numbers.js";
import { layer, measure, straight, write } from "./paint.js";
import { Panel } from "./panel.js";
import { UNLIT } from "./time_panel.js";

export class Spectrum extends Panel {
  /** @param {View} view @param {{ y0: number, floor?: number, y: (v: number) => number }} curves */
  layout(view, curves) {
    if (!this.fit(view)) return false;
    this.curves = curves;
    const { run, phone } = view;
    this.floor = curves.floor === undefined ? curves.y0 + 0.5 : curves.floor;
    const narrowest = phone ? 11 : 12.5, usual = phone ? 14 : 19;
    const few = phone ? 5 : view.zoom > 1 ? 6 : 8; // on the projector fewer and wider ones
    const needed = Math.max(run.learned + (few === 6 ? 1 : 3), (run.true_values || []).length + (few === 6 ? 1 : 2), few);
    const most = Math.floor(this.width / narrowest);
    this.bars = Math.min(needed, most, run.frames ? run.modes : needed);
    if (phone) this.bars = Math.min(this.bars, Math.max(5, run.learned));
    this.pitch = Math.min(usual, this.width / Math.max(this.bars, 1));
    this.bar = Math.round(this.pitch * 0.58);
    const base = layer(this.width, this.height, this.ratio);
    straight(base.ctx, 0, this.floor, this.width, this.floor, view.tokens.ctl);
    this.base = base.canvas;
    return true;
  }

  /** @param {number} k */
  centre(k) {
    return this.pitch * (k + 0.5);
  }

  /** @param {number} f */
  draw(f) {
    const { ctx, view, curves } = this;
    const { run, tokens, lit } = view;
    const selected = lit || view.selected;
    ctx.clearRect(0, 0, this.width, this.height);
    ctx.drawImage(this.base, 0, 0, this.width, this.height);
    for (let k = 0; k < this.bars; k++) {
      const x = this.centre(k), mode = k + 1;
      if (run.frames) {
        const value = modeAt(run, k, f);
        const y = Math.max(0, Math.min(curves.y(value), this.floor - 1));
        ctx.fillStyle = tokens.line(mode);
        ctx.globalAlpha = lit && lit !== mode ? UNLIT : 1;
        ctx.fillRect(x - this.bar / 2, y, this.bar, this.floor - y);
        ctx.globalAlpha = 1;
      }
      const chosen = mode === selected;
      if (this.pitch < 16 && mode > (this.pitch < 13 ? 8 : 9) && mode % 2 && !chosen) continue; // two digits need room
      write(ctx, tokens, String(mode), x, curves.y0 + 13, {
        align: "center",
        weight: chosen ? 600 : 400,
        colour: chosen ? tokens.text(mode) : tokens.ink3,
      });
    }
    (run.true_values || []).slice(0, this.bars).forEach((v, k) => {
      const y = curves.y(v);
      if (y < this.floor) {
        straight(ctx, this.centre(k) - this.pitch * 0.45, y, this.centre(k) + this.pitch * 0.45, y, tokens.ink, 1.8, [3.5, 1.5]);
      }
    });
    if (run.frames && !view.phone && selected && selected <= this.bars) this.value(f, selected);
  }

  // The selected bar says its value, where the truth of its neighbours leaves room.
  /** @param {number} f @param {number} mode */
  value(f, mode) {
    const { ctx, view, curves } = this;
    const { run, tokens } = view;
    const value = modeAt(run, mode - 1, f);
    const text = printed(value, value >= 10 ? 3 : 2);
    const width = measure(ctx, tokens, text, 12, 600);
    const x = Math.max(width / 2, Math.min(this.width - width / 2, this.centre(mode - 1)));
    let y = Math.min(curves.y(value), this.floor - 1) - 9;
    for (let k = 0; k < Math.min(this.bars, (run.true_values || []).length); k++) {
      const truth = curves.y(run.true_values[k]);
      if (Math.abs(this.centre(k) - x) < width / 2 + this.pitch / 2 && Math.abs(truth - y) < 8) y = Math.min(y, truth - 9);
    }
    write(ctx, tokens, text, x, Math.max(y, 8), { align: "center", weight: 600, colour: tokens.text(mode), halo: true });
  }

  /** @param {number} px */
  hit(px) {
    const k = Math.floor(px / this.pitch);
    return k >= 0 && k < this.bars ? k + 1 : 0;
  }
}
