// @ts-check
// The time axes of a run as the scene gives them: columns, ends and marks come from Python; here a frame finds its place.

/** @import { Axis, AxisKind, Choice, Run } from "./types.d.ts" */

import { between, frameAt } from "./data.js";
import { printed, THIN } from "./numbers.js";

/** @type {Record<string, AxisKind>} */
export const AXES = {
  time: { name: "flow time", raw: (run) => run.t, say: (v) => `t = ${printed(v)}` },
  iterations: { name: "iterations", raw: (run) => run.iteration, say: (v) => `iteration ${printed(Math.round(v), 9)}` },
  error: { name: "observed error", say: (v) => `error ${printed(10 ** -v, 2)}` },
  seconds: { name: "wall clock", raw: (run) => run.seconds, say: (v) => `${printed(v, 2)}${THIN}s` },
  events: { name: "event number", say: (v) => `event ${printed(v, 2)}` },
};
export const LOGS = ["time", "iterations", "seconds"]; // these have a logarithm too

// What t is in this run: flow time, or what a method that is no flow adds up.
/** @param {Run} run */
export const clockOf = (run) => run.clock || AXES.time.name;

// What the menu offers.
/** @param {Run} run @returns {Choice[]} */
export const axisChoices = (run) =>
  Object.entries(AXES).flatMap(([key, { name }]) => {
    const words = key === "time" ? clockOf(run) : name;
    return LOGS.includes(key) ? [[key, words], [`${key} log`, `${words}, log`]] : [[key, words]];
  });

// One axis of one run, or an empty one.
/** @param {string} name @param {boolean} log @param {Run} run @returns {Axis} */
export function sceneAxis(name, log, run) {
  const kind = AXES[name];
  if (!run.frames) {
    const zero = new Float64Array(1);
    return {
      name,
      key: name,
      kind,
      log: false,
      column: zero,
      raw: zero,
      low: 0,
      high: 1,
      last: 0,
      first: 0,
      opens: 0,
      empty: true,
    };
  }
  const key = log && run.scene.axes[`${name} log`] ? `${name} log` : name; // a run that has just begun has no logarithm yet
  /** @type {any} */
  const from = run.scene.axes[key];
  const raw = kind.raw ? kind.raw(run) : from.column;
  // A logarithm has no 0: what lies before the first positive snapshot is not drawn; the cursor waits there and says its value.
  const first = from.log ? Math.max(0, raw.findIndex((/** @type {number} */ v) => v > 0)) : 0;
  const column = from.log ? raw.map((/** @type {number} */ v) => Math.log10(Math.max(v, raw[first]))) : raw;
  return { ...from, column, name, key, kind, raw, first, last: column[column.length - 1] };
}

/** @param {Axis} axis @param {number} f */
export const axisPlace = (axis, f) => (axis.empty ? 0 : (between(axis.column, f) - axis.low) / (axis.high - axis.low));
/** @param {Axis} axis @param {number} u */
export const axisFrame = (axis, u) => (axis.empty ? 0 : frameAt(axis.column, axis.low + u * (axis.high - axis.low)));

// The value at a frame, in words.
/** @param {Axis} axis @param {number} f */
export function axisSays(axis, f) {
  const value = axis.log && f >= axis.first ? 10 ** between(axis.column, f) : between(axis.raw, f);
  return axis.kind.say(value);
}

/** @param {Axis} axis @param {number} width */
export const axisMarks = (axis, width) => (axis.empty ? [] : axis.ticks[width < 400 ? 1 : 0]);
