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

const GAP = 1; // pixels between two cells
const SMALL = 9; // pixels of a cell that is not measured yet, at most ..
const SMALL_SHARE = 0.5; // .. and of the side of the cell

// Cells, the colours from low to high, width and height of a cell in pixels -> an SVG as address of an image.
/**
 * @param {Cells} cells
 * @param {string[]} colours
 * @param {Record<string, string>} tokens
 * @param {number} wide
 * @param {number} tall
 */
export function paintedCells(cells, colours, tokens, wide, tall) {
  const { rows, columns, shares, state, marks } = cells, parts = [], small = Math.min(SMALL, SMALL_SHARE * Math.min(wide, tall));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) * wide, y = (rows - row - 0.5) * tall, share = shares[row][column]; // of its middle
      const fill = colours[Math.min(colours.length - 1, Math.floor((share / 256) * colours.length))];
      if (state[row][column] === 2) parts.push(box(x, y, wide - GAP, tall - GAP, fill));
      else if (state[row][column] === 0 && share >= 0) parts.push(box(x, y, small, small, fill));
      else if (state[row][column] === 3) parts.push(stroke(x, y, 0.23 * Math.min(wide, tall), tokens.rule));
      if (marks[row][column]) parts.push(mark(x, y, marks[row][column], tokens, state[row][column] === 2));
    }
  }
  const [width, height] = [columns * wide, rows * tall],
    size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} preserveAspectRatio="none">${parts.join("")}</svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

/** @param {number} x @param {number} y @param {number} wide @param {number} tall @param {string} fill */
function box(x, y, wide, tall, fill) {
  return `<rect x="${x - wide / 2}" y="${y - tall / 2}" width="${wide}" height="${tall}" fill="${fill}"/>`;
}

/** @param {number} x @param {number} y @param {number} half @param {string} colour */
function stroke(x, y, half, colour) {
  return `<path d="M${x - half} ${y + half}L${x + half} ${y - half}" stroke="${colour}" stroke-width="2"/>`;
}

// A triangle where some of the runs failed, a cross where all did.
/** @param {number} x @param {number} y @param {number} kind @param {Record<string, string>} tokens @param {boolean} filled */
function mark(x, y, kind, tokens, filled) {
  const colour = kind === 2 ? tokens.err : tokens.ink;
  const paths = kind === 2 ? `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` : `M${x} ${y - 6}l6 11h-12z`;
  const edge = filled ? `<path d="${paths}" stroke="${tokens.bg}" stroke-width="5" fill="${tokens.bg}"/>` : "";
  return `${edge}<path d="${paths}" stroke="${colour}" stroke-width="1.8" fill="none"/>`;
}
