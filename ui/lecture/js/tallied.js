// @ts-check
// The answers of the room, as bars, for the projector and the desk.

/** @import { Answer, Asked, QuestionState, Tally } from "./types.d.ts" */

import { element, spaced } from "./dom.js";
import { fill } from "./rich.js";

const PHASES = {
  open: "Answer on your phone.",
  locked: "The answers are locked.",
  revealed: "This is what the room says. Now watch the run.",
  played: "",
};

/** @param {QuestionState} state */
export const phaseWords = (state) => PHASES[state];

/**
 * Bars of `tally` in `place`, or only the choices; `right` is marked where it is given.
 * @param {HTMLElement} place
 * @param {Asked} question
 * @param {Tally | undefined} tally
 * @param {Answer | null | undefined} right
 */
export function drawTally(place, { choices, range, top, mode }, tally, right) {
  place.dataset.kind = top ? "curve" : range ? "moment" : "choices";
  if (top) return place.replaceChildren(); // they lie over the curves
  if (!range) {
    const most = tally ? Math.max(1, ...tally.counts) : 1;
    place.replaceChildren(...choices.map((text, number) => {
      const row = element("div", "", { className: "choice" });
      const words = element("span");
      fill(words, text);
      row.append(words, element("i", tally ? String(tally.counts[number]) : ""));
      row.style.setProperty("--share", tally ? String(tally.counts[number] / most) : "0");
      row.dataset.right = String(right === number);
      return row;
    }));
    return;
  }
  const [low, high] = range;
  /** @param {number} value */
  const place100 = (value) => `${(100 * (value - low)) / (high - low)}%`;
  const most = tally ? Math.max(1, ...tally.values.map(([, count]) => count)) : 1;
  const marks = element("div", "", { className: "marks" });
  marks.dataset.tally = String(Boolean(tally));
  marks.style.setProperty("--mode", `var(--line${Math.min(mode || 1, 6)})`);
  marks.append(
    element("span", spaced(low)),
    element("span", spaced(high)),
    ...(tally ? tally.values : []).map(([value, count]) => {
      const bar = element("i");
      bar.style.left = place100(value);
      bar.style.height = `${(100 * count) / most}%`;
      return bar;
    }),
  );
  if (typeof right === "number") {
    const mark = element("b", "▽", { title: `t = ${spaced(right)}` });
    mark.style.left = place100(right);
    marks.append(mark);
  }
  place.replaceChildren(marks);
}

/** Middle and half of the answers, as [words, number] rows. @param {Tally | undefined} tally @returns {[string, string][]} */
export function tallyRows(tally) {
  if (!tally || typeof tally.middle !== "number") return [];
  return [["Middle", spaced(tally.middle)], ["Half lie in", `${spaced(tally.half[0])} to ${spaced(tally.half[1])}`]];
}
