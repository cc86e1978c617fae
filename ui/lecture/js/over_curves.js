// @ts-check
// What a room answered, laid over the curves of the player: moments as lines with a dot for every answer,
// sketches as faint lines.

/** @import { Answer, QuestionMessage, Tally, Player } from "./types.d.ts" */

import { spaced } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const DOT = 3; // radius in pixels
const GAP = 6; // pixels between a line and its words
const LABELS = 60; // pixels that the names of the curves take at the right, once they are there

/** @typedef {{ question: QuestionMessage | null, tally?: Tally, mine?: Answer | null }} Shown */

export class OverCurves {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.classList.add("over-curves");
    this.svg.setAttribute("aria-hidden", "true");
    this.player.curves.root.append(this.svg);
    /** @type {Shown} */
    this.shown = { question: null };
    this.key = "";
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.key = "";
    this.draw();
  }

  /** Over flow time only; a sketch over plain heights only; and not over a run that is not there. */
  get possible() {
    const { axis, run, curves } = this.player;
    const there = run && run.frames && axis && axis.name === "time" && !axis.empty && curves.scale;
    return Boolean(there && !(curves.view.log && this.shown.question && this.shown.question.top));
  }

  /** Of a flow time, in pixels. @param {number} t */
  x(t) {
    const { axis, curves } = this.player, value = axis.log ? Math.log10(Math.max(t, 1e-30)) : t;
    const place = (value - axis.low) / (axis.high - axis.low); // a logarithm has no 0
    return curves.x0 + Math.min(1, Math.max(0, place)) * (curves.x1 - curves.x0);
  }

  /** The flow time and the value at a place, in pixels. @param {number} px @param {number} py @returns {[number, number]} */
  at(px, py) {
    const { axis, curves } = this.player;
    const place = axis.low + ((px - curves.x0) / (curves.x1 - curves.x0)) * (axis.high - axis.low);
    const value = curves.bottom + ((curves.y0 - py) / (curves.y0 - curves.y1)) * (curves.top - curves.bottom);
    return [axis.log ? 10 ** place : place, value];
  }

  /** Called with every frame; draws only where something is new. */
  draw() {
    const { curves, axis } = this.player, { question } = this.shown;
    const shows = Boolean(question && question.range && this.possible);
    const key = shows ? [curves.width, curves.height, curves.x0, axis.low, axis.high, curves.top, curves.y0].join() : "nothing";
    if (key === this.key) return;
    this.key = key;
    this.svg.replaceChildren();
    if (!shows) return;
    this.svg.setAttribute("viewBox", `0 0 ${curves.width} ${curves.height}`);
    const colour = Math.min(question.mode || 1, 6);
    this.svg.style.setProperty("--mode", `var(--line${colour})`);
    this.svg.style.setProperty("--words", `var(--text${colour})`);
    if (question.top) this.sketches();
    else this.moments();
  }

  moments() {
    const { question, tally, mine } = this.shown, { player } = this;
    const { y, y0, y1 } = player.curves, foot = y(0), own = (player.run.true_values || [])[(question.mode || 0) - 1];
    const head = own ? y(own) : y0 + 0.8 * (y1 - y0);
    const most = Math.max(1, ...((tally && tally.values) || []).map(([, count]) => count));
    const apart = Math.min(2 * DOT + 1, (foot - head) / most);
    for (const [value, count] of (tally && tally.values) || []) {
      this.line("answer", this.x(value), foot, head);
      for (let dot = 0; dot < count; dot++) {
        this.add("circle", "dot", { cx: this.x(value), cy: foot - (dot + 0.5) * apart, r: DOT });
      }
    }
    if (typeof mine === "number") this.named("mine", mine, foot, head, ["your line"]);
    if (tally && tally.middle !== undefined && question.state !== "open") {
      const middle = /** @type {number} */ (tally.middle);
      this.named("middle", middle, foot, head - 18, [`the room says ${spaced(middle)}`, `room ${spaced(middle)}`]);
      const x = this.x(middle);
      this.add("path", "middle", { d: `M${x - 6} ${foot + 2}h12l-6 10z` });
    }
  }

  sketches() {
    const { question, tally, mine } = this.shown;
    for (const sketch of (tally && tally.sketches) || []) this.curve("sketch", sketch);
    if (tally && Array.isArray(tally.middle)) this.curve("middle", tally.middle);
    if (Array.isArray(mine)) this.curve("mine", mine);
    const [low, high] = question.range;
    if (question.state === "open") {
      const { curves } = this.player, top = Math.max(curves.y1, curves.y(question.top));
      this.add("rect", "field", { x: this.x(low), y: top, width: this.x(high) - this.x(low), height: curves.y(0) - top });
    }
  }

  /** @param {string} kind @param {number[]} heights per cent of the top of the question */
  curve(kind, heights) {
    const { question } = this.shown, [low, high] = question.range, last = heights.length - 1;
    const points = heights.map((height, point) =>
      `${this.x(low + ((high - low) * point) / last).toFixed(1)},${
        this.player.curves.y((question.top * height) / 100).toFixed(1)
      }`
    );
    this.add("polyline", kind, { points: points.join(" ") });
  }

  /**
   * A line and its words on its right, the first of `texts` that fits there; the shortest on its left where none does.
   * @param {string} kind
   * @param {number} t
   * @param {number} foot
   * @param {number} head
   * @param {string[]} texts
   */
  named(kind, t, foot, head, texts) {
    const x = this.x(t), y = Math.max(head + 4, 14);
    const end = this.player.curves.x1 - (this.shown.question.state === "played" ? LABELS : 0);
    this.line(kind, x, foot, head);
    const words = /** @type {SVGTextElement} */ (this.add("text", kind, { x: x + GAP, y }));
    for (const text of texts) {
      words.textContent = text;
      if (x + GAP + words.getComputedTextLength() <= end) return;
    }
    words.setAttribute("x", String(x - GAP));
    words.setAttribute("text-anchor", "end");
  }

  /** @param {string} kind @param {number} x @param {number} foot @param {number} head */
  line(kind, x, foot, head) {
    this.add("line", kind, { x1: x, x2: x, y1: foot, y2: head });
  }

  /** @param {string} name @param {string} kind @param {Record<string, string | number>} attributes */
  add(name, kind, attributes) {
    const made = document.createElementNS(SVG, name);
    made.setAttribute("class", kind);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    this.svg.append(made);
    return made;
  }
}
