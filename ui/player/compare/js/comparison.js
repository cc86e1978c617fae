// @ts-check
// Two to four runs, one cursor: what comes from Python, how it is laid out, and what is drawn in every frame.

/** @import { Axis, Birth, Json, Part, Run, Tokens } from "../../js/types.d.ts" */

import { axisFrame } from "../../js/axes.js";
import { atRest, Clock, SPEEDS } from "../../js/clock.js";
import { fillMenu, keepsKey, keyAction, listenForTransport } from "../../js/controls.js";
import { between, betweenLog, decode, frameAt } from "../../js/data.js";
import { expectPlotly, listenForEnlarging, showEnlarging } from "../../js/enlarging.js";
import { scrubbing } from "../../js/gestures.js";
import { Matrix, SHOWN } from "../../js/matrix.js";
import { printed } from "../../js/numbers.js";
import { isDark, readTokens, sizeOf, withSizes } from "../../js/paint.js";
import { library } from "../../js/plotly.js";
import { markPage, unmarkPage } from "../../js/projector.js";
import { AtCursor, lowerFirst } from "./at_cursor.js";
import { Column, ComparedTrack } from "./column.js";
import { atWords, commonAxes, EQUAL } from "./common_axis.js";
import { Overlay } from "./overlay.js";
import { Steered } from "./steered.js";

/** @type {Record<string, string>} */
const MARKS = { error: "✕", stale: "△" };
/** @type {Birth[]} */
const NONE = [];
const AFTER = 0.004; // of the axis: runs that stop at one error end at it to within a step

// What Python sends: one line of JSON with the words and the lengths of the payloads, then the payloads.
/** @param {any} data */
function splitMany(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  const end = bytes.indexOf(10), text = (/** @type {Uint8Array} */ part) => new TextDecoder().decode(part);
  const head = JSON.parse(text(bytes.subarray(0, end)));
  let from = end + 1;
  /** @type {{ id: string, read: () => Run }[]} */
  const parts = head.lengths.map((/** @type {number} */ length) => {
    const body = bytes.subarray(from, from += length);
    return { id: text(body.subarray(7, 23)), read: () => decode(JSON.parse(text(body))) };
  });
  return { head, parts };
}

