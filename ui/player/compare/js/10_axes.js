// The time axes: flow time, iterations, observed error, wall clock, event number; some of them logarithmic too.

const AXES = {
  time: { name: "flow time", column: (run) => run.t, say: (v) => `t = ${printed(v)}`, logs: true },
  iterations: { name: "iterations", column: (run) => run.iteration, say: (v) => `iteration ${printed(Math.round(v), 9)}`, logs: true },
  error: { name: "observed error", column: falling, say: (v) => `error ${printed(10 ** -v, 2)}`, log: true },
  seconds: { name: "wall clock", column: (run) => run.seconds, say: (v) => `${printed(v, 2)}${THIN}s`, logs: true },
  events: { name: "event number", column: eventNumber, say: (v) => `event ${printed(v, 2)}` },
};

// What t is in this run: flow time, or what a method that is no flow adds up.
const clockOf = (run) => run.clock || AXES.time.name;

// What the menu offers: every axis, and its logarithm where the quantity starts at 0 and grows.
const axisChoices = (run) => Object.entries(AXES).flatMap(([key, { name, logs }]) => {
  const words = key === "time" ? clockOf(run) : name;
  return logs ? [[key, words], [`${key} log`, `${words}, log`]] : [[key, words]];
});

// Minus the logarithm of the smallest error so far: an error that rises for a while does not turn time around.
function falling(run) {
  let best = -Infinity;
  return Float64Array.from(run.series.observed_error, (e) => (best = Math.max(best, -Math.log10(Math.max(e, TINY)))));
}

// Equal space between start, births and end; in between as flow time passes.
function eventNumber(run) {
  const knots = [run.t[0]];
  const end = run.t[run.frames - 1];
  for (const [kind, , , t] of run.timeline) if (kind === "born" && t > knots[knots.length - 1] && t < end) knots.push(t);
  if (end > knots[knots.length - 1]) knots.push(end);
  let k = 0;
  return Float64Array.from(run.t, (t) => {
    while (k + 2 < knots.length && t >= knots[k + 1]) k++;
    return knots.length > 1 ? k + (t - knots[k]) / (knots[k + 1] - knots[k]) : 0;
  });
}

// One axis of one run. `before` is the same axis of the same run when it was shorter: then nothing may jump.
function makeAxis(name, wanted, run, before) {
  const kind = AXES[name];
  if (run.frames === 0) return { name, kind, log: false, column: new Float64Array([0]), raw: new Float64Array([0]), low: 0, high: 1, last: 0, empty: true };
  const raw = kind.column(run);
  const first = raw.findIndex((v) => v > 0);
  const log = Boolean(wanted && kind.logs && first >= 0 && raw[raw.length - 1] > raw[first]);
  // A logarithm knows no 0: what lies before the first positive snapshot is not drawn; the cursor stands there and says its own value.
  const column = log ? raw.map((v) => Math.log10(Math.max(v, raw[first]))) : raw;
  const low = column[0], last = column[column.length - 1];
  let high = last;
  if (before && !before.empty && before.high > last && before.open && before.log === log) high = before.high;
  else if (!run.ended) high = log ? Math.ceil(4 * (last + 0.1)) / 4 : kind.log ? Math.ceil(last + 0.5) : low + roomBeyond(last - low);
  if (!(high > low)) high = low + 1;
  return { name, kind, log, column, raw, first: log ? first : 0, low, high, last, open: high > last };
}

const axisPlace = (axis, f) => (axis.empty ? 0 : (between(axis.column, f) - axis.low) / (axis.high - axis.low));
const axisFrame = (axis, u) => (axis.empty ? 0 : frameAt(axis.column, axis.low + u * (axis.high - axis.low)));

// The value at a frame, in words.
function axisSays(axis, f) {
  const drawn = axis.log && f >= axis.first ? 10 ** between(axis.column, f) : between(axis.raw || axis.column, f);
  return axis.kind.say(drawn);
}

function axisTicks(axis, width) {
  if (axis.empty) return [];
  const count = Math.max(2, Math.floor(width / 120));
  if (axis.log) return logTicks(axis.low, axis.high, count * 1.5);
  if (axis.kind.log) return decades(axis.low, axis.high, count * 1.5).map((e) => [e, decade(-e)]);
  if (axis.name !== "events") return ticks(axis.low, axis.high, count).map((v) => [v, axis.kind.tick ? axis.kind.tick(v) : printed(v, 6)]);
  const whole = ticks(0, axis.last, Math.min(count * 2, axis.last)).filter((v) => Number.isInteger(v));
  return whole.map((v) => [v, v === 0 ? "start" : v === axis.last && !axis.open ? "end" : String(v)]);
}

// Round numbers between two ends of a scale.

function niceStep(span, count) {
  const raw = span / count;
  const ten = 10 ** Math.floor(Math.log10(raw));
  return ten * [1, 2, 5, 10].find((m) => m * ten >= raw * 0.999);
}

function ticks(low, high, count) {
  if (!(high > low)) return [low];
  const step = niceStep(high - low, count);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step);
  return found;
}

// Decades between two logarithms, at most `count` of them.
function decades(low, high, count) {
  const every = Math.max(1, Math.ceil((high - low) / count));
  const found = [];
  for (let e = Math.ceil(low / every - 1e-9) * every; e <= high + 1e-9; e += every) found.push(e);
  return found;
}

const decade = (e) => (e === 0 ? "1" : e === 1 ? "10" : `10${raised(e)}`);

// The end of an axis beyond which a run may still grow.
function roomBeyond(x) {
  if (!(x > 0)) return 1;
  const ten = 10 ** Math.floor(Math.log10(1.15 * x));
  return ten * [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((m) => m * ten >= 1.15 * x);
}

// Marks between two logarithms: decades, or 1, 2, 5 where the range holds fewer than two of them.
function logTicks(low, high, count) {
  const tens = decades(low, high, count);
  if (tens.length > 1) return tens.map((e) => [e, decade(e)]);
  const found = [];
  for (let e = Math.floor(low); e <= high; e++) for (const m of [1, 2, 5]) {
    const at = e + Math.log10(m);
    if (at >= low - 1e-9 && at <= high + 1e-9) found.push([at, printed(m * 10 ** e)]);
  }
  return found;
}
