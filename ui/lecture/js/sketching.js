// @ts-check
// A curve sketched by finger over the curves of the player; or point by point, with two sliders.

/** @import { QuestionMessage } from "./types.d.ts" */
/** @import { OverCurves } from "./over_curves.js" */

import { element, spaced } from "./dom.js";

const FIRST = 50; // per cent: of the second slider, before anything is sketched

export class Sketching {
  /**
   * @param {OverCurves} over
   * @param {(heights: number[], done: boolean) => void} changed
   */
  constructor(over, changed) {
    this.over = over;
    this.changed = changed;
    /** @type {QuestionMessage | null} while it can be answered */
    this.question = null;
    /** @type {number[] | null} */
    this.heights = null;
    /** @type {[number, number] | null} point and height where the finger was */
    this.before = null;
    const { svg } = over;
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.before && this.move(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => this.up());
  }

  /**
   * Of this question from now on; null: nothing can be sketched.
   * @param {QuestionMessage | null} question
   * @param {number[] | null} heights
   */
  ask(question, heights) {
    this.question = question;
    this.heights = heights;
    this.over.svg.classList.toggle("sketched", Boolean(question));
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (!this.question || !this.over.possible) return;
    event.preventDefault();
    event.stopPropagation(); // the player would take the finger for its cursor
    this.over.svg.setPointerCapture(event.pointerId);
    this.before = this.placeOf(event);
    this.set(this.before);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const place = this.placeOf(event);
    this.set(place);
    this.before = place;
  }

  up() {
    if (!this.before) return;
    this.before = null;
    this.changed(this.heights, true);
  }

  /** Point, not whole, and height in per cent. @param {PointerEvent} event @returns {[number, number]} */
  placeOf(event) {
    const box = this.over.svg.getBoundingClientRect(), { range, top, points } = this.question;
    const [t, value] = this.over.at(event.clientX - box.left, event.clientY - box.top);
    const point = ((t - range[0]) / (range[1] - range[0])) * (points - 1);
    return [Math.min(points - 1, Math.max(0, point)), Math.min(100, Math.max(0, (100 * value) / top))];
  }

  /** All points from where the finger was to where it is. @param {[number, number]} to */
  set([point, height]) {
    const { points } = this.question, [from, start] = this.before;
    // Before the first sketch is whole, it goes on level from its ends.
    const heights = this.heights ? [...this.heights] : Array(points).fill(Math.round(height));
    const low = Math.min(from, point), high = Math.max(from, point);
    for (let each = 0; each < points; each++) {
      const nearest = Math.round(point) === each;
      if ((each < low || each > high) && !nearest) continue;
      const share = high > low ? (each - from) / (point - from) : 1;
      heights[each] = Math.round(Math.min(100, Math.max(0, start + (height - start) * Math.min(1, Math.max(0, share)))));
    }
    this.heights = heights;
    this.changed(heights, false);
  }

  /** Two sliders: which point, and how high. @returns {HTMLElement[]} */
  controls() {
    const { points, range, top } = this.question;
    const which = element("input", "", { type: "range", min: "0", max: String(points - 1), step: "1", id: "point" });
    const high = element("input", "", { type: "range", min: "0", max: "100", step: "1", id: "height" });
    const words = element("output", "", { id: "readout" });
    which.value = "0";
    which.setAttribute("aria-label", "Point of the sketch");
    high.setAttribute("aria-label", "Height at this point");
    const say = () => {
      const point = Number(which.value), t = range[0] + ((range[1] - range[0]) * point) / (points - 1);
      high.value = String(this.heights ? this.heights[point] : FIRST);
      const value = (top * Number(high.value)) / 100;
      words.textContent = this.heights
        ? `t = ${spaced(Math.round(t))}: ${spaced(Number(value.toPrecision(3)))}`
        : "sketch on the curves";
      high.setAttribute("aria-valuetext", words.textContent);
    };
    which.oninput = say;
    high.oninput = () => {
      this.heights = this.heights ? [...this.heights] : Array(points).fill(0);
      this.heights[Number(which.value)] = Number(high.value);
      this.changed(this.heights, true);
      say();
    };
    this.say = say;
    say();
    const row = element("div", "", { className: "sketch-row" });
    row.append(which, high, words);
    return [row];
  }
}
