// @ts-check
// What they do to the player besides. Everything here is a change by hand, so the view is reported.

/** @import { Player } from "./player.js" */

import { AXES, sceneAxis } from "./axes.js";
import { chooseSpectrum } from "./data.js";
import { enlarge, expectPlotly } from "./enlarging.js";
import { openEvents } from "./events.js";
import { Matrix } from "./matrix.js";
import { Steering } from "./steering.js";
import { modeWords, showTip } from "./tip.js";
import { reportView } from "./view.js";
import { describePictures } from "./words.js";

export class Actions extends Steering {
  /** @this {Player} */
  toggle() {
    super.toggle();
    reportView(this);
  }

  /** @this {Player} @param {number} f */
  byHand(f) {
    this.reveal();
    super.byHand(f);
    reportView(this);
  }

  /**
   * The run may be seen whole from now on, unless the person hides its future.
   * @this {Player}
   */
  reveal() {
    if (!this.unplayed) return;
    this.unplayed = false;
    this.layout();
    describePictures(this);
  }

  /** @this {Player} @param {{ f: number, mode: number }} event */
  jumpToEvent({ f, mode }) {
    if (mode) this.select(mode);
    this.jump(f);
  }

  /** @this {Player} */
  loop() {
    this.clock.loop = !this.clock.loop;
    this.controls();
  }

  // `pin`: its numbers stay beside its disc, for keys and fingers, which point at nothing.
  /** @this {Player} @param {number} mode @param {boolean} [pin] */
  select(mode, pin = false) {
    if (!this.run || mode > this.run.modes) return;
    this.chosen = mode;
    if (!pin || !mode) this.unpin();
    else this.pinned = mode;
    this.draw();
    if (pin) {
      this.$(".dmf-spoken").textContent = mode
        ? `${modeWords(this, mode).flat().filter(Boolean).join(" ")}.`
        : "No mode is selected.";
    }
    reportView(this);
  }

  /** @this {Player} @param {string} key */
  chooseSpectrum(key) {
    this.spectrumChosen = key;
    chooseSpectrum(this.run, key);
    if (this.chosen > this.run.modes) this.chosen = null;
    this.unpin();
    this.window = null;
    this.layout();
    this.speak();
    reportView(this);
  }

  /** @this {Player} @param {number} slot @param {string} kind */
  chooseStrip(slot, kind) {
    this.strips.choose(slot, kind);
    this.changed();
  }

  /** @this {Player} @param {string} part @param {number} slice */
  choosePart(part, slice) {
    this.part = part;
    this.slice = slice;
    this.layout();
    reportView(this);
  }

  /** @this {Player} */
  unpin() {
    this.pinned = 0;
    showTip(this, 0, null);
  }

  // The mode under the pointer, here and in every other panel.
  /** @this {Player} @param {number} mode @param {PointerEvent | null} event */
  light(mode, event) {
    if (mode > (this.run ? this.run.modes : 0)) mode = 0;
    const changed = mode !== this.lit;
    this.lit = mode;
    if (changed) this.draw();
    if (!mode && !changed) return;
    const home = this.root.getBoundingClientRect();
    if (mode && event) showTip(this, mode, [event.clientX - home.left, event.clientY - home.top]);
    else if (!this.pinned || this.clock.playing) showTip(this, 0, null);
  }

  /** @this {Player} @param {string} key */
  show(key) {
    if (!Matrix.choices(this.run, this.theory).some(([choice]) => choice === key)) return;
    this.shown = key;
    this.changed();
  }

  // The theory over the curves; without it K is no longer there to be looked at.
  /** @this {Player} @param {boolean} on */
  layOver(on) {
    if (!this.run || !this.run.frames) return;
    this.theory = on;
    if (!on && this.shown === "K") this.shown = "W";
    this.changed();
    this.$(".dmf-spoken").textContent = on ? this.words.sentence() : "The theory is no longer shown.";
  }

  /** @this {Player} */
  showDepth() {
    if (this.run && !this.theory) this.layOver(true);
    this.show("K");
  }

  /** @this {Player} @param {boolean} log */
  setLog(log) {
    this.log = log;
    this.window = null;
    this.changed();
  }

  /** @this {Player} @param {string} name @param {boolean} log */
  setAxis(name, log) {
    this.axisName = name;
    this.logTime = log;
    this.axis = sceneAxis(name, log, this.run);
    this.window = null;
    this.valueNow = null;
    this.clock.bind(this.axis);
    this.changed();
  }

  /** @this {Player} */
  nextAxis() {
    const names = Object.keys(AXES);
    this.setAxis(names[(names.indexOf(this.axisName) + 1) % names.length], this.logTime);
  }

  /** @this {Player} */
  hideFuture() {
    this.withheld = !this.hidden;
    this.unplayed = false;
    if (this.eventsOpen) openEvents(this, false);
    this.changed();
  }

  /** @this {Player} */
  changed() {
    if (this.run && this.run.frames) expectPlotly(this, true);
    this.layout();
    describePictures(this);
    reportView(this);
  }

  /** @this {Player} @param {boolean} on */
  project(on) {
    if (on === this.projector) return;
    this.projector = on;
    const opener = on ? document.activeElement : this.opener;
    this.opener = on ? opener : null;
    if (on) this.root.focus({ preventScroll: true });
    this.changed();
    if (!on && opener instanceof HTMLElement) opener.focus({ preventScroll: true }); // it was hidden until now
  }

  /** @this {Player} */
  canClose() {
    return this.helpOpen || this.eventsOpen || this.pinned || this.window || this.projector;
  }

  // Escape closes what was opened last: a panel, the pinned numbers, the projector.
  /** @this {Player} */
  closeOne() {
    if (this.helpOpen) this.help();
    else if (this.eventsOpen) {
      openEvents(this, false);
      this.$("[data-do=events]").focus();
    } else if (this.pinned) this.unpin();
    else if (this.window) enlarge(this, null);
    else this.project(false);
  }
}
