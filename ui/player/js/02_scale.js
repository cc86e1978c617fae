// Numbers as printed, ticks, and the four time axes.

const THIN = "\u202f", MINUS = "\u2212";
const raised = (n) => String(n).replace(/[-0-9]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);

// Rounded to so many significant digits, never to fewer than the integer part (the rule of ui/figures/words.py).
function printed(x, digits = 3, zeros = false) {
  if (x === 0 || !isFinite(x)) return "0";
  x = Math.abs(x) < 10 ** digits ? Number(x.toPrecision(digits)) : Math.round(x);
  const exponent = Math.floor(Math.log10(Math.abs(x)) + 1e-12);
  const sign = x < 0 ? MINUS : "";
  if (exponent <= -4 || exponent >= 6) {
    const mantissa = Number((Math.abs(x) / 10 ** exponent).toPrecision(digits));
    return sign + (mantissa === 1 ? "" : `${mantissa}·`) + `10${raised(exponent)}`;
  }
  let text = Math.abs(x).toFixed(Math.max(0, digits - 1 - exponent));
  if (text.includes(".") && !zeros) text = text.replace(/\.?0+$/, "");
  const [whole, rest] = text.split(".");
  return sign + grouped(whole) + (rest ? `.${rest}` : "");
}

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

const AXES = {
  time: { name: "flow time", column: (run) => run.t, say: (v) => `t = ${printed(v)}` },
  iterations: { name: "iterations", column: (run) => run.iteration, say: (v) => `iteration ${printed(Math.round(v), 9)}` },
  error: { name: "observed error", column: falling, say: (v) => `error ${printed(10 ** -v, 2)}`, log: true },
  seconds: { name: "wall clock", column: (run) => run.seconds, say: (v) => `${printed(v, 2)}${THIN}s` },
};

// Minus the logarithm of the smallest error so far: an error that rises for a while does not turn time around.
function falling(run) {
  let best = -Infinity;
  return Float64Array.from(run.series.observed_error, (e) => (best = Math.max(best, -Math.log10(Math.max(e, TINY)))));
}

// One axis of one run. `before` is the same axis of the same run when it was shorter: then nothing may jump.
function makeAxis(name, run, before) {
  const kind = AXES[name];
  if (run.frames === 0) return { name, kind, column: new Float64Array([0]), low: 0, high: 1, last: 0, empty: true };
  const column = kind.column(run);
  const low = column[0], last = column[column.length - 1];
  let high = last;
  if (before && !before.empty && before.high > last && before.open) high = before.high;
  else if (!run.ended) high = kind.log ? Math.ceil(last + 0.5) : low + roomBeyond(last - low);
  if (!(high > low)) high = low + 1;
  return { name, kind, column, low, high, last, open: high > last };
}

const axisPlace = (axis, f) => (axis.empty ? 0 : (between(axis.column, f) - axis.low) / (axis.high - axis.low));
const axisFrame = (axis, u) => (axis.empty ? 0 : frameAt(axis.column, axis.low + u * (axis.high - axis.low)));

function axisTicks(axis, width) {
  if (axis.empty) return [];
  const count = Math.max(2, Math.floor(width / 120));
  if (!axis.kind.log) return ticks(axis.low, axis.high, count).map((v) => [v, printed(v, 6)]);
  return decades(axis.low, axis.high, count * 1.5).map((e) => [e, decade(-e)]);
}
