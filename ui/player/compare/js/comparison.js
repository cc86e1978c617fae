// @ts-check
// Two to four runs, one cursor: what comes from Python, how it is laid out, and what is drawn in every frame.

/** @import { Axis, Json, Part, Run, Tokens } from "../../js/types.d.ts" */

import { axisFrame } from "../../js/axes.js";
import { Clock } from "../../js/clock.js";
import { keepsKey, listenForTransport } from "../../js/controls.js";
import { listenForEnlarging } from "../../js/enlarging.js";
import { scrubbing } from "../../js/gestures.js";
import { Matrix, SHOWN } from "../../js/matrix.js";
import { sizeOf, takeTheme, withSizes } from "../../js/paint.js";
import { library } from "../../js/plotly.js";
import { pageKeys } from "../../js/projector.js";
import { fitSentences } from "../../js/sentences.js";
import { AtCursor } from "./at_cursor.js";
import { Column, ComparedTrack } from "./column.js";
import { ComparisonActions } from "./comparison_actions.js";
import { layoutColumns } from "./comparison_layout.js";
import { writeComparisonMenus } from "./comparison_menus.js";
import { speakMoment, stampState, writeWords } from "./comparison_words.js";
import { showRuns, takeScene } from "./new_runs.js";
import { Overlay } from "./overlay.js";
import { splitPayloads } from "./payloads.js";

const AFTER = 0.004; // of the axis: runs that stop at one error end at it to within a step

