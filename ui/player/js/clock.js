// @ts-check
// One cursor in time. It moves along the shown axis at constant speed; the frame follows from the place on the axis.
// Playing begins shortly before the first curve rises, where Python says: the wait before it is drawn, not played.

/** @import { Axis } from "./types.d.ts" */

import { axisFrame, axisPlace } from "./axes.js";

const CROSSING = 12; // seconds at speed 1, from where playing begins to the end of the axis ..
const LEAST = 0.5; // .. or of as much of it as this, where less is left
export const SPEEDS = [0.25, 0.5, 1, 2, 4]; // times the usual one
const REST = 1.5; // seconds at the end before a loop begins anew

export class Clock {
  /** @param {(stopped?: boolean) => void} changed */
  constructor(changed) {
    this.changed = changed; // called after every movement
    this.f = 0; // fractional frame
    this.u = 0; // place on the axis, 0 .. 1
    this.speed = 1;
    this.playing = false;
    this.until = null; // frame to stop at
    this.loop = false;
    this.rested = 0; // seconds at the end so far
    this.step = this.step.bind(this);
  }

  /** @param {Axis} axis */
  bind(axis) {
    this.axis = axis;
    this.end = Math.max(axis.column.length - 1, 0);
    this.f = Math.min(this.f, this.end);
    this.u = axisPlace(axis, this.f);
    this.pace = Math.max(1 - (axis.opens || 0), LEAST) / CROSSING; // of the axis, in a second
  }

  // The frame at which playing begins.
  get opening() {
    return axisFrame(this.axis, this.axis.opens || 0);
  }

  /** @param {number} f */
  go(f) {
    this.f = Math.max(0, Math.min(this.end, f));
    this.u = axisPlace(this.axis, this.f);
    this.changed();
  }

  /** @param {number} u */
  goPlace(u) {
    this.go(axisFrame(this.axis, u));
  }

  /** @param {number | null} [until] */
  play(until = null) {
    if (this.end <= 0) return;
    if (this.f >= this.end - 1e-9) this.go(this.opening);
    this.until = until;
    if (this.playing) return;
    this.playing = true;
    this.before = null;
    this.rested = 0;
    this.request = requestAnimationFrame(this.step);
  }

  pause() {
    this.playing = false;
    this.until = null;
    cancelAnimationFrame(this.request);
  }

  /** @param {number} now */
  step(now) {
    if (!this.playing) return;
    const passed = this.before === null ? 0 : Math.min(now - this.before, 100); // a sleeping tab does not leap
    this.before = now;
    this.u += (passed / 1000) * this.pace * this.speed;
    const last = axisPlace(this.axis, this.end);
    if (this.loop && this.until === null && this.u >= last) return this.rest(passed / 1000);
    this.f = this.u >= last ? this.end : axisFrame(this.axis, this.u);
    const stop = this.until !== null && this.f >= this.until ? this.until : this.u >= last ? this.end : null;
    if (stop !== null) {
      this.pause();
      this.f = stop;
      this.u = axisPlace(this.axis, stop);
      this.changed(true);
      return;
    }
    this.changed();
    this.request = requestAnimationFrame(this.step);
  }

  // A loop stays at the end for a moment, so that it can be read.
  /** @param {number} seconds */
  rest(seconds) {
    this.rested += seconds;
    const over = this.rested >= REST;
    if (over) this.rested = 0;
    this.go(over ? this.opening : this.end);
    this.request = requestAnimationFrame(this.step);
  }
}

// Whether the visitor asked the system for less motion.
export const atRest = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
