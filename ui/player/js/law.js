// @ts-check
// The law that moves one mode, in numbers at a frame: speed measured and predicted, and how far they are apart.

/** @import { Law, LawNow, Run } from "./types.d.ts" */

import { between, floats, frameAt } from "./data.js";
import { printed, THIN } from "./numbers.js";

export const STILL = 1e-2; // of a mode's greatest speed: below this it hardly moves
export const INCOMPARABLE = 1e-4; // below this, two speeds are rounding

// The arrays of the law, once per run.
/** @param {Run} run @returns {Law} */
export function decodeLaw(run) {
  const law = run.law;
  if (!law) return /** @type {Law} */ ({ missing: "", modes: 0 });
  if (law.decoded) return law;
  law.decoded = true;
  for (const key of ["sigma", "pull", "measured", "imbalance", "off_flow", "exact", "low", "high", "turning", "turning_off"]) {
    law[key] = floats(law[key]) || new Float32Array(0);
  }
  law.fastest = Array.from({ length: law.modes }, (_, k) => {
    let most = 0;
    for (const v of lawColumn(law, "measured", k)) if (Math.abs(v) > most) most = Math.abs(v);
    return most;
  });
  return law;
}

/** @param {Law} law @param {string} key @param {number} k */
export const lawColumn = (law, key, k) => law[key].subarray(k * law.frames.length, (k + 1) * law.frames.length);

// Everything about one mode at a fractional frame. Factors are interpolated and the product is made of them, so that it
// stays a product; so is the gap between measured and predicted, which crosses zero without harm.
/** @param {Law} law @param {number} mode @param {number} f */
export function lawAt(law, mode, f) {
  const k = mode - 1, N = law.layers;
  const g = frameAt(law.frames, f);
  /** @param {string} key */
  const column = (key) => lawColumn(law, key, k);
  /** @param {number} i */
  const speed = (i) => N * column("sigma")[i] ** (2 - 2 / N) * column("pull")[i];
  const i = Math.min(Math.floor(g), law.frames.length - 1), j = Math.min(i + 1, law.frames.length - 1);
  /** @param {number} at */
  const gap = (at) => column("measured")[at] - speed(at);
  const sigma = between(column("sigma"), g), pull = between(column("pull"), g);
  const size = sigma ** (2 - 2 / N);
  const predicted = N * size * pull;
  const measured = predicted + gap(i) + (gap(j) - gap(i)) * (g - i);
  const share = between(column("imbalance"), g);
  /** @type {LawNow & Record<string, number>} */
  const now = { pull, size, predicted, measured, share, off: between(law.off_flow, g), fastest: law.fastest[k] };
  if (law.components) {
    for (const key of ["exact", "low", "high"]) {
      /** @param {number} at */
      const difference = (at) => column(key)[at] - column("measured")[at];
      now[key] = measured + difference(i) + (difference(j) - difference(i)) * (g - i);
    }
  }
  return now;
}

// In words, after the speed that was measured.
/** @param {LawNow} now @param {number} [predicted] */
export function offBy(now, predicted = now.predicted) {
  if (Math.abs(now.measured) < INCOMPARABLE * now.fastest) return ", too slow to compare";
  const off = Math.abs(predicted - now.measured) / Math.abs(now.measured);
  if (off < 0.001) return `, off by less than 0.1${THIN}%`;
  return off < 10 ? `, off by ${printed(100 * off, 2)}${THIN}%` : ", far off";
}
