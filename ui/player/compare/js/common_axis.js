// @ts-check
// One axis for several runs: what is equal in all columns at the cursor. Ends and marks come from Python.

/** @import { Axis, AxisKind, Column, CommonScene, Run } from "../../js/types.d.ts" */

import { AXES, clockOf } from "../../js/axes.js";
import { printed, THIN } from "../../js/numbers.js";

/** @type {Record<string, AxisKind>} */
export const EQUAL = {
  error: { ...AXES.error, raw: (run) => run.scene.axes.error.column },
  time: AXES.time,
  progress: { name: "relative progress", raw: shareOfRun, say: (v) => `${printed(100 * v, 3)}${THIN}% of each run` },
  iterations: AXES.iterations,
};

// What is equal in all columns, in words; t is not the same for every method.
/** @param {string} key @param {Run[]} runs */
export function atWords(key, runs) {
  if (key !== "time") return EQUAL[key].name;
  const clocks = [...new Set(runs.map(clockOf))];
  return clocks.length === 1 ? clocks[0] : "time t";
}

// The share of each run's own length in t.
/** @param {Run} run */
function shareOfRun(run) {
  const last = run.t[run.t.length - 1];
  return last > 0 ? run.t.map((t) => t / last) : run.t;
}

// The axes of the runs with their common ends, and the axis of the cursor, which stops where any run has a snapshot.
/** @param {string} name @param {Run[]} runs @param {CommonScene} scene @returns {{ each: Axis[], cursor: Axis }} */
export function commonAxes(name, runs, scene) {
  const kind = EQUAL[name], from = scene.axes[name];
  if (!from) {
    const zero = new Float64Array(1);
    const axis = { name, key: name, kind, log: false, column: zero, raw: zero, first: 0, low: 0, high: 1, last: 0, empty: true };
    return { each: runs.map(() => axis), cursor: axis };
  }
  const columns = runs.map((run) => (run.frames ? kind.raw(run) : null));
  /** @param {Column | null} column @returns {Axis} */
  const axisOf = (column) => ({
    .../** @type {any} */ (from),
    name,
    key: name,
    kind,
    log: false,
    widths: scene.widths,
    column: column || new Float64Array([from.low]),
    raw: column || new Float64Array([from.low]),
    first: 0,
    last: column ? column[column.length - 1] : from.low,
    empty: !column,
  });
  return { each: columns.map(axisOf), cursor: axisOf(unionOf(columns.filter(Boolean))) };
}

/** @param {Column[]} columns */
function unionOf(columns) {
  const all = columns.flatMap((column) => [...column]).sort((a, b) => a - b);
  return Float64Array.from(all.filter((v, i) => i === 0 || v > all[i - 1]));
}

// The marks of an axis so many pixels long: those of the largest length that Python has chosen marks for and that fits.
/** @param {Axis} axis @param {number} width */
export function marksFor(axis, width) {
  if (axis.empty) return [];
  const fits = axis.widths.filter((each) => each <= width).length;
  return axis.ticks[Math.max(fits - 1, 0)];
}
