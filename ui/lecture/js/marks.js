// @ts-check
// Answers about a moment, on their axis.

/** @import { Answer, Tally } from "./types.d.ts" */

import { element, spaced } from "./dom.js";

const HIGHEST = 80; // per cent of the height: the longest bar, below the mark of the right answer

/**
 * The answers on their axis, as bars, and a mark where the right one is given.
 * @param {HTMLElement} marks
 * @param {[number, number]} range
 * @param {number | null | undefined} mode
 * @param {Tally | undefined} tally
 * @param {Answer | null | undefined} right
 */
export function drawMarks(marks, [low, high], mode, tally, right) {
  /** @param {number} value */
  const place = (value) => `${(100 * (value - low)) / (high - low)}%`;
  const most = tally ? Math.max(1, ...tally.values.map(([, count]) => count)) : 1;
  marks.dataset.tally = String(Boolean(tally));
  marks.style.setProperty("--mode", `var(--line${Math.min(mode || 1, 6)})`);
  marks.replaceChildren(
    element("span", spaced(low)),
    element("span", spaced(high)),
    ...(tally ? tally.values : []).map(([value, count]) => {
      const bar = element("i");
      bar.style.left = place(value);
      bar.style.height = `${(HIGHEST * count) / most}%`;
      return bar;
    }),
  );
  if (typeof right === "number") {
    const mark = element("b", "▽", { title: `t = ${spaced(right)}` });
    mark.style.left = place(right);
    marks.append(mark);
  }
}