export class Comparison extends ComparisonActions {
  /** @type {Run[]} */
  runs = [];
  /** @type {Run[]} the runs on the scales that all share */
  shownRuns = [];
  /** @type {Run[]} the same for the picture of all */
  overlaidRuns = [];
  /** @type {Column[]} */
  columns = [];
  /** @type {Map<string, Run>} by the id of its payload */
  decoded = new Map();
  /** @type {any} what Python says: ui/views/compare/head.py */
  head = null;
  /** @type {{ each: Axis[], cursor: Axis }} */
  axes = null;
  /** @type {Tokens} */
  tokens = null;
  /** @type {any} what the clock, the track and the gestures take for a run */
  run = null;
  /** @type {Part | null} the part that is shown larger */
  window = null;
  /** @type {(value: Json) => void} */
  send;
  at = "error";
  lit = 0; // the mode under the pointer
  sent = 0; // actions, so far
  calm = 0; // timer
  expecting = 0; // of Plotly: 1 sent for when the page is calm, 2 at once
  plotlyAt = "";
  dark = false;
  ready = false;
  wasPlaying = false;
  words = "";
  ids = "";
  sizeKey = "";
  sceneKey = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    /** @type {(selector: string) => any} */
    this.$ = (selector) => root.querySelector(selector);
    this.clock = new Clock((stopped) => this.moved(stopped));
    this.log = false;
    this.shown = "W";
    this.chosen = 0;
    this.hidden = false;
    this.track = new ComparedTrack(this.$(".dmf-track canvas"));
    this.table = new AtCursor(this.$(".dmf-table"));
    this.overlay = new Overlay(this.$(".dmf-overlay .dmf-plot"));
    this.overlaid = false;
    this.listen();
  }

  listen() {
    this.root.addEventListener("keydown", (event) => {
      if (!keepsKey(event.target, event.key)) this.key(event);
    });
    /** @type {(event: Event) => void} */
    this.pageKeys = pageKeys(this);
    document.addEventListener("keydown", this.pageKeys, true);
    listenForTransport(this);
    this.root.addEventListener("click", ({ target }) => {
      const { action, open } = /** @type {HTMLElement} */ (target).dataset;
      if (action) this.tellPython({ action });
      if (open) this.tellPython({ action: "open", run: open });
    });
    scrubbing(this.$(".dmf-track"), this.track, this);
    scrubbing(this.overlay.root, this.overlay, this, (x, y) => this.overlay.hit(x, y));
    listenForEnlarging(this);
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(this.root);
  }

  // Whether the page is shown as on a projector, where nothing scrolls and every key is the picture's.
  get projector() {
    return "projected" in document.documentElement.dataset;
  }

  /** @param {Json} value */
  tellPython(value) {
    this.send({ ...value, count: ++this.sent });
  }

  close() {
    document.removeEventListener("keydown", this.pageKeys, true);
    this.clock.pause();
    this.sizes.disconnect();
  }

  // Called on every mount, rerun and theme change.
  /** @param {any} data @param {(value: Json) => void} send */
  update(data, send) {
    this.send = send;
    const { head, parts } = splitPayloads(data);
    const recolour = takeTheme(this);
    const ids = parts.map((part) => part.id).join();
    const words = JSON.stringify(head);
    const news = ids !== this.ids;
    if (!news && words === this.words && !recolour) return;
    this.words = words;
    this.head = head;
    this.plotlyAt = head.plotly;
    this.overlaid = head.overlaid;
    if (news) {
      this.ids = ids;
      this.decoded = new Map(parts.map((part) => [part.id, this.decoded.get(part.id) || part.read()]));
      showRuns(this, parts.map((part) => this.decoded.get(part.id)));
    } else {
      takeScene(this);
      this.setAt(head.at, false);
      this.layout();
    }
    this.describe();
  }

  // What the matrices can show: what every run has.
  choices() {
    const pictured = this.runs.filter((run) => run.picture);
    return SHOWN.filter(([key]) => pictured.every((run) => Matrix.choices(run).some(([has]) => has === key)));
  }

  charts() {
    return [this.overlay, ...this.columns.map((column) => column.curves)];
  }

  build() {
    while (this.columns.length < this.runs.length) {
      const column = new Column();
      column.curves.admitted = Boolean(library.plotly);
      scrubbing(column.curves.root, column.curves, this, (x, y) => column.curves.hit(x, y));
      column.spectrum.canvas.addEventListener("click", (event) => this.select(column.spectrum.hit(event.offsetX)));
      this.columns.push(column);
    }
    while (this.columns.length > this.runs.length) this.columns.pop();
    this.$(".dmf-columns").replaceChildren(...this.columns.map((column) => column.element));
    this.root.dataset.columns = String(this.runs.length);
  }

  layout() {
    if (!this.runs.length || !this.tokens || !this.root.clientWidth) return;
    const phone = this.columns[0].element.clientWidth < 420;
    this.root.dataset.narrow = phone ? "1" : "0";
    this.root.dataset.overlaid = this.overlaid ? "1" : "0";
    withSizes(this.canvases(), () => {
      layoutColumns(this, phone);
      this.sizeKey = this.sizeNow();
      fitSentences(this.$(".dmf-summary"));
      this.controls();
      this.draw();
    });
  }

  canvases() {
    return [this.track, this.overlay, ...this.columns.flatMap((column) => column.panels)].map(({ canvas }) => canvas);
  }

  sizeNow() {
    return this.canvases().map((canvas) => sizeOf(canvas).join("x")).join() + devicePixelRatio;
  }

  resized() {
    if (this.runs.length && this.sizeNow() !== this.sizeKey) this.layout();
  }

  draw() {
    if (!this.ready) return;
    const { u } = this.clock;
    const { cursor, each } = this.axes;
    const value = cursor.low + u * (cursor.high - cursor.low);
    const frames = each.map((axis) => axisFrame(axis, u));
    const ended = each.map((axis, i) => this.runs[i].frames > 0 && value > axis.last + AFTER * (cursor.high - cursor.low));
    if (this.overlaid) this.overlay.drawAll(frames, u, this.lit);
    this.columns.forEach((column, i) => {
      column.draw(frames[i], u, this.lit);
      column.element.dataset.frame = String(Math.floor(frames[i] + 1e-6));
    });
    this.table.draw(frames, ended);
    this.track.draw(this.clock.f);
    this.stamp();
  }

  /** @param {boolean} stopped */
  moved(stopped) {
    this.draw();
    if (stopped) {
      this.stamp();
      this.speak();
    }
  }

  stamp() {
    stampState(this);
  }

  describe() {
    writeWords(this);
  }

  controls() {
    writeComparisonMenus(this);
  }

  speak() {
    speakMoment(this);
  }
}
