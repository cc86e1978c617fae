// @ts-check
// One column: the curves, the matrix and the spectrum of one run, on the scales that all columns share.

/** @import { Axis, ComparedView, Run, RunHead, SharedScale } from "../../js/types.d.ts" */
/** @import { Panel } from "../../js/panel.js" */

import { OVERLAID } from "../../js/constants.js";
import { TINY } from "../../js/data.js";
import { Matrix } from "../../js/matrix.js";
import { sizeOf } from "../../js/paint.js";
import { Spectrum } from "../../js/spectrum.js";
import { writeText } from "../../js/text.js";
import { Track } from "../../js/track.js";
import { lowerFirst } from "./at_cursor.js";
import { marksFor } from "./common_axis.js";
import { ComparedCurves, GUTTERS } from "./compared_curves.js";
import { strokeSample } from "./overlay.js";

const PLOT =
  `<div class="dmf-plot"><div class="dmf-still" aria-hidden="true"></div><div class="dmf-plotly" aria-hidden="true"></div>
  <canvas role="img"></canvas><div class="dmf-words" aria-hidden="true"></div></div>`;
const COLUMN = `
  <div class="dmf-chead"><h2></h2><span class="dmf-sample"></span><span class="dmf-cnote"></span>
    <button type="button" class="dmf-open"></button></div>
  <div class="dmf-ccurves">${PLOT}<p class="dmf-centre" hidden></p></div>
  <div class="dmf-clower"><div class="dmf-cmatrix"><canvas role="img"></canvas></div>
    <div class="dmf-cspectrum"><canvas role="img"></canvas><p></p></div></div>`;

// As wide as the curves above it, with room for the handle at the very end.
export class ComparedTrack extends Track {
  /** @param {ComparedView} view */
  layout(view) {
    if (!super.layout(view)) return false;
    this.x0 = GUTTERS[view.phone ? 1 : 0];
    this.x1 -= 4;
    this.marks = this.marksOf(view.axis);
    return true;
  }

  /** @param {Axis} axis */
  marksOf(axis) {
    return marksFor(axis, this.x1 - this.x0);
  }
}

// Bars on a scale of their own, the same in all columns; as many as fit.
class ComparedSpectrum extends Spectrum {
  /** @param {ComparedView} view @param {SharedScale} scale @param {any} bars */
  layoutOn(view, scale, bars) {
    const y0 = sizeOf(this.canvas)[1] - 18, y1 = 4;
    const y = view.log
      ? (/** @type {number} */ v) =>
        y0 - ((y0 - y1) * Math.max(0, Math.log10(Math.max(v, TINY)) - scale.low)) / (scale.high - scale.low)
      : (/** @type {number} */ v) => y0 - ((y0 - y1) * v) / scale.top;
    if (!this.layout({ ...view, phone: true }, { y0, y })) return false;
    const across = this.width - 6; // the last number is wider than its bar
    this.bars = Math.min(bars, Math.floor(across / 11));
    this.pitch = Math.min(16, across / Math.max(this.bars, 1));
    this.bar = Math.max(3, Math.round(this.pitch * 0.6));
    return true;
  }
}

class ComparedMatrix extends Matrix {
  // The colours mean the same in all columns, whatever the limit each run was recorded with.
  colours() {
    const table = super.colours(), { run, shown, limits } = /** @type {ComparedView} */ (this.view);
    if (!run.picture || !limits || (run.picture.grey && shown !== "residual")) return table; // greys are the data's own
    const share = shown === "residual" ? run.picture.residual_limit / limits.residual : run.picture.limit / limits.value;
    if (share > 0.9999) return table;
    const scaled = new Uint8Array(table.length);
    for (let i = -255; i <= 255; i++) {
      scaled.set(table.subarray((Math.round(i * share) + 255) * 3, (Math.round(i * share) + 256) * 3), (i + 255) * 3);
    }
    return scaled;
  }