export class Comparison extends Steered {
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
    this.touched = false;
    this.helpOpen = false;
    this.track = new ComparedTrack(this.$(".dmf-track canvas"));
    this.table = new AtCursor(this.$(".dmf-table"));
    this.overlay = new Overlay(this.$(".dmf-overlay .dmf-plot"));
    this.overlaid = false;
    this.enlarging = false; // whether a drag draws its box
    this.listen();
  }

  listen() {
    markPage("page");
    this.root.addEventListener("keydown", (event) => {
      if (keepsKey(event.target, event.key)) return;
      const action = keyAction(event, this);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    });
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

  /** @param {Json} value */
  tellPython(value) {
    this.send({ ...value, count: ++this.sent });
  }

  close() {
    unmarkPage(this.root);
    this.clock.pause();
    this.sizes.disconnect();
  }

  // Called on every mount, rerun and theme change.
  /** @param {any} data @param {(value: Json) => void} send */
  update(data, send) {
    this.send = send;
    const { head, parts } = splitMany(data);
    const dark = isDark(this.root);
    const recolour = !this.tokens || dark !== this.dark;
    if (recolour) {
      this.dark = dark;
      this.root.dataset.theme = dark ? "dark" : "light";
      this.tokens = readTokens(this.root);
    }
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
      this.swap(parts.map((part) => this.decoded.get(part.id)));
    } else {
      this.takeScene();
      this.setAt(head.at, false);
      this.layout();
    }
    this.describe();
  }

  // Other runs, or more of the same ones, and then nothing jumps.
  /** @param {Run[]} runs */
  swap(runs) {
    const before = this.runs, axisBefore = this.axes && this.axes.cursor;
    const same = before.length === runs.length && before.some((run, i) => run.run === runs[i].run && run.frames > 0) &&
      this.at === this.head.at;
    const value = same ? between(axisBefore.column, this.clock.f) : 0;
    const grew = before.some((run) => run.growing);
    const atEnd = same && this.clock.f >= axisBefore.column.length - 1 - 1e-9;
    const playing = same && this.clock.playing;
    this.runs = runs;
    this.at = this.head.at;
    this.axes = commonAxes(this.at, runs, this.head.scene);
    this.takeScene();
    if (!same) {
      this.window = null;
      this.lit = 0;
    }
    const { cursor } = this.axes, last = cursor.column.length - 1;
    const growing = runs.some((run) => run.growing);
    const drawn = runs.some((run) => run.frames > 0);
    this.run = {
      frames: drawn ? cursor.column.length : 0,
      events: [],
      growing,
      outcome: "",
      modes: Math.max(0, ...runs.map((run) => run.modes)),
    };
    if (!same) {
      this.clock.pause();
      this.touched = false;
    }
    this.clock.f = 0;
    this.clock.bind(cursor);
    if (same) this.clock.f = this.touched || !(grew || atEnd) ? frameAt(cursor.column, value) : last;
    else if (growing || atRest()) this.clock.f = Math.max(last, 0);
    this.clock.bind(cursor);
    if (!this.choices().some(([key]) => key === this.shown)) this.shown = "W";
    this.build();
    this.layout();
    if (!same && drawn && !growing && !atRest()) this.toggle();
    else if (playing && !this.clock.playing) this.clock.play();
    this.stamp();
    expectPlotly(this);
  }

  // The runs as the charts take them, on the scales that all share; and the stills that Python made for this view.
  takeScene() {
    const { scene, stills } = this.head, key = this.ids + JSON.stringify(scene);
    if (key !== this.sceneKey) {
      this.sceneKey = key;
      /** @type {Json} */
      const bare = { texts: [], places: {} }, first = Math.max(this.runs.findIndex((run) => run.frames > 0), 0);
      /** @param {Run} run @param {Json} own */
      const shown = (run, own) => /** @type {Run} */ ({
        ...run,
        events: NONE,
        chart: { ...run.chart, heights: scene.heights, births: {}, ...own },
      });
      this.shownRuns = this.runs.map((run, i) => shown(run, scene.columns[i]));
      this.overlaidRuns = this.runs.map((run, i) =>
        shown(run, { ...(i === first ? scene.overlaid : bare), traces: scene.overlaid.traces[i] })
      );
    }
    this.shownRuns.forEach(({ chart }, i) => Object.assign(chart, { still: stills.columns[i], stillAt: stills.at }));
    for (const { chart } of this.overlaidRuns) Object.assign(chart, { still: stills.overlaid, stillAt: stills.at });
  }

  // What the matrices can show: what every run has.
  choices() {
    const drawn = this.runs.filter((run) => run.picture);
    return SHOWN.filter(([key]) => drawn.every((run) => Matrix.choices(run).some(([has]) => has === key)));
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
    withSizes(this.canvases(), () => this.layoutPanels(phone));
  }

  /** @param {boolean} phone */
  layoutPanels(phone) {
    const { log, tokens, hidden, shown, runs } = this;
    for (const column of this.columns) column.fitNote();
    const limits = { value: 0, residual: 0 };
    for (const { picture } of runs) {
      if (picture) {
        limits.value = Math.max(limits.value, picture.limit);
        limits.residual = Math.max(limits.residual, picture.residual_limit);
      }
    }
    const common = {
      player: this,
      log,
      tokens,
      hidden,
      shown,
      given: this.head.given,
      phone,
      selected: this.chosen,
      lit: this.lit,
      limits,
      zoom: 1,
      window: this.window,
      enlarging: this.enlarging,
      theory: false,
      part: "",
      slice: 0,
    };
    /** @param {Run[]} all */
    const viewsOf = (all) =>
      all.map((run, i) => ({ ...common, run: Object.assign(run, { logarithmic: log, at: null }), axis: this.axes.each[i] }));
    const views = viewsOf(this.shownRuns), { linear, log: decades } = this.head.scene.heights;
    const scale = { top: linear.high, low: decades.base, high: decades.high };
    const bars = Math.max(8, ...runs.map((run) => Math.max(run.learned + 3, (run.true_values || []).length + 2)));
    const most = Math.min(bars, ...runs.filter((run) => run.frames).map((run) => run.modes));
    this.ready = this.columns.map((column, i) =>
      column.layout({ ...views[i], scale, overlaid: this.overlaid }, most, (shown, run) => this.barWords(shown, run, i))
    ).every(Boolean);
    if (this.overlaid) {
      this.ready =
        this.overlay.layoutAll(viewsOf(this.overlaidRuns).map((view) => ({ ...view, truth: this.head.scene.overlaid.truth }))) &&
        this.ready;
    }
    this.track.layout(/** @type {any} */ ({ run: this.run, axis: this.axes.cursor, tokens, hidden, phone }));
    this.table.layout(runs, this.head.runs, this.head.measured);
    this.sizeKey = this.sizeNow();
    this.controls();
    this.draw();
  }

  /** @param {number} shown @param {Run} run @param {number} i */
  barWords(shown, run, i) {
    if (i > 0 || !run.frames) return "";
    const which = shown < run.modes_total ? `now, first ${shown} of ${run.modes_total}` : "now";
    return which + (run.true_values ? "; dashes: truth" : "");
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

  // What tests and style sheets read.
  stamp() {
    const { root, run, clock } = this;
    const state = !run.frames ? "empty" : run.growing ? "growing" : clock.playing ? "playing" : "paused";
    const values = {
      runs: this.runs.map((each) => each.run).join(),
      at: this.at,
      frame: Math.floor(clock.f + 1e-6),
      frames: run.frames,
      state,
      playing: clock.playing ? 1 : 0,
    };
    for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = String(value);
    const track = this.$(".dmf-track");
    track.setAttribute("aria-valuenow", values.frame);
    track.setAttribute("aria-valuemax", Math.max(run.frames - 1, 0));
    if (run.frames) track.setAttribute("aria-valuetext", this.axes.cursor.kind.say(between(this.axes.cursor.column, clock.f)));
    if (this.wasPlaying !== clock.playing) {
      this.wasPlaying = clock.playing;
      this.$(".dmf-play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
    }
  }

  // Words that come from Python.
  describe() {
    const { head } = this;
    this.$(".dmf-title").textContent = this.$(".dmf-title").title = head.title; // a long one is cut
    this.$(".dmf-summary").textContent = head.summary;
    this.$(".dmf-foot").textContent = head.provenance;
    const tensor = this.runs.some((run) => run.picture && run.picture.sides);
    this.$(".dmf-picture span").textContent = tensor ? "First slice" : "Matrix";
    const shownRun = this.runs.find((run) => run.frames) || this.runs[0];
    const axis = `${shownRun && shownRun.word !== "mode" ? lowerFirst(shownRun.head) : "singular values"}, by ${
      atWords(this.at, this.runs)
    }`;
    this.columns.forEach((column, i) => column.tell(head.runs[i], i === 0 ? axis : "", this.runs[i], this.overlaid ? i : null));
    for (const column of this.columns) column.fitNote();
    this.overlay.canvas.setAttribute("aria-label", `All runs in one picture: ${axis}. ${head.summary}`);
    this.root.setAttribute("aria-label", `Comparison, to be played: ${head.title}`);
    const { notice } = head, box = this.$(".dmf-notice");
    this.root.dataset.notice = notice.kind;
    box.hidden = notice.kind === "none";
    this.$(".dmf-summary").hidden = !box.hidden;
    box.querySelector("b").textContent = notice.lead;
    box.querySelector(".dmf-more").textContent = notice.text;
    box.querySelector(".dmf-mark").textContent = MARKS[notice.kind] || "";
    box.querySelector(".dmf-buttons").replaceChildren(...notice.buttons.map((/** @type {string[]} */ [action, words]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.action = action;
      button.textContent = words;
      return button;
    }));
  }

  controls() {
    const focus = () => this.root.focus({ preventScroll: true });
    fillMenu(this.$(".dmf-speed select"), SPEEDS.map((s) => [s, `${s}×`]), this.clock.speed, (value) => {
      this.clock.speed = Number(value);
      focus();
    });
    fillMenu(this.$(".dmf-at select"), Object.keys(EQUAL).map((key) => [key, atWords(key, this.runs)]), this.at, (key) => {
      this.setAt(key);
      focus();
    });
    fillMenu(this.$(".dmf-picture select"), this.choices(), this.shown, (key) => {
      this.show(key);
      focus();
    });
    fillMenu(this.$(".dmf-together select"), [["0", "side by side"], ["1", "overlaid"]], this.overlaid ? "1" : "0", (key) => {
      this.setOverlaid(key === "1");
      focus();
    });
    fillMenu(this.$(".dmf-height select"), [["linear", "linear"], ["log", "log"]], this.log ? "log" : "linear", (key) => {
      this.setLog(key === "log");
      focus();
    });
    showEnlarging(this);
    const buttons = ".dmf-transport button[data-do]:not([data-do=help])";
    this.root.querySelectorAll(buttons).forEach((
      button,
    ) => (/** @type {HTMLButtonElement} */ (button).disabled = !this.run.frames));
  }

  speak() {
    if (!this.run.frames || this.clock.playing) return;
    const now = this.axes.cursor.kind.say(between(this.axes.cursor.column, this.clock.f));
    const each = this.runs.map((
      run,
      i,
    ) => (run.series.entropy_rank
      ? `${this.head.runs[i].name}: effective rank ${printed(betweenLog(run.series.entropy_rank, this.columns[i].f), 3)}`
      : "")
    );
    this.$(".dmf-spoken").textContent = [now, ...each.filter(Boolean)].join(". ") + ".";
  }
}
