// @ts-check
// The theory over the curves: at the cursor the slope that the theorem gives, dashed, on the slope as it was.

/** @import { Run } from "./types.d.ts" */
/** @import { Curves } from "./curves.js" */

import { modeAt, TINY } from "./data.js";
import { decodeLaw, lawAt, STILL } from "./law.js";
import { straight } from "./paint.js";

const TANGENTS = { was: 34, predicted: 58, phone: 0.6 }; // half of their lengths in pixels, and on a phone so much of it

// The modes that move at a frame, with their numbers; none where no theorem speaks of the curves that are shown.
/** @param {Run} run @param {number} f */
export function movingModes(run, f) {
  const law = decodeLaw(run);
  if (!run.over || run.over.why || !law.modes || !onMain(run)) return [];
  const modes = [];
  for (let mode = 1; mode <= Math.min(law.modes, Math.max(run.learned, 1)); mode++) {
    const now = lawAt(law, mode, f);
    if (isFinite(now.measured) && isFinite(now.pull) && Math.abs(now.measured) > STILL * now.fastest) {
      modes.push({ mode, ...now });
    }
  }
  return modes;
}

// The law is about the first spectrum of a tensor.
/** @param {Run} run */
const onMain = (run) => !run.spectrum || run.spectrum === run.spectra[0].key;

/** @param {Curves} curves @param {number} f @param {number} x */
export function drawTangents(curves, f, x) {
  const { ctx, view } = curves, { run, tokens, phone, axis } = view;
  const i = Math.min(Math.floor(f), run.frames - 2);
  curves.tangents = i < 0 || f < (axis.first || 0) ? [] : movingModes(run, f);
  if (!curves.tangents.length) return;
  const along = (curves.x(i + 1) - curves.x(i)) / (run.t[i + 1] - run.t[i]); // pixels per time
  ctx.save();
  ctx.beginPath();
  ctx.rect(curves.x0, 0, curves.x1 - curves.x0 + 4, curves.y0);
  ctx.clip();
  for (const { mode, measured, predicted } of curves.tangents) {
    const value = modeAt(run, mode - 1, f), down = rise(curves, value), size = phone ? TANGENTS.phone : 1;
    /** @param {number} slope @param {number} half @param {[string, number, number[]?]} stroke */
    const piece = (slope, half, ...stroke) => {
      const long = Math.hypot(along, slope * down) || 1,
        dx = (half * size * along) / long,
        dy = (half * size * slope * down) / long;
      straight(ctx, x - dx, curves.y(value) - dy, x + dx, curves.y(value) + dy, ...stroke);
    };
    piece(measured, TANGENTS.was, tokens.line(mode), 2.2);
    piece(predicted, TANGENTS.predicted, tokens.ink, 1.8, [5, 4]);
  }
  ctx.restore();
}

// Pixels downwards per unit of a singular value, at this one.
/** @param {Curves} curves @param {number} value */
function rise(curves, value) {
  const perUnit = -(curves.y0 - curves.y1) / (curves.top - curves.bottom);
  return curves.view.log ? perUnit / (Math.LN10 * Math.max(value, TINY)) : perUnit;
}