  // Here a cell is often less than two pixels wide; without smoothing some columns would be twice as wide as others.
  /** @param {number} f */
  draw(f) {
    const before = this.drawnKey;
    super.draw(f);
    if (this.drawnKey === before || this.drawnKey === "none" || this.across >= 2 * this.small.canvas.width) return;
    const { ctx } = this;
    ctx.clearRect(0, 0, this.width, this.height);
    if (this.view.shown !== "W") this.hatch();
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(this.small.canvas, 0, 0, this.across, this.height);
  }
}

export class Column {
  constructor() {
    this.element = document.createElement("article");
    this.element.className = "dmf-column";
    this.note = "";
    this.fitted = ""; // what the note was fitted to
    this.element.innerHTML = COLUMN;
    /** @param {string} name */
    const canvas = (name) => /** @type {HTMLCanvasElement} */ (this.element.querySelector(`.dmf-${name} canvas`));
    this.curves = new ComparedCurves(this.element.querySelector(".dmf-ccurves .dmf-plot"));
    this.matrix = new ComparedMatrix(canvas("cmatrix"));
    this.spectrum = new ComparedSpectrum(canvas("cspectrum"));
    this.panels = [this.curves, this.matrix, this.spectrum];
  }

  // What Python says about this run: name, status, whether it can be opened.
  // `overlaid`: the number of the run where all curves are in one picture, else null.
  /** @param {RunHead} head @param {string} note @param {Run} run @param {number | null} overlaid */
  tell(head, note, run, overlaid) {
    /** @type {(selector: string) => any} */
    const $ = (selector) => this.element.querySelector(selector);
    $("h2").textContent = overlaid === null ? head.name : `${OVERLAID.letters[overlaid]}  ${head.name}`;
    $("h2").title = head.name; // a long one is cut
    $(".dmf-sample").innerHTML = overlaid === null ? "" : strokeSample(overlaid);
    this.note = head.status || note;
    this.element.dataset.status = head.status ? "1" : "";
    const open = $(".dmf-open");
    open.textContent = "Open";
    open.setAttribute("aria-label", `Open ${head.name} in Explore`);
    open.dataset.open = head.run;
    $(".dmf-centre").hidden = !head.centre;
    $(".dmf-centre").innerHTML = "<span></span>";
    $(".dmf-centre").firstChild.textContent = head.centre || "";
    /** @param {Panel} panel @param {string} text */
    const about = (panel, text) => panel.canvas.setAttribute("aria-label", text);
    about(this.curves, `${head.name}: ${run ? run.head : "Singular values of W"}. ${head.alt || ""}`);
    about(this.matrix, `${head.name}: the matrix at the moment shown.`);
    about(
      this.spectrum,
      `${head.name}: ${run ? lowerFirst(run.head) : "the singular values"} at the moment shown, beside those of the truth.`,
    );
  }

  // What is beside the name: in full, else what follows the comma, else nothing; a status is cut where it must be.
  fitNote() {
    const place = this.element.querySelector(".dmf-cnote"), { status } = this.element.dataset;
    const now = [this.note, status, this.element.querySelector("h2").textContent, this.element.clientWidth].join("|");
    if (now === this.fitted) return;
    this.fitted = now;
    for (const text of [this.note, this.note.split(", ").pop(), ""]) {
      place.textContent = text;
      if (status || place.scrollWidth <= place.clientWidth) return;
    }
  }

  /** @param {ComparedView} view @param {any} bars @param {(bars: number, run: Run) => string} caption */
  layout(view, bars, caption) {
    this.overlaid = view.overlaid;
    if (!this.overlaid && !this.curves.layout(view)) return false;
    this.matrix.layout(view);
    this.spectrum.layoutOn(view, view.scale, bars);
    writeText(this.element.querySelector(".dmf-cspectrum p"), caption(this.spectrum.bars, view.run));
    return true;
  }

  /** @param {number} f @param {number} u @param {number} lit */
  draw(f, u, lit) {
    this.f = f;
    if (!this.overlaid) this.curves.drawAt(f, u, lit);
    this.matrix.draw(f);
    this.spectrum.draw(f);
  }
}
