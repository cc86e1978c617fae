// @ts-check
// What keys, buttons and gestures do to a comparison: the interface that the player has for them.

import { axisFrame } from "../../js/axes.js";
import { atRest, SPEEDS } from "../../js/clock.js";
import { fillHelp } from "../../js/controls.js";
import { between, frameAt } from "../../js/data.js";
import { enlarge, setEnlarging } from "../../js/enlarging.js";
import { commonAxes, EQUAL } from "./common_axis.js";

export class Steered {
  toggle() {
    if (this.clock.playing) this.clock.pause();
    else this.clock.play();
    this.stamp();
    this.speak();
  }

  byHand(f) {
    this.touched = true;
    this.clock.pause();
    this.clock.go(f);
  }

  scrub(u) {
    this.byHand(axisFrame(this.axes.cursor, u));
  }

  // To the next moment that is recorded in any of the runs.
  move(steps) {
    const { f } = this.clock;
    this.byHand(steps > 0 ? Math.floor(f + 1e-6) + steps : Math.ceil(f - 1e-6) + steps);
    this.speak();
  }

  jump(f) {
    this.byHand(f);
    this.speak();
  }

  // The births of all columns, as frames of the cursor.
  births() {
    const { cursor, each } = this.axes;
    const places = this.runs.flatMap((run, i) => run.events.map(([, f]) => frameAt(cursor.column, between(each[i].column, f))));
    return [...new Set(places)].sort((a, b) => a - b);
  }

  nextEvent() {
    const f = this.births().find((at) => at > this.clock.f + 1e-6) || this.run.frames - 1;
    this.touched = true;
    if (atRest()) this.jump(f);
    else if (this.clock.f < f) this.clock.play(f);
    this.stamp();
  }

  previousEvent() {
    const before = this.births().filter((at) => at < this.clock.f - 1e-6);
    this.jump(before.length ? before[before.length - 1] : 0);
  }

  faster(by) {
    const at = SPEEDS.indexOf(this.clock.speed) + by;
    if (SPEEDS[at]) this.clock.speed = SPEEDS[at];
    this.controls();
  }

  select(mode) {
    if (mode > this.run.modes) return;
    this.chosen = mode === this.chosen ? 0 : mode;
    this.layout();
  }

  show(key) {
    if (!this.constructor.choices(this.runs).some(([choice]) => choice === key)) return;
    this.shown = key;
    this.layout();
  }

  setLog(log) {
    this.log = log;
    this.layout();
  }

  // Python is told, because the address holds it. The cursor starts again: a place on one axis is none on another.
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
  setOverlaid(overlaid) {
    this.overlaid = this.head.overlaid = overlaid;
    this.layout();
    this.describe();
    this.tellPython({ action: "overlaid", overlaid });
  }

  nextAxis() {
    const names = Object.keys(EQUAL);
    this.setAt(names[(names.indexOf(this.at) + 1) % names.length]);
  }

  hideFuture() {
    this.hidden = !this.hidden;
    this.layout();
  }

  // The mode under the pointer, in all columns.
  light(mode) {
    const lit = mode > this.run.modes ? 0 : mode;
    if (lit === this.lit) return;
    this.lit = lit;
    this.draw();
  }

  setEnlarging(on) {
    setEnlarging(this, on);
  }

  // What Escape closes.
  canClose() {
    return this.helpOpen || Boolean(this.window);
  }

  closeOne() {
    if (this.helpOpen) this.help();
    else enlarge(this, null);
  }

  help() {
    this.helpOpen = !this.helpOpen;
    const panel = this.$(".dmf-help");
    fillHelp(panel);
    panel.hidden = !this.helpOpen;
  }
}
