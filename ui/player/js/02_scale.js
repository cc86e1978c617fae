// Numbers as printed, and ticks.

const THIN = "\u202f", MINUS = "\u2212";
const raised = (n) => String(n).replace(/[-0-9]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
const lowered = (n) => String(n).replace(/[0-9]/g, (c) => "₀₁₂₃₄₅₆₇₈₉"[c]);
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
