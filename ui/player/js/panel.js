// @ts-check
// A canvas with the view that it shows.

/** @import { Context, View } from "./types.d.ts" */

import { fit } from "./paint.js";

export class Panel {
  /** @type {View} */
  view;
  /** @type {Context} */
  ctx;
  width = 0;
  height = 0;
  ratio = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  // Takes a view, and the size of the canvas. False while that has none.
  /** @param {View} view */
  fit(view) {
    const fitted = fit(this.canvas, view.zoom);
    if (!fitted) return false;
    this.view = view;
    this.ctx = fitted.ctx;
    this.width = fitted.width;
    this.height = fitted.height;
    this.ratio = fitted.ratio;
    return true;
  }
}
