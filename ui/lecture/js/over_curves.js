// @ts-check
// What a room answered, laid over the curves of the player: moments as lines with a dot for every answer,
// sketches as faint lines.

/** @import { Answer, QuestionMessage, Tally, Player } from "./types.d.ts" */
/** @import { WordBox } from "../../player/js/types.d.ts" */

import { clearOfWords } from "../../player/js/labels.js";
import { svgElement } from "../../player/js/light_drawing.js";
import { spaced } from "./dom.js";

const DOT = 3; // radius in pixels
const GAP = 6; // pixels between a line and its words
const LINE = 20; // pixels from one place for words to the next below it
const ABOVE = 10; // pixels from the head of a line to the middle of words above it
const TOPMOST = 8; // pixels from the top to the middle of words
const HALF = 16; // pixels: between the middles of two words that do not touch
const CURSOR = 12; // pixels on both sides of the cursor, with its discs

/** @typedef {{ question: QuestionMessage | null, tally?: Tally, mine?: Answer | null }} Shown */

export class OverCurves {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.svg = svgElement("svg", { class: "over-curves", "aria-hidden": "true" });
    this.player.curves.root.append(this.svg);
    /** @type {Shown} */
    this.shown = { question: null };
    this.key = "";
    this.frame = -1; // of the cursor, when it was last looked at
    this.cursor = -1; // where it last stood still, in pixels
    /** @type {WordBox[]} words that were put over the curves */
    this.words = [];
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
    const { curves } = this.player, { question } = this.shown;
    const shows = Boolean(question && question.range && this.possible);
    const key = shows ? this.placed() : "nothing";
    if (key === this.key) return;
    this.key = key;
    this.svg.replaceChildren();
    this.words = [];
    if (!shows) return;
    this.svg.setAttribute("viewBox", `0 0 ${curves.width} ${curves.height}`);
    const colour = Math.min(question.mode || 1, 6);
    this.svg.style.setProperty("--mode", `var(--line${colour})`);
    this.svg.style.setProperty("--words", `var(--text${colour})`);
    if (question.top) this.sketches();
    else this.moments();
  }

  /** What everything here depends on: the axes, the words of the player, and where its cursor stands. */
  placed() {
    const { curves, axis, clock } = this.player;
    if (clock.f === this.frame) this.cursor = curves.x(clock.f); // words give way to where it stands, not while it passes
    this.frame = clock.f;
    const scales = [curves.width, curves.height, curves.x0, axis.low, axis.high, curves.top, curves.y0];
    return [...scales, this.cursor, ...curves.boxes, ...curves.birth].join();
  }

  moments() {
    const { question, tally, mine } = this.shown, { player } = this;
    const { y, y0, y1 } = player.curves, foot = y(0), own = (player.run.true_values || [])[(question.mode || 0) - 1];
    const head = own ? y(own) : y0 + 0.8 * (y1 - y0);
    /** @type {Map<number, number>} how many dots stand in each column, as wide as a dot */
    const columns = new Map();
    for (const [value, count] of (tally && tally.values) || []) {
      const column = Math.round(this.x(value) / (2 * DOT + 1));
      columns.set(column, (columns.get(column) || 0) + count);
      this.line("answer", this.x(value), foot, head);
    }
    const apart = Math.min(2 * DOT + 1, (foot - head) / Math.max(1, ...columns.values()));
    for (const [column, count] of columns) {
      for (let dot = 0; dot < count; dot++) {
        this.add("circle", "dot", { cx: column * (2 * DOT + 1), cy: foot - (dot + 0.5) * apart, r: DOT });
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
   * A line, and the first of `texts` that has room beside it: as high as can be, on its right before its left, or above it.
   * The shortest above it where there is none.
   * @param {string} kind
   * @param {number} t
   * @param {number} foot
   * @param {number} head
   * @param {string[]} texts
   */
  named(kind, t, foot, head, texts) {
    const x = this.x(t), first = Math.max(head, TOPMOST), above = Math.max(head - ABOVE, TOPMOST);
    this.line(kind, x, foot, head);
    const words = this.add("text", kind, {});
    /** @type {[side: number, middle: number][]} */
    const places = [[1, first], [-1, first], [0, above]];
    for (let middle = first + LINE; middle < foot - LINE; middle += LINE) places.push([1, middle], [-1, middle]);
    const measured = texts.map((text) => {
      words.textContent = text;
      return { text, wide: /** @type {SVGTextElement} */ (words).getComputedTextLength() };
    });
    const choices = places.flatMap(([side, middle]) =>
      measured.map(({ text, wide }) => {
        const left = side ? x + side * GAP - (side < 0 ? wide : 0) : Math.min(x - wide / 2, this.player.curves.x1 - wide);
        return { text, left, right: left + wide, middle };
      })
    );
    const { text, left, right, middle } = choices.find((choice) => this.free(choice)) || choices[3 * texts.length - 1];
    words.textContent = text;
    words.setAttribute("x", String(left));
    words.setAttribute("y", String(middle + 4));
    this.words.push([left, right, middle]);
  }

  /** Whether words there touch no others and no cursor. @param {{ left: number, right: number, middle: number }} place */
  free({ left, right, middle }) {
    const { x0, x1, boxes, birth } = this.player.curves;
    if (left < x0 || right > x1 || (left < this.cursor + CURSOR && right > this.cursor - CURSOR)) return false;
    return ![...boxes, ...birth, ...this.words].some(([from, to, at]) =>
      left < to + GAP && right > from - GAP && Math.abs(at - middle) < HALF
    );
  }

  /** Not through words. @param {string} kind @param {number} x @param {number} foot @param {number} head */
  line(kind, x, foot, head) {
    for (const [from, to] of clearOfWords(this.player.curves.boxes, x, head, foot)) {
      this.add("line", kind, { x1: x, x2: x, y1: to, y2: from });
    }
  }

  /** @param {string} name @param {string} kind @param {Record<string, string | number>} attributes */
  add(name, kind, attributes) {
    const made = svgElement(name, { class: kind, ...attributes });
    this.svg.append(made);
    return made;
  }
}
