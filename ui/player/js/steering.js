// @ts-check
// One cursor in time under a hand: what keys, buttons and gestures do to a player and to a comparison alike.

/** @import { Clock } from "./clock.js" */
/** @import { Steered } from "./types.d.ts" */

import { axisFrame } from "./axes.js";
import { atRest, SPEEDS } from "./clock.js";
import { fillHelp, keyAction } from "./controls.js";
import { setEnlarging } from "./enlarging.js";

const PRESENT = 1e-3; // frames: an event as near as this is where the cursor stands

export class Steering {
  /** @type {Clock} */
  clock;
  touched = false; // the person has moved the cursor of this run
  helpOpen = false;
  enlarging = false; // whether a drag draws its box

  /** @this {Steered} @param {any} event */
  key(event) {
    const action = keyAction(event, this);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // the frame has hot keys of its own
    action();
  }

  /** @this {Steered} */
  toggle() {
    if (this.clock.playing) this.clock.pause();
    else this.clock.play();
    this.draw();
    this.speak();
  }

  /** @this {Steered} @param {number} f */
  byHand(f) {
    this.touched = true;
    this.clock.pause();
    this.clock.go(f);
  }

  /** @this {Steered} @param {number} u */
  scrub(u) {
    this.byHand(axisFrame(this.clock.axis, u));
  }

  // To the next moment that is recorded, in any of the runs.
  /** @this {Steered} @param {number} steps */
  move(steps) {
    const { f } = this.clock;
    this.jump(steps > 0 ? Math.floor(f + 1e-6) + steps : Math.ceil(f - 1e-6) + steps);
  }

  /** @this {Steered} @param {number} f */
  jump(f) {
    this.byHand(f);
    this.speak();
  }

  /** @this {Steered} */
  nextEvent() {
    const next = this.eventFrames().find((frame) => frame > this.clock.f + PRESENT);
    const f = next === undefined ? this.run.frames - 1 : next;
    this.touched = true;
    if (atRest()) this.jump(f);
    else if (this.clock.f < f) this.clock.play(f);
    this.draw();
  }

  /** @this {Steered} */
  previousEvent() {
    const before = this.eventFrames().filter((frame) => frame < this.clock.f - PRESENT);
    this.jump(before.length ? before[before.length - 1] : 0);
  }

  /** @this {Steered} @param {number} by */
  faster(by) {
    const at = SPEEDS.indexOf(this.clock.speed) + by;
    if (SPEEDS[at]) this.clock.speed = SPEEDS[at];
    this.controls();
  }

  /** @this {Steered} @param {boolean} on */
  setEnlarging(on) {
    setEnlarging(this, on);
  }

  /** @this {Steered} */
  help() {
    this.helpOpen = !this.helpOpen;
    const panel = this.$(".dmf-help");
    fillHelp(panel);
    panel.hidden = !this.helpOpen;
    this.$("[data-do=help]").setAttribute("aria-expanded", String(this.helpOpen));
  }
}
