// @ts-check
// Which recorded cell stands where: a matrix sorted or as given, a tensor unfolded or cut.

/** @import { Choice, Picture } from "./types.d.ts" */

/** @param {Picture} picture @param {{ part: string, slice: number, given: boolean }} view */
export function arrangement(picture, view) {
  if (picture.sides) return partOf(picture.sides, view.part || "slice", view.slice || 0);
  const { rows, columns } = picture;
  if (!view.given) return { rows, columns, cells: Int32Array.from({ length: rows * columns }, (_, i) => i) };
  const row = new Int32Array(rows), column = new Int32Array(columns);
  picture.row_order.forEach((given, sorted) => (row[given] = sorted));
  picture.column_order.forEach((given, sorted) => (column[given] = sorted));
  return {
    rows,
    columns,
    cells: Int32Array.from({ length: rows * columns }, (_, i) => row[Math.floor(i / columns)] * columns + column[i % columns]),
  };
}

// What a tensor with these sides can be shown as. Cells are recorded with the last index running fastest.
/** @param {number[]} sides @returns {Choice[]} */
export function parts(sides) {
  /** @type {Choice[]} */
  const unfoldings = sides.map((_, n) => [`unfolding-${n + 1}`, `unfolded, axis ${n + 1} down`]);
  return [["slice", "one slice"], ...unfoldings];
}

/** @param {number[]} sides */
export const slices = (sides) => sides.slice(2).reduce((a, b) => a * b, 1);

/** @param {number[]} sides @param {string} part @param {number} slice */
function partOf(sides, part, slice) {
  if (part === "slice") {
    const [rows, columns] = sides, many = slices(sides), at = Math.min(slice, many - 1);
    return { rows, columns, cells: Int32Array.from({ length: rows * columns }, (_, i) => i * many + at) };
  }
  const n = Number(part.split("-")[1]) - 1, rows = sides[n];
  const inner = sides.slice(n + 1).reduce((a, b) => a * b, 1), columns = sides.reduce((a, b) => a * b, 1) / rows;
  /** @param {number} row @param {number} column */
  const place = (row, column) => (Math.floor(column / inner) * rows + row) * inner + (column % inner);
  return {
    rows,
    columns,
    cells: Int32Array.from({ length: rows * columns }, (_, i) => place(Math.floor(i / columns), i % columns)),
  };
}

// The indices of a slice in words: "·, ·, 3" for the third.
/** @param {number[]} sides @param {number} slice */
export function sliceWords(sides, slice) {
  const indices = [];
  for (let n = sides.length - 1, rest = slice; n > 1; n--) {
    indices.unshift((rest % sides[n]) + 1);
    rest = Math.floor(rest / sides[n]);
  }
  return `(·, ·, ${indices.join(", ")})`;
}
