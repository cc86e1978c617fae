// @ts-check
// Numbers as printed.

export const THIN = "\u202f";
export const MINUS = "\u2212";
/** @param {number} n */
const raised = (n) => String(n).replace(/[-0-9]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".charAt("-0123456789".indexOf(c)));
/** @param {number} n */
export const lowered = (n) => String(n).replace(/[0-9]/g, (c) => "₀₁₂₃₄₅₆₇₈₉".charAt(Number(c)));
/** @param {string} text */
const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);

// Rounded to so many significant digits, never to fewer than the integer part (the rule of ui/figures/words.py).
/** @param {number} x @param {number} [digits] @param {boolean} [zeros] */
export function printed(x, digits = 3, zeros = false) {
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
