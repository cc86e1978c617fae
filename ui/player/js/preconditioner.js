// @ts-check
// What depth does: the preconditioner K between the first singular directions, from the singular values at the cursor.

/** @import { Run } from "./types.d.ts" */
/** @import { Matrix } from "./matrix.js" */
/** @import { Player } from "./player.js" */

import { axisSays } from "./axes.js";
import { modeAt } from "./data.js";
import { printed, THIN } from "./numbers.js";
import { write } from "./paint.js";

const K_MODES = 6; // as ui/figures/theory/depth.py
const K_EDGE = 18; // pixels for the numbers of the modes

// K_rr' = sum over j of sigma_r^(2(j-1)/N) sigma_r'^(2(N-j)/N), relative to its largest entry. Source: dmf_core.theory.equation.
/** @param {number} depth @param {number[]} sigma */
export function preconditioner(depth, sigma) {
  const K = sigma.map((a) =>
    sigma.map((b) => {
      let sum = 0;
      for (let j = 0; j < depth; j++) sum += a ** ((2 * j) / depth) * b ** ((2 * (depth - 1 - j)) / depth);
      return sum;
    })
  );
  const most = Math.max(...K.flat());
  return K.map((row) => row.map((v) => (most > 0 ? v / most : 0)));
}

/** @param {Run} run @param {number} f */
function depthAt(run, f) {
  const modes = Math.min(K_MODES, Math.max(run.learned, 2), run.modes);
  return preconditioner(run.depth, Array.from({ length: modes }, (_, k) => Math.max(modeAt(run, k, f), 0)));
}

// A colour between two neighbours of a scale of hexadecimal ones, as [r, g, b].
/** @param {string[]} shades @param {number} share */
function shade(shades, share) {
  const at = Math.max(0, Math.min(1, share)) * (shades.length - 1), i = Math.min(Math.floor(at), shades.length - 2);
  /** @param {string} hex @param {number} c */
  const part = (hex, c) => parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16);
  return [0, 1, 2].map((c) => Math.round(part(shades[i], c) + (part(shades[i + 1], c) - part(shades[i], c)) * (at - i)));
}

// Black or white, whichever is easier to read on a colour: at least 4.58 to 1. Source: relative luminance of WCAG 2.
/** @param {number[]} rgb */
export function readable(rgb) {
  const [r, g, b] = rgb.map((v) => (v <= 10 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#FFFFFF";
}

/** @param {number} share */
const inPercent = (share) => (share < 0.0001 ? "<0.01" : printed(100 * share, 2));

// Draws K in place of the matrix.
/** @param {Matrix} matrix @param {number} f */
export function drawPreconditioner(matrix, f) {
  const { ctx, view } = matrix, { run, tokens } = view;
  const key = `K ${f}`;
  if (key === matrix.drawnKey) return;
  matrix.drawnKey = key;
  const K = (matrix.K = depthAt(run, f)), cell = (matrix.width - K_EDGE) / K.length;
  ctx.clearRect(0, 0, matrix.width, matrix.height);
  K.forEach((row, r) => {
    const middle = K_EDGE + (r + 0.5) * cell;
    for (const [x, y] of [[K_EDGE / 2 - 2, middle], [middle, K_EDGE / 2]]) {
      write(ctx, tokens, String(r + 1), x, y, { weight: 600, align: "center", colour: tokens.text(r + 1) });
    }
    row.forEach((share, c) => {
      const rgb = shade(run.over.shades, share);
      ctx.fillStyle = `rgb(${rgb})`;
      ctx.fillRect(K_EDGE + c * cell, K_EDGE + r * cell, cell - 1, cell - 1);
      write(ctx, tokens, inPercent(share), K_EDGE + (c + 0.5) * cell, middle, { align: "center", colour: readable(rgb) });
    });
  });
}

// The scale below the picture, and what it means.
/** @param {Player} player */
export function depthColours(player) {
  const { run, shown } = player, bar = player.$(".dmf-colours i");
  bar.style.background = shown === "K" ? `linear-gradient(90deg, ${run.over.shades.join(", ")})` : "";
  if (shown !== "K") return;
  const ends = player.root.querySelectorAll(".dmf-colours span");
  [ends[0].textContent, ends[1].textContent] = ["0", `100${THIN}%`];
  player.$(".dmf-caption span").textContent = run.over.caption;
}

// For whoever cannot see it: the diagonal, which is Theorem 3.
/** @param {Player} player */
export function depthWords({ run, axis, clock }) {
  const shares = depthAt(run, clock.f).map((row, r) => `mode ${r + 1} ${inPercent(row[r])}`);
  return `The preconditioner K at ${axisSays(axis, clock.f)}, on its diagonal, in percent of the largest: ${
    shares.join(", ")
  }. ${run.over.caption}`;
}
