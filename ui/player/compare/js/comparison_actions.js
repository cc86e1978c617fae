// @ts-check
// What keys, buttons and gestures do to a comparison besides.

/** @import { Comparison } from "./comparison.js" */

import { atRest } from "../../js/clock.js";
import { between, frameAt } from "../../js/data.js";
import { enlarge } from "../../js/enlarging.js";
import { Steering } from "../../js/steering.js";
import { commonAxes, EQUAL } from "./common_axis.js";

export class ComparisonActions extends Steering {
  // The births of all columns, as frames of the cursor.
  /** @this {Comparison} */
  eventFrames() {
    const { cursor, each } = this.axes;
    const places = this.runs.flatMap((run, i) => run.events.map(([, f]) => frameAt(cursor.column, between(each[i].column, f))));
    return [...new Set(places)].sort((a, b) => a - b);
  }

  /** @this {Comparison} @param {number} mode */
  select(mode) {
    if (mode > this.run.modes) return;
    this.chosen = mode === this.chosen ? 0 : mode;
    this.layout();
  }

  /** @this {Comparison} @param {string} key */
  show(key) {
    if (!this.choices().some(([choice]) => choice === key)) return;
    this.shown = key;
    this.layout();
  }

  /** @this {Comparison} @param {boolean} log */
  setLog(log) {
    this.log = log;
    this.layout();
  }

  // Python is told, because the address holds it. The cursor starts again: a place on one axis is none on another.
  /** @this {Comparison} @param {string} key @param {boolean} [tell] */
  setAt(key, tell = true) {
    if (key === this.at) return;
    this.at = this.head.at = key;
    this.axes = commonAxes(key, this.runs, this.head.scene);
    this.window = null;
    this.run.frames = this.run.frames ? this.axes.cursor.column.length : 0;
    const playing = this.clock.playing;
    this.clock.pause();
    this.clock.bind(this.axes.cursor);
    this.layout();
    this.clock.go(playing || atRest() ? this.clock.f : this.axes.cursor.column.length - 1);
    if (playing) this.clock.play();
    this.describe();
    if (tell) this.tellPython({ action: "at", at: key });
  }

  // All curves in one picture or each run in its own; Python is told, because the address holds it.
  /** @this {Comparison} @param {boolean} overlaid */
  setOverlaid(overlaid) {
    this.overlaid = this.head.overlaid = overlaid;
    this.layout();
    this.describe();
    this.tellPython({ action: "overlaid", overlaid });
  }

  /** @this {Comparison} */
  nextAxis() {
    const names = Object.keys(EQUAL);
    this.setAt(names[(names.indexOf(this.at) + 1) % names.length]);
  }

  /** @this {Comparison} */
  hideFuture() {
    this.hidden = !this.hidden;
    this.layout();
  }

  // The mode under the pointer, in all columns.
  /** @this {Comparison} @param {number} mode */
  light(mode) {
    const lit = mode > this.run.modes ? 0 : mode;
    if (lit === this.lit) return;
    this.lit = lit;
    this.draw();
  }

  // What Escape closes.
  /** @this {Comparison} */
  canClose() {
    return this.helpOpen || Boolean(this.window);
  }

  /** @this {Comparison} */
  closeOne() {
    if (this.helpOpen) this.help();
    else enlarge(this, null);
  }
}
