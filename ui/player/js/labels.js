// @ts-check
// Words among the curves, where Python found room for them: names, true values, births.

/** @import { Birth, WordBox } from "./types.d.ts" */
/** @import { Curves } from "./curves.js" */

import { modeAt } from "./data.js";
import { printed } from "./numbers.js";
import { measure, write } from "./paint.js";

const LETTER = 7; // pixels, of an average letter
const WORD_GAP = 3; // pixels left and right of a word that stay free
const WORD_HALF = 8; // pixels, half of the height of a word with what stays free above and below

const WORD_HIGH = 11; // pixels between the middles of two words one above the other that can be read

/** @param {Curves} curves */
export function setLabels(curves) {
  const { run, hidden, zoom } = curves.view, { texts, places } = run.chart;
  curves.words.style.setProperty("--zoom", String(zoom));
  curves.boxes = [];
  curves.words.replaceChildren(
    ...(places[curves.key] || []).flatMap(([number, share, value, dx, dy]) => {
      const [role, mode, text, end, tail] = texts[number];
      if (hidden && (role === "name" || role === "rest")) return [];
      const left = shareAt(curves, share) + dx, top = curves.y(value) + dy;
      const long = LETTER * (text.length + tail.length), outside = left < curves.x0 || left + (end ? 0 : long) > curves.x1;
      if (curves.view.window && (outside || top < curves.y1 || top > curves.y0)) return [];
      const wide = measure(curves.ctx, curves.view.tokens, text + tail, 12, role === "name" ? 600 : 400);
      const from = end ? left - wide : left;
      // a projector with strips has a lower chart than Python had in mind
      if (curves.view.zoom > 1 && curves.boxes.some((box) => touch(box, from, from + wide, top))) return [];
      curves.boxes.push([from, from + wide, top]);
      return [word(curves, role, mode, text, tail, end ? curves.width - left : left, top, end)];
    }),
  );
}

/** @param {WordBox} box @param {number} from @param {number} to @param {number} middle */
const touch = ([left, right, at], from, to, middle) => from < right && to > left && Math.abs(at - middle) < WORD_HIGH;

/**
 * The parts [from, to] of a vertical line at x from `top` to `bottom` that cross no word.
 * @param {WordBox[]} boxes
 * @param {number} x
 * @param {number} top
 * @param {number} bottom
 */
export function clearOfWords(boxes, x, top, bottom) {
  const crossed = boxes.filter(([left, right]) => x > left - WORD_GAP && x < right + WORD_GAP).map(([, , middle]) => middle);
  const parts = [];
  let from = top;
  for (const middle of crossed.sort((a, b) => a - b)) {
    if (middle - WORD_HALF > from) parts.push([from, Math.min(middle - WORD_HALF, bottom)]);
    from = Math.max(from, middle + WORD_HALF);
  }
  return from < bottom ? [...parts, [from, bottom]] : parts;
}

/** @param {Curves} curves @param {number} share */
function shareAt(curves, share) {
  const { axis } = curves.view;
  return curves.x0 +
    ((axis.low + share * (axis.high - axis.low) - curves.low) / (curves.high - curves.low)) * (curves.x1 - curves.x0);
}

/**
 * @param {Curves} curves
 * @param {string} role
 * @param {number} mode
 * @param {string} text
 * @param {string} tail
 * @param {number} side
 * @param {number} top
 * @param {number} end
 */
export function word(curves, role, mode, text, tail, side, top, end) {
  const word = document.createElement("span");
  word.className = `dmf-word dmf-${role}`;
  word.style.cssText = `${end ? "right" : "left"}:${side}px;top:${top}px;${
    role === "name" ? `color:${curves.view.tokens.text(mode)}` : ""
  }`;
  word.textContent = text;
  if (tail) word.append(Object.assign(document.createElement("i"), { textContent: tail }));
  return word;
}

// Only the latest passed event is spelt out, beside its curve.
/** @param {Curves} curves @param {number} f */
export function drawBirth(curves, f) {
  const { run } = curves.view;
  curves.birth = [];
  if (curves.view.window) return;
  const passed = run.events.filter(([mode, at]) => at <= f && mode <= run.modes);
  for (const event of passed.slice(-2).reverse()) if (spell(curves, event, f)) return; // no room yet: the one before stays
}

/** @param {Curves} curves @param {Birth} birth @param {number} f */
function spell(curves, [mode, at, t], f) {
  const { ctx, view } = curves, { run, tokens } = view;
  const [, ...free] = (run.chart.births[curves.key] || []).find(([each]) => each === mode) || [0];
  const first = `${run.word} ${mode} born`, second = `t = ${printed(t)}`;
  const width = Math.max(measure(ctx, tokens, first, 12, 600), measure(ctx, tokens, second));
  const x = curves.x(at), y = curves.y(modeAt(run, mode - 1, at)), now = curves.x(f);
  for (const [side, dy] of free) {
    const left = side < 0 ? x - 10 - width : x + 10;
    if (left - 3 < now + 11 && left + width + 3 > now - 11) continue; // the cursor and its discs
    const edge = side < 0 ? left + width : left, align = side < 0 ? "right" : "left";
    write(ctx, tokens, first, edge, y + dy - 15, { weight: 600, colour: tokens.text(mode), align });
    write(ctx, tokens, second, edge, y + dy + 1, { colour: tokens.ink2, align });
    curves.birth = [[left, left + width, y + dy - 15], [left, left + width, y + dy + 1]];
    return true;
  }
  return false;
}
