// @ts-check
// The cells of a map as one picture, which Plotly stretches between its axes.

/**
 * @typedef {object} Cells what stands in a map, row after row
 * @property {number} rows
 * @property {number} columns
 * @property {number[][]} shares of the colours, from 0 to 255; -1 where nothing is known
 * @property {number[][]} state
 * @property {number[][]} marks 1: some runs failed, 2: all
 */

const UNIT = 30; // of the picture, for each cell
const GAP = 1.4; // between two cells, in these units
const SMALL = 0.36; // of a cell: not measured yet

// { rows, columns, shares, state, marks } and the colours from low to high -> an SVG as address of an image.
/** @param {Cells} cells @param {string[]} colours @param {Record<string, string>} tokens */
export function paintedCells(cells, colours, tokens) {
  const { rows, columns, shares, state, marks } = cells, parts = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column * UNIT, y = (rows - 1 - row) * UNIT, share = shares[row][column];
      const fill = colours[Math.min(colours.length - 1, Math.floor((share / 256) * colours.length))];
      if (state[row][column] === 2) parts.push(box(x, y, UNIT - GAP, fill));
      else if (state[row][column] === 0 && share >= 0) parts.push(box(x, y, UNIT * SMALL, fill));
      else if (state[row][column] === 3) parts.push(cross(x, y, tokens.rule));
      if (marks[row][column]) parts.push(mark(x, y, marks[row][column], tokens, state[row][column] === 2));
    }
  }
  const size = `viewBox="0 0 ${columns * UNIT} ${rows * UNIT}" width="${columns * UNIT}" height="${rows * UNIT}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} preserveAspectRatio="none">${parts.join("")}</svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

/** @param {number} x @param {number} y @param {number} side @param {string} fill */
function box(x, y, side, fill) {
  const from = (UNIT - side) / 2;
  return `<rect x="${x + from}" y="${y + from}" width="${side}" height="${side}" fill="${fill}"/>`;
}

/** @param {number} x @param {number} y @param {string} colour */
function cross(x, y, colour) {
  return `<path d="M${x + 8} ${y + UNIT - 8}L${x + UNIT - 8} ${y + 8}" stroke="${colour}" stroke-width="2"/>`;
}

// A triangle where some of the runs failed, a cross where all did.
/** @param {number} x @param {number} y @param {number} kind @param {Record<string, string>} tokens @param {boolean} filled */
function mark(x, y, kind, tokens, filled) {
  const middle = x + UNIT / 2, colour = kind === 2 ? tokens.err : tokens.ink;
  const paths = kind === 2 ? `M${middle - 5} ${y + 10}l10 10m0 -10l-10 10` : `M${middle} ${y + 9}l6 11h-12z`;
  const edge = filled ? `<path d="${paths}" stroke="${tokens.bg}" stroke-width="5" fill="${tokens.bg}"/>` : "";
  return `${edge}<path d="${paths}" stroke="${colour}" stroke-width="1.8" fill="none"/>`;
}
