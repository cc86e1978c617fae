// @ts-check
// From bytes to a run: typed arrays and the few questions asked of them in every frame.

/** @import { ChartScene, Column, Run } from "./types.d.ts" */

const bytesOf = Uint8Array.fromBase64?.bind(Uint8Array) || ((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
/** @param {string | null} text */
export const floats = (text) => (text ? new Float32Array(bytesOf(text).buffer) : null);
/** @param {string | null} text */
const doubles = (text) => (text ? new Float64Array(bytesOf(text).buffer) : new Float64Array(0));

// What Python sends: one line of JSON with the notice and the view, then the payload, whose first key is its id.
/** @param {any} data */
export function split(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  const end = bytes.indexOf(10);
  const { view, given, ...notice } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const body = bytes.subarray(end + 1);
  const id = new TextDecoder().decode(body.subarray(7, 23));
  return { notice, view: view || null, given: given || null, id, read: () => decode(JSON.parse(new TextDecoder().decode(body))) };
}

/** @param {any} run @returns {Run} */
export function decode(run) {
  const T = run.frames;
  run.values = floats(run.values) || new Float32Array(0);
  for (const spectrum of run.spectra.slice(1)) spectrum.values = floats(spectrum.values);
  run.value = (/** @type {number} */ k, /** @type {number} */ i) => run.values[k * T + i]; // mode k from 0 at frame i
  for (const key of ["t", "iteration", "seconds"]) run[key] = doubles(run[key]);
  run.series = Object.fromEntries(Object.entries(run.series || {}).map(([key, text]) => [key, floats(text)]));
  run.modes = run.modes || 0;
  if (run.scene) { for (const axis of Object.values(run.scene.axes)) axis.column = Float64Array.from(floats(axis.column) || []); }
  for (const { chart } of [run, ...run.spectra.slice(1)]) {
    Object.assign(chart, { frames: floats(chart.frames), values: floats(chart.values) });
  }
  const [first, second] = run.spectra;
  for (const name of Object.keys(second || {})) if (name !== "key") first[name] = run[name]; // that of the run itself
  run.named = namedOf(run);
  run.learned = run.learned || 0;
  run.ended = T > 0 && !run.growing && ["converged", "time", "iterations", "at_rest"].includes(run.outcome);
  if (run.picture) {
    const picture = run.picture;
    const cells = picture.rows * picture.columns;
    const all = new Int8Array(bytesOf(picture.values).buffer);
    picture.shots = picture.frames.map((/** @type {number} */ _, /** @type {number} */ i) =>
      all.subarray(i * cells, (i + 1) * cells)
    );
    picture.truth = picture.truth && new Int8Array(bytesOf(picture.truth).buffer);
    if (picture.observed) {
      const bits = bytesOf(picture.observed);
      picture.observed = Uint8Array.from({ length: cells }, (_, i) => (bits[i >> 3] >> (7 - (i & 7))) & 1);
    }
  }
  return run;
}

// A column at a fractional frame, linear between two snapshots.
/** @param {Column} column @param {number} f */
export function between(column, f) {
  const i = Math.min(Math.floor(f), column.length - 1);
  const j = Math.min(i + 1, column.length - 1);
  return column[i] + (column[j] - column[i]) * (f - i);
}

export const TINY = 1e-30; // stands for zero where the logarithm is taken

// The same where the picture is logarithmic: the dot must lie on the drawn line.
/** @param {Column} column @param {number} f */
export function betweenLog(column, f) {
  const i = Math.min(Math.floor(f), column.length - 1);
  const j = Math.min(i + 1, column.length - 1);
  const a = Math.log10(Math.max(column[i], TINY));
  const b = Math.log10(Math.max(column[j], TINY));
  return 10 ** (a + (b - a) * (f - i));
}

// Mode k at a fractional frame, on the drawn curve: straight between the points that Python has found to be enough.
/** @param {Run} run @param {number} k @param {number} f */
export function modeAt(run, k, f) {
  if (k >= run.named) return between(run.values.subarray(k * run.frames, (k + 1) * run.frames), f);
  const { frames, values } = run.chart;
  if (run.at !== f) [run.at, run.atPoint] = [f, frameAt(frames, f)];
  const own = values.subarray(k * frames.length, (k + 1) * frames.length);
  return run.logarithmic ? betweenLog(own, run.atPoint) : between(own, run.atPoint);
}

// The frame at which a never falling column has the value v; after a plateau rather than before it.
/** @param {Column} column @param {number} v */
export function frameAt(column, v) {
  let low = 0, high = column.length - 1;
  if (high < 1 || v >= column[high]) return Math.max(high, 0);
  if (v < column[0]) return 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (column[middle] <= v) low = middle;
    else high = middle;
  }
  const step = column[high] - column[low];
  return step > 0 ? low + (v - column[low]) / step : low;
}

/** @param {{ chart: ChartScene }} spectrum */
const namedOf = ({ chart }) => (chart.frames ? chart.values.length / chart.frames.length : 0);

// A tensor has several spectra: everything that is said of modes is then said of this one.
/** @param {Run} run @param {string} key */
export function chooseSpectrum(run, key) {
  const spectrum = run.spectra.find((each) => each.key === key);
  if (spectrum && spectrum.key !== run.spectrum) {
    Object.assign(run, spectrum, { spectrum: spectrum.key, at: null, named: namedOf(spectrum) });
  }
}

/** @param {Run} run @param {number} frame */
export function titleAt(run, frame) {
  let text = run.titles[0][1];
  for (const [from, words] of run.titles) if (from <= frame + 1e-9) text = words;
  return text;
}

// The mode that is growing now: the one the eye follows while nothing is selected.
/** @param {Run} run @param {number} f */
export function growingMode(run, f) {
  let growing = 0;
  for (const [mode, starts, arrives] of run.growths) if (starts <= f && (arrives === null || f < arrives)) growing = mode;
  return growing;
}
