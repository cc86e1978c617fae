// @ts-check
// (c) The matrix: recorded pictures, coloured through one table; what is not known is hatched.

/** @import { Choice, Picture, Run, View } from "./types.d.ts" */

import { arrangement } from "./arrangement.js";
import { axisSays } from "./axes.js";
import { GAMMA } from "./constants.js";
import { layer, measure, setHeight, sizeOf, write } from "./paint.js";
import { Panel } from "./panel.js";
import { drawPreconditioner } from "./preconditioner.js";

const MATRIX_SAME = 1.5; // frames between a picture and the cursor that no eye tells apart
const MATRIX_LINE = 18, MATRIX_INSET = 4; // pixels of the words in its corner

/** @type {Choice[]} */
export const SHOWN = [["W", "W"], ["residual", "residual"], ["truth", "truth"], ["observed", "observed"]];

// In both themes; values beyond black and white are one of the two.
/** @param {[number, number]} ends @param {number} limit the value of step 255 */
function greys([black, white], limit) {
  const table = new Uint8Array(511 * 3);
  for (let i = -255; i <= 255; i++) {
    const share = ((i / 255) * limit - black) / (white - black);
    table.fill(Math.round(255 * Math.max(0, Math.min(1, share))), (i + 255) * 3, (i + 256) * 3);
  }
  return table;
}

export class Matrix extends Panel {
  drawnKey = ""; // what is on the canvas
  /** @type {number[][]} the preconditioner, where that is shown */
  K = [];

  // Which of the four exist for this run; with the theory over it also what depth does.
  /** @param {Run} run @param {boolean} [theory] @returns {Choice[]} */
  static choices(run, theory = false) {
    const picture = run.picture;
    /** @type {Choice[]} */
    const more = theory && run.over && run.over.depths ? [["K", "K"]] : [];
    if (!picture) return SHOWN;
    /** @type {Choice[]} */
    const named = SHOWN.map(([key, words]) => [key, key === "truth" && !picture.truth_complete ? "given" : words]);
    return named.filter(([key]) => key === "W" || (key === "observed" ? picture.observed && picture.truth : picture.truth))
      .concat(more);
  }

  /** @param {View} view */
  layout(view) {
    const picture = view.run.picture;
    const [width] = sizeOf(this.canvas);
    if (!width) return false;
    const part = picture && view.shown !== "K" && arrangement(picture, view);
    const ratio = part ? part.rows / part.columns : 1;
    setHeight(this.canvas, Math.round(width * Math.min(1, Math.max(ratio, 0.35))));
    if (!this.fit(view)) return false;
    this.across = Math.round(ratio > 1 ? Math.max(this.width / ratio, this.width * 0.35) : this.width);
    if (part) {
      this.cells = part.cells;
      this.small = layer(part.columns, part.rows, 1);
      this.image = this.small.ctx.createImageData(part.columns, part.rows);
    }
    this.table = this.colours();
    this.drawnKey = "";
    return true;
  }

  // The colours of the steps -255 to 255; greys for data that are a picture, but for the residual.
  colours() {
    const { tokens, run, shown } = this.view;
    if (shown !== "residual" && run.picture && run.picture.grey) return greys(run.picture.grey, run.picture.limit);
    /** @param {string} hex */
    const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
    const ends = { "-1": rgb(tokens.negative), 1: rgb(tokens.positive) };
    const zero = rgb(tokens.zero);
    const table = new Uint8Array(511 * 3);
    for (let i = -255; i <= 255; i++) {
      const share = (Math.abs(i) / 255) ** GAMMA, end = ends[i < 0 ? -1 : 1];
      for (let c = 0; c < 3; c++) table[(i + 255) * 3 + c] = Math.round(zero[c] + (end[c] - zero[c]) * share);
    }
    return table;
  }

  // The recorded picture nearest to a frame; while the future is hidden, of those before it.
  /** @param {number} f */
  nearest(f) {
    const { run, hidden } = this.view, { frames } = run.picture;
    let best = 0;
    for (let i = 1; i < frames.length && !(hidden && frames[i] > f); i++) {
      if (Math.abs(frames[i] - f) < Math.abs(frames[best] - f)) best = i;
    }
    return best;
  }

  // When the picture was recorded, where that is another moment than the cursor's: a small file holds few pictures.
  /** @param {number} shot @param {number} f */
  momentOf(shot, f) {
    const frame = this.view.run.picture.frames[shot];
    return Math.abs(frame - f) > MATRIX_SAME ? axisSays(this.view.axis, frame) : "";
  }

  /** @param {string} moment */
  writeMoment(moment) {
    const { ctx, height } = this, { tokens } = this.view;
    ctx.fillStyle = tokens.bg;
    ctx.fillRect(0, height - MATRIX_LINE, measure(ctx, tokens, moment) + 2 * MATRIX_INSET, MATRIX_LINE);
    write(ctx, tokens, moment, MATRIX_INSET, height - MATRIX_LINE / 2, { colour: tokens.ink2 });
  }

  /** @param {number} f */
  draw(f) {
    const picture = this.view.run.picture;
    if (!picture) {
      if (this.drawnKey !== "none") {
        this.ctx.clearRect(0, 0, this.width, this.height);
        this.ctx.strokeStyle = this.view.tokens.rule;
        this.ctx.strokeRect(0.5, 0.5, this.across - 1, this.height - 1);
      }
      this.drawnKey = "none";
      return;
    }
    if (this.view.shown === "K") return drawPreconditioner(this, f);
    const shown = this.view.shown, moving = shown === "W" || shown === "residual";
    const shot = moving ? this.nearest(f) : -1, moment = moving ? this.momentOf(shot, f) : "";
    const key = `${shown} ${shot} ${moment}`;
    if (key === this.drawnKey) return;
    this.drawnKey = key;
    this.fill(picture, shown, shot);
    const { ctx } = this;
    ctx.clearRect(0, 0, this.width, this.height);
    if (shown !== "W") this.hatch();
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.small.canvas, 0, 0, this.across, this.height);
    if (moment) this.writeMoment(moment);
  }

  /** @param {Picture} picture @param {string} shown @param {number} shot */
  fill(picture, shown, shot) {
    const { image, table, cells } = this;
    const W = shot >= 0 ? picture.shots[shot] : null, truth = picture.truth, observed = picture.observed;
    const away = (255 / 127) * (picture.limit / picture.residual_limit);
    for (let i = 0; i < cells.length; i++) {
      const c = cells[i];
      let v = 0, known = true;
      if (shown === "W") v = (W[c] * 255) / 127;
      else if (truth[c] === -128 || (shown === "observed" && !observed[c])) known = false;
      else v = shown === "residual" ? (W[c] - truth[c]) * away : (truth[c] * 255) / 127;
      const at = (Math.max(-255, Math.min(255, Math.round(v))) + 255) * 3;
      image.data[4 * i] = table[at];
      image.data[4 * i + 1] = table[at + 1];
      image.data[4 * i + 2] = table[at + 2];
      image.data[4 * i + 3] = known ? 255 : 0;
    }
    this.small.ctx.putImageData(image, 0, 0);
  }

  hatch() {
    const { ctx } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, this.across, this.height);
    ctx.clip();
    ctx.strokeStyle = this.view.tokens.rule;
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let x = -this.height; x < this.across; x += 4) {
      ctx.moveTo(x, this.height);
      ctx.lineTo(x + this.height, 0);
    }
    ctx.stroke();
    ctx.restore();
  }
}
