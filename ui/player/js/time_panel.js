// @ts-check
// What the panels above one time axis share: margins, the way from a frame to its place, the cursor.

import { axisPlace } from "./axes.js";
import { fit, straight } from "./paint.js";

export class TimePanel {
  constructor(canvas) {
    this.canvas = canvas;
  }

  // Size and axis. False while the canvas has no size.
  measureUp(view, left = view.phone ? 30 : 44) {
    const fitted = fit(this.canvas, view.zoom);
    if (!fitted) return false;
    Object.assign(this, fitted, { view });
    this.x0 = left;
    this.x1 = this.width - (view.phone ? 9 : 14);
    this.x = (f) => this.x0 + axisPlace(view.axis, f) * (this.x1 - this.x0);
    return true;
  }

  cursor(x, top) {
    const { run, tokens } = this.view;
    straight(this.ctx, x, top, x, this.height, tokens.ink, 1.4, run.outcome === "cancelled" ? [2, 3] : []);
  }

  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}

export const UNLIT = 0.5; // opacity of everything else while one mode is lit
