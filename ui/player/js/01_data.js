// From bytes to a run: typed arrays and the few questions asked of them in every frame.

const bytesOf = Uint8Array.fromBase64?.bind(Uint8Array) || ((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
const floats = (text) => (text ? new Float32Array(bytesOf(text).buffer) : null);
const doubles = (text) => (text ? new Float64Array(bytesOf(text).buffer) : new Float64Array(0));

// What Python sends: one line of JSON with the notice and the view, then the payload, whose first key is its id.
function split(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  const end = bytes.indexOf(10);
  const { view, given, ...notice } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const body = bytes.subarray(end + 1);
  const id = new TextDecoder().decode(body.subarray(7, 23));
  return { notice, view: view || null, given: given || null, id, read: () => decode(JSON.parse(new TextDecoder().decode(body))) };
}

function decode(run) {
  const T = run.frames;
  run.values = floats(run.values) || new Float32Array(0);
  for (const spectrum of run.spectra) spectrum.values = floats(spectrum.values);
  run.value = (k, i) => run.values[k * T + i]; // mode k from 0 at frame i
  for (const key of ["t", "iteration", "seconds"]) run[key] = doubles(run[key]);
  run.series = Object.fromEntries(Object.entries(run.series || {}).map(([key, text]) => [key, floats(text)]));
  run.modes = run.modes || 0;
  run.slopes = [];
  run.bends = [];
  run.learned = run.learned || 0;
  run.ended = T > 0 && !run.growing && ["converged", "time", "iterations", "at_rest"].includes(run.outcome);
  if (run.picture) {
    const picture = run.picture;
    const cells = picture.rows * picture.columns;
    const all = new Int8Array(bytesOf(picture.values).buffer);
    picture.shots = picture.frames.map((_, i) => all.subarray(i * cells, (i + 1) * cells));
    picture.truth = picture.truth && new Int8Array(bytesOf(picture.truth).buffer);
    if (picture.observed) {
      const bits = bytesOf(picture.observed);
      picture.observed = Uint8Array.from({ length: cells }, (_, i) => (bits[i >> 3] >> (7 - (i & 7))) & 1);
    }
  }
  return run;
}

// A column at a fractional frame, linear between two snapshots.
function between(column, f) {
  const i = Math.min(Math.floor(f), column.length - 1);
  const j = Math.min(i + 1, column.length - 1);
  return column[i] + (column[j] - column[i]) * (f - i);
}

const TINY = 1e-30;

// The same where the picture is logarithmic: the dot must lie on the drawn line.
function betweenLog(column, f) {
  const i = Math.min(Math.floor(f), column.length - 1);
  const j = Math.min(i + 1, column.length - 1);
  const a = Math.log10(Math.max(column[i], TINY));
  const b = Math.log10(Math.max(column[j], TINY));
  return 10 ** (a + (b - a) * (f - i));
}

// Slopes of the cubic through points that overshoots none of them. Source: Fritsch and Butland 1984, as scipy's pchip.
function slopesOf(t, y) {
  const n = y.length, slopes = new Float64Array(n);
  if (n < 2) return slopes;
  const step = (i) => t[i + 1] - t[i], chord = (i) => (step(i) > 0 ? (y[i + 1] - y[i]) / step(i) : 0);
  for (let i = 1; i < n - 1; i++) {
    const a = chord(i - 1), b = chord(i);
    if (a * b <= 0) continue;
    const v = 2 * step(i) + step(i - 1), w = step(i) + 2 * step(i - 1);
    slopes[i] = (v + w) / (v / a + w / b);
  }
  slopes[0] = chord(0);
  slopes[n - 1] = chord(n - 2);
  return slopes;
}

// Mode k at a fractional frame: a cubic in flow time, four times closer to the run than straight lines are. Where its speeds
// are known and wanted (`bends`, see 05_tangents.js) it is the logarithm that is cubic.
function modeAt(run, k, f) {
  const T = run.frames, at = k * T;
  const i = Math.min(Math.floor(f), T - 1), s = f - i;
  const y0 = run.values[at + i];
  if (s <= 0 || i >= T - 1) return y0;
  const y1 = run.values[at + i + 1], h = run.t[i + 1] - run.t[i], bend = run.bends[k];
  if (bend && y0 > 0 && y1 > 0) return Math.exp(cubic(Math.log(y0), Math.log(y1), bend[i], bend[i + 1], h, s));
  const m = run.slopes[k] || (run.slopes[k] = slopesOf(run.t, run.values.subarray(at, at + T)));
  return cubic(y0, y1, m[i], m[i + 1], h, s);
}

// Between y0 and y1 with the slopes a and b, at the share s of the step h. Where both point the same way it does not overshoot:
// its slope is linear in a and b, and nowhere against the chord where each is 0 or 3 chords.
function cubic(y0, y1, a, b, h, s) {
  const chord = (y1 - y0) / h, most = 3 * Math.abs(chord);
  if (a * b > 0) [a, b] = a * chord > 0 ? [Math.sign(a) * Math.min(Math.abs(a), most), Math.sign(b) * Math.min(Math.abs(b), most)] : [0, 0];
  return y0 + (y1 - y0) * s * s * (3 - 2 * s) + h * s * (1 - s) * ((1 - s) * a - s * b);
}

// The frame at which a never falling column has the value v; after a plateau rather than before it.
function frameAt(column, v) {
  let low = 0, high = column.length - 1;
  if (high < 1 || v >= column[high]) return Math.max(high, 0);
  if (v < column[0]) return 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (column[middle] <= v) low = middle; else high = middle;
  }
  const step = column[high] - column[low];
  return step > 0 ? low + (v - column[low]) / step : low;
}

// A tensor has several spectra: everything that is said of modes is then said of this one.
function chooseSpectrum(run, key) {
  const found = run.spectra.find((spectrum) => spectrum.key === key);
  if (found && found.key !== run.spectrum) Object.assign(run, found, { spectrum: found.key, slopes: [], bends: [] });
}

function titleAt(run, frame) {
  let text = run.titles[0][1];
  for (const [from, words] of run.titles) if (from <= frame + 1e-9) text = words;
  return text;
}

// The mode that is growing now: the one the eye follows while nothing is selected.
function growingMode(run, f) {
  let found = 0;
  for (const [mode, starts, arrives] of run.growths) if (starts <= f && (arrives === null || f < arrives)) found = mode;
  return found;
}
