// @ts-check
// (d) Two strips under the curves. Each shows what its name, a menu, says: errors, effective ranks, norms, one entry.

/** @import { Birth, Box, Choice, Figure, Json, Run, View } from "./types.d.ts" */

import { Chart, quantityOf } from "./chart.js";
import { between } from "./data.js";
import { straight } from "./paint.js";
import { Strip } from "./strip.js";

/** @type {Choice[]} before there is a run */
const USUAL_STRIPS = [["error", "mean squared error"], ["entropy_rank", "effective rank (entropy)"]];
const PLACES = [[12, 88, 108, 163], [11, 99, 119, 179]]; // top and bottom of both, on the page and on a phone

// What the menus of the strips offer.
/** @param {Run} run @returns {Choice[]} */
export function stripChoices({ scene }) {
  return scene ? Object.entries(scene.strips).map(([kind, { name }]) => [kind, name]) : USUAL_STRIPS;
}

export class Strips extends Chart {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.picked = ["", ""];
    /** @type {Strip[]} */
    this.strips = [];
    this.places = PLACES[0];
  }

  // What somebody chose, else what the theory says, else what this run is about.
  /** @param {Run} run @param {boolean} theory */
  chosen(run, theory) {
    if (!run || !run.scene) return USUAL_STRIPS.map(([kind]) => String(kind));
    const usual = run.scene.usual[theory ? 1 : 0];
    return usual.map((kind, slot) => (run.scene.strips[this.picked[slot]] ? this.picked[slot] : kind));
  }

  /** @param {View} view */
  layout(view) {
    this.strips = [];
    this.view = null;
    if (!this.measureUp(view, 44)) return false; // the projector has numbers instead
    this.setAcross();
    const { run, theory, phone } = view, [top, usual, lower, bottom] = PLACES[phone ? 1 : 0];
    const room = this.roomOf(), middle = Math.min(usual, room); // a low picture shows the upper strip alone, and that whole
    this.places = [top, middle, lower, bottom];
    if (run.scene) {
      const kinds = this.chosen(run, theory);
      /** @type {[string, number, number, number, number][]} */
      const places = [[kinds[0], 0, top, middle, this.nameTop(0, 0)], [kinds[1], 1, lower, bottom, phone ? 106 : 94]];
      const shown = places.filter(([kind]) => run.scene.strips[kind]); // a tiny run has one
      this.strips = shown.map((place) => new Strip(this, ...place, room));
    }
    this.show(() => this.draft(), run.scene ? this.stillOf() : "", this.strips.map((strip) => strip.about));
    return true;
  }

  // How far down something can be seen of the strips.
  roomOf() {
    return this.root.parentElement?.clientHeight || Infinity;
  }

  // Where the name of a strip stands in the picture: a chapter of the course puts it below the lines.
  /** @param {number} slot @param {number} usual */
  nameTop(slot, usual) {
    const name = /** @type {HTMLElement | undefined} */ (this.root.parentElement?.querySelectorAll(".dmf-strip")[slot]);
    return name?.offsetParent ? name.offsetTop - this.root.offsetTop + 5 : usual;
  }

  // That of the view that a link asked for, else of flow time and of the usual strips.
  stillOf() {
    const { run, axis, theory, window: part } = this.view, requested = this.askedStill(), chosen = this.chosen(run, theory);
    const shows = (/** @type {string[]} */ kinds) => chosen.every((kind, i) => kind === kinds[i]);
    if (requested && shows(requested.kinds)) return this.stillFrom(requested.strips);
    const { stills, usual } = run.scene; // a phone has no stills
    return axis.key !== "time" || part || !stills || !shows(usual[0]) ? null : this.stillFrom(stills);
  }

  /** @param {string[]} stills */
  stillFrom([first, second]) {
    const [top, middle, lower, bottom] = this.places,
      at = (/** @type {number} */ a, /** @type {number} */ b) => `style="top:${a}px;height:${b - a}px"`;
    return `<div ${at(top, middle)}>${first}</div><div ${at(lower, bottom)}>${second || ""}</div>`;
  }

  /** @returns {null} */
  heightsOf() {
    return null;
  }

  /** @returns {Figure} */
  draft() {
    const { run } = this.view, [top, middle, lower, bottom] = this.places, span = bottom - top;
    /** @param {number} slot @param {number[]} domain */
    const vertical = (slot, domain) => ({
      ...(this.strips[slot] ? this.strips[slot].about.axis[slot] : {}),
      domain,
      fixedrange: true,
    });
    const margin = { l: this.x0, r: this.width - this.x1, t: top, b: this.height - bottom, pad: 0 };
    const yaxis = vertical(0, [1 - (middle - top) / span, 1]), yaxis2 = vertical(1, [0, (bottom - lower) / span]);
    const layout = {
      ...run.scene.layout,
      margin,
      xaxis: { ...this.acrossOf(), anchor: "y2", showticklabels: false, ticks: "" },
      yaxis,
      yaxis2,
      shapes: this.shapes(),
    };
    return { data: this.strips.flatMap((strip) => strip.traces()), layout };
  }

  shapes() {
    const { run, axis } = this.view;
    /** @param {Birth} birth */
    const upright = ([, f]) => quantityOf(axis, between(axis.column, f));
    return run.events.map((event) => ({
      type: "line",
      layer: "below",
      line: { color: "rule", width: 1 },
      yref: "paper",
      y0: 0,
      y1: 1,
      x0: upright(event),
      x1: upright(event),
    }));
  }

  /** @param {Json} point */
  frameOf({ pointNumber }) {
    return pointNumber;
  }

  modeOf() {
    return 0;
  }

  /** @param {number} f */
  draw(f) {
    if (!this.view) return;
    const { ctx } = this, { run, lit, hidden, tokens } = this.view, bottom = this.places[3];
    ctx.clearRect(0, 0, this.width, this.height);
    const x = this.x(f), from = Math.max(x, this.x0);
    if (run.frames && from < this.x1) {
      ctx.globalAlpha = hidden ? 1 : 1 - tokens.future - 0.06;
      ctx.fillStyle = tokens.bg;
      ctx.fillRect(from, this.places[0] - 3, this.x1 - from + 2, bottom - this.places[0] + 6);
      ctx.globalAlpha = 1;
    }
    const line = Math.round((this.places[1] + this.places[2]) / 2 - 8) + 0.5;
    straight(ctx, this.x0, line, this.x1, line, tokens.rule);
    for (const strip of this.strips) strip.truths(ctx);
    if (!run.frames || !this.inside(x)) return;
    const birth = run.events.find(([mode]) => mode === lit);
    if (birth && (!hidden || birth[1] <= f)) {
      straight(ctx, this.x(birth[1]), 0, this.x(birth[1]), this.height, tokens.line(lit), 2);
    }
    this.cursor(x, 0);
    /** @type {Box[]} */
    const taken = [];
    for (const strip of this.strips) strip.draw(f, x, taken);
  }

  /** @param {number} slot @param {string} kind */
  choose(slot, kind) {
    this.picked[slot] = kind;
  }
}
