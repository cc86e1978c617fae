// @ts-check
// What the panels above one time axis share: margins, the way from a frame to its place, the cursor.

/** @import { View } from "./types.d.ts" */

import { axisPlace } from "./axes.js";
import { straight } from "./paint.js";
import { Panel } from "./panel.js";

export class TimePanel extends Panel {
  x0 = 0;
  x1 = 0;

  // Size and axis. False while the canvas has no size.
  /** @param {View} view @param {number} [left] */
  measureUp(view, left = view.phone ? 30 : 44) {
    if (!this.fit(view)) return false;
    this.x0 = left;
    this.x1 = this.width - (view.phone ? 9 : 14);
    return true;
  }

  // The place of a frame, in pixels.
  /** @param {number} f */
  x(f) {
    return this.x0 + axisPlace(this.view.axis, f) * (this.x1 - this.x0);
  }

  /** @param {number} x @param {number} top @param {number} [bottom] */
  cursor(x, top, bottom = this.height) {
    const { run, tokens } = this.view;
    straight(this.ctx, x, top, x, bottom, tokens.ink, 1.4, run.outcome === "cancelled" ? [2, 3] : []);
  }

  /** @param {number} px */
  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}

export const UNLIT = 0.5; // opacity of everything else while one mode is lit
