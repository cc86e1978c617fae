// @ts-check
// All runs in one picture: colour and number say the mode, the stroke and a letter say the run.

/** @import { ComparedView, Figure, Json, Point } from "../../js/types.d.ts" */

import { DISCS, OVERLAID } from "../../js/constants.js";
import { modeAt } from "../../js/data.js";
import { disc, sizeOf, straight } from "../../js/paint.js";
import { UNLIT } from "../../js/time_panel.js";
import { ComparedCurves } from "./compared_curves.js";

/** @type {Figure} */
const EMPTY = { data: [], layout: { shapes: [] } };

// The curves of one of the runs; Overlay draws them.
class OverlaidCurves extends ComparedCurves {
  /** @param {HTMLElement} root @param {number} index */
  constructor(root, index) {
    super(root);
    this.index = index;
  }

  get most() {
    return Math.min(Math.max(this.view.run.learned, 1), OVERLAID.modes, this.view.run.modes);
  }

  // Places only.
  /** @param {ComparedView} view */
  layout(view) {
    if (!this.measureUp(view)) return false;
    this.y1 = 8;
    this.setAcross();
    this.setScale();
    return true;
  }

  // Stubs from the curves to the discs. `placed`: the discs of the other runs, which these keep clear of.
  /** @param {number} f @param {number} cursor @param {Point[]} placed */
  stubs(f, cursor, placed) {
    const { ctx, view } = this;
    this.shown = [];
    if (!view.run.frames) return;
    const x = Math.min(this.x(f), cursor), r = view.phone ? OVERLAID.disc - 1.5 : OVERLAID.disc, only = view.lit || view.selected;
    if (!this.inside(x)) return;
    for (let k = 0; k < this.most; k++) {
      const y = this.y(modeAt(view.run, k, f));
      if (y < this.y1 - 6 || y > this.y0 - DISCS.low || (only && only !== k + 1)) continue;
      let shift = 0;
      while (placed.some(([px, py]) => Math.hypot(x - 2 * r * shift - px, y - py) < 2 * r)) shift++;
      const at = x - 2 * r * shift;
      if (at < this.x0) continue;
      placed.push([at, y]);
      this.shown.push([at, y, k + 1, shift]);
      if (shift) straight(ctx, at, y, x, y, view.tokens.line(k + 1), 1.4);
    }
  }

  // Above the stubs of all runs: no number is struck through.
  discsAbove() {
    const { ctx, view } = this, r = view.phone ? OVERLAID.disc - 1.5 : OVERLAID.disc;
    for (const [at, y, mode] of this.shown) {
      disc(ctx, view.tokens, at, y, r, mode, mode === (view.lit || view.selected), `${mode}${OVERLAID.letters[this.index]}`);
    }
  }
}

// `views`: one for each run. The chart itself takes its axis and scale from the first one; its figure has the curves of all.
export class Overlay extends ComparedCurves {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {OverlaidCurves[]} of every run */
    this.parts = [];
    /** @type {[OverlaidCurves, number][]} of every curve of the figure: whose it is, and its number there */
    this.owners = [];
  }

  // Narrow below 618 pixels, as in the style sheet: then a plot of 560 has no room.
  /** @param {ComparedView[]} views */
  layoutAll(views) {
    while (this.parts.length < views.length) this.parts.push(new OverlaidCurves(this.root, this.parts.length));
    this.parts.length = views.length;
    const phone = sizeOf(this.canvas)[0] < 618, all = views.map((view) => ({ ...view, phone }));
    return all.every((view, i) => this.parts[i].layout(view)) && this.layout(all.find((view) => view.run.frames) || all[0]);
  }

  /** @returns {Figure} */
  draft() {
    const drafts = this.parts.map((part) => (part.view.run.frames ? part.draft() : EMPTY));
    this.owners = drafts.flatMap(({ data }, i) =>
      data.map((_, own) => /** @type {[OverlaidCurves, number]} */ ([this.parts[i], own]))
    );
    const first = drafts.find(({ data }) => data.length).layout, shapes = drafts.flatMap(({ layout }) => layout.shapes);
    return { data: drafts.flatMap(({ data }) => data), layout: { ...first, shapes } };
  }

  /** @param {Json} point */
  frameOf({ curveNumber, pointNumber }) {
    const [part, own] = this.owners[curveNumber];
    return part.frameOf({ curveNumber: own, pointNumber });
  }

  /** @param {Json} point */
  modeOf({ curveNumber }) {
    const [part, own] = this.owners[curveNumber];
    return part.modeOf({ curveNumber: own });
  }

  strokes() {
    if (this.root.dataset.renderer !== "plotly") return [...this.still.querySelectorAll("path[data-mode]")];
    return [...this.drawing.querySelectorAll(".scatterlayer .trace")].flatMap((trace, i) => {
      const path = trace.querySelector(".js-line");
      if (path) path.dataset.mode = this.modeOf({ curveNumber: i });
      return path ? [path] : [];
    });
  }

  // One mode of all runs stands out from the others.
  emphasise() {
    const { selected, lit } = this.view, chosen = lit || selected;
    if (String(chosen) === this.emphasised) return;
    this.emphasised = String(chosen);
    for (const path of this.strokes()) {
      const own = Number(path.dataset.mode) === chosen;
      path.style.strokeWidth = `${own ? OVERLAID.width + 1.4 : OVERLAID.width}px`;
      path.style.opacity = chosen && !own ? UNLIT : "";
    }
  }

  /** @param {number[]} frames @param {number} u @param {number} lit */
  drawAll(frames, u, lit) {
    const cursor = this.cursorAt(u);
    /** @type {Point[]} */
    const placed = [];
    for (const each of [this, ...this.parts]) each.view.lit = lit;
    this.ctx.clearRect(0, 0, this.width, this.height);
    if (this.view.run.frames) {
      this.emphasise();
      this.veil(cursor);
    }
    this.dashes(/** @type {ComparedView} */ (this.view).truth);
    if (!this.view.run.frames) return;
    this.cursorLine(cursor);
    this.parts.forEach((part, i) => part.stubs(frames[i], cursor, placed));
    this.parts.forEach((part) => part.discsAbove());
  }

  /** @param {number} px @param {number} py */
  hit(px, py) {
    for (const part of this.parts) {
      for (const [x, y, mode] of part.shown || []) if (Math.hypot(px - x, py - y) < OVERLAID.disc + 4) return mode;
    }
    return this.hovered;
  }
}

// How the curves of a run are drawn, to stand beside its name.
/** @param {number} index */
export function strokeSample(index) {
  const dashes = OVERLAID.dashes[index].join(" ");
  const path = `<path d="M0 5h34" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="${dashes}"/>`;
  return `<svg viewBox="0 0 34 10" width="34" height="10" aria-hidden="true">${path}</svg>`;
}
