// @ts-check
// The cell of the matrix under the pointer: the names of its row and column, what W has there, and what is known.

/** @import { Line } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { pointOn } from "./gestures.js";
import { printed } from "./numbers.js";
import { showLines } from "./tip.js";

// The place of a shown row or column in the data, from 0: pictures of long sides show evenly spread ones.
// Rounds half to even, as numpy does.
/** @param {number} shown @param {number} count @param {number} side */
export function placeOf(shown, count, side) {
  if (count === side) return shown;
  const exact = (shown * (side - 1)) / (count - 1), low = Math.floor(exact);
  return exact - low === 0.5 ? low + (low % 2) : Math.round(exact);
}

// "row 3", or with the name that the data of the visitor give it. `place`: where it is in these data.
/** @param {string} noun @param {string[] | null} names @param {number} shown @param {number} place @returns {Line} */
function nameOf(noun, names, shown, place) {
  const number = printed(place + 1, 9), own = names && names[shown];
  return own && own !== number ? [`${noun} ${number}`, own] : [noun, number];
}

// Lines for the cell at a point of the canvas; none outside of it, for a tensor, or before the first picture.
/** @param {Player} player @param {number[]} point @returns {Line[]} */
function cellWords(player, [x, y]) {
  const { matrix, run, clock, data } = player, picture = run && run.picture;
  if (
    !picture || picture.sides || player.shown === "K" || !matrix.cells || x < 0 || y < 0 || x >= matrix.across ||
    y >= matrix.height
  ) return [];
  const { rows, columns } = picture;
  const i = Math.floor((y * rows) / matrix.height), j = Math.floor((x * columns) / matrix.across);
  const cell = matrix.cells[i * columns + j];
  const row = picture.row_order[Math.floor(cell / columns)], column = picture.column_order[cell % columns];
  /** @param {number} v */
  const value = (v) => printed((v * picture.limit) / 127, 2);
  /** @type {Line[]} */
  const lines = [
    nameOf("row", data && data.rows, row, placeOf(row, rows, picture.shape[0])),
    nameOf("column", data && data.columns, column, placeOf(column, columns, picture.shape[1])),
  ];
  lines.push(["W", `about ${value(picture.shots[matrix.nearest(clock.f)][cell])}`]);
  if (picture.truth) {
    const known = picture.truth[cell] !== -128;
    const observed = picture.observed && picture.observed[cell] ? ", observed" : known ? ", not observed" : "";
    lines.push([
      picture.truth_complete ? "truth" : "given",
      known ? `about ${value(picture.truth[cell])}${observed}` : "unknown",
    ]);
  }
  return lines;
}

// Pointing shows them, a tap as well; leaving hides them.
/** @param {Player} player */
export function pointingAtCells(player) {
  const { canvas } = player.matrix;
  /** @param {PointerEvent} event */
  const show = (event) => {
    const home = player.root.getBoundingClientRect();
    showLines(player, () => cellWords(player, pointOn(player.matrix, event)), [
      event.clientX - home.left,
      event.clientY - home.top,
    ]);
  };
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") show(event);
  });
  canvas.addEventListener("pointerup", show);
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") showLines(player, () => [], null);
  });
}
