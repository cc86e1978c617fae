// @ts-check
// The answers of the room, as bars, for the projector and the desk.

/** @import { Answer, Asked, QuestionState, Tally } from "./types.d.ts" */

import { element, spaced } from "./dom.js";
import { drawMarks } from "./marks.js";
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
  const marks = element("div", "", { className: "marks" });
  drawMarks(marks, range, mode, tally, right);
  place.replaceChildren(marks);
}

/** Middle and half of the answers, as [words, number] rows. @param {Tally | undefined} tally @returns {[string, string][]} */
export function tallyRows(tally) {
  if (!tally || typeof tally.middle !== "number") return [];
  return [["Middle", spaced(tally.middle)], ["Half lie in", `${spaced(tally.half[0])} to ${spaced(tally.half[1])}`]];
}
