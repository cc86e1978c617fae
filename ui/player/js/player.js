// @ts-check
// The player: one run, one cursor, the panels that follow it.

/** @import { Axis, Given, Json, Notice, Part, Run, SharedView, Tokens, View } from "./types.d.ts" */

import { Actions } from "./actions.js";
import { axisSays, sceneAxis } from "./axes.js";
import { pointingAtCells } from "./cell.js";
import { heldSlider } from "./chart.js";
import { atRest, Clock } from "./clock.js";
import { keepsKey, keyAction, listenForTransport } from "./controls.js";
import { Curves } from "./curves.js";
import { between, chooseSpectrum, frameAt, growingMode, split } from "./data.js";
import { expectPlotly, listenForEnlarging } from "./enlarging.js";
import { Equation } from "./equation.js";
import { openEvents, walkEvents } from "./events.js";
import { pointing, scrubbing } from "./gestures.js";
import { Matrix } from "./matrix.js";
import { writeMenus } from "./menus.js";
import { lastStable, tell } from "./notice.js";
import { isDark, readTokens, sizeOf, withSizes } from "./paint.js";
import { asksForProjector, markPage, pageKeys, projectorZoom, unmarkPage } from "./projector.js";
import { Spectrum } from "./spectrum.js";
import { Strips } from "./strips.js";
import { writeText } from "./text.js";
import { Theory } from "./theory.js";
import { discPlace, showTip } from "./tip.js";
import { Track } from "./track.js";
import { applyView, receiveView, reportView, stopForTakers } from "./view.js";
import { describe, describeData, describePictures, nowWords, speak, writeNumbers } from "./words.js";

export class Player extends Actions {
  /** @type {Run} */
  run;
  /** @type {Axis} */
  axis = null;
  projector = asksForProjector(); // it fills the window
  opensPlaying = true; // a new run plays by itself
  /** @type {Tokens} */
  tokens;
  /** @type {Notice} */
  notice;
  /** @type {Given | null} how the data of the visitor were read, and the names of rows and columns; null without */
  data;
  /** @type {View} what is drawn now; `selected` and `lit` are kept up to date in it between two layouts */
  drawn;
  /** @type {Part | null} of the charts, the part that is shown larger */
  window = null;
  /** @type {number | null} the selected mode; null: the one that is growing */
  chosen = null;
  selected = 0; // the mode that is selected or grows
  lit = 0; // the mode under the pointer
  pinned = 0; // the mode whose numbers stay
  zoom = 1;
  sent = 0; // actions, so far
  /** @type {Record<string, string>} texts on the page by their place */
  written = {};
  /** @type {number | null} the frame that the track has announced */
  valueNow = null;
  /** @type {SharedView | null} from Python, not yet applied */
  pending = null;
  received = ""; // the key of the last view from Python
  reported = ""; // the key of the last view that was sent there
  reporting = 0; // timers
  calm = 0;
  expecting = 0; // of Plotly: 1 sent for when the page is calm, 2 at once
  noticeKey = ""; // the key of the notice on the page
  plotlyAt = "";
  /** @type {import("./types.d.ts").AskedStill | null} of the view that a link asked for */
  askedStill = null;
  id = "";
  dark = false;
  ready = false;
  sizeKey = "";
  /** @type {(value: Json) => void} */
  send;
  /** @type {((view: Json) => void) | undefined} */
  report;

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    /** @type {(selector: string) => any} */
    this.$ = (selector) => root.querySelector(selector);
    this.clock = new Clock((stopped) => this.moved(stopped));
    this.axisName = "time";
    this.logTime = false;
    this.log = false;
    this.shown = "W";
    this.given = false; // rows and columns as given rather than sorted
    this.spectrumChosen = ""; // of a tensor: which curves; "": the first
    this.part = ""; // and which cells
    this.slice = 0;
    /** @type {boolean} the future, by the person */
    this.withheld = false;
    /** @type {boolean} */
    this.untold = false; // the future of a run that has just been opened, until it has been played or touched
    this.theory = false; // laid over the curves
    this.enlarging = false; // whether a drag draws its box
    this.touched = false; // the person has moved the cursor of this run
    this.helpOpen = this.eventsOpen = false;
    this.curves = new Curves(this.$(".dmf-curves .dmf-plot"));
    this.spectrum = new Spectrum(this.$(".dmf-spectrum canvas"));
    this.matrix = new Matrix(this.$(".dmf-matrix canvas"));
    this.strips = new Strips(this.$(".dmf-strips .dmf-plot"));
    this.track = new Track(this.$(".dmf-track canvas"));
    this.equation = new Equation(this.$(".dmf-equation"), this);
    this.words = new Theory(this.$(".dmf-theory"), this);
    listenForEnlarging(this);
    this.listen();
  }

  charts() {
    return [this.curves, this.strips];
  }

  // Whether nothing of what comes after the cursor is shown.
  /** @returns {boolean} */
  get hidden() {
    return this.withheld || this.untold;
  }

  get panels() {
    return [this.curves, this.spectrum, this.matrix, this.strips, this.track];
  }

  listen() {
    const { root, clock } = this;
    markPage("page");
    root.addEventListener("keydown", (event) => {
      if (!keepsKey(event.target, event.key)) this.key(event);
    });
    listenForTransport(this, {
      loop: () => this.loop(),
      future: () => this.hideFuture(),
      events: () => openEvents(this, !this.eventsOpen),
      projector: () => this.project(!this.projector),
    });
    this.$(".dmf-buttons").addEventListener("click", (/** @type {any} */ event) => {
      const action = event.target.dataset.action;
      if (action === "stable") return this.jump(lastStable(this.run)); // nothing for a server to do
      if (action) this.send({ action, run: this.run.run, count: ++this.sent });
    });
    this.$(".dmf-events").addEventListener("keydown", walkEvents);
    this.$(".dmf-order").addEventListener("click", () => {
      this.given = !this.given;
      this.layout();
    });
    scrubbing(this.curves.root, this.curves, this, (x, y) => this.curves.hit(x, y));
    scrubbing(this.strips.root, this.strips, this);
    scrubbing(
      this.$(".dmf-track"),
      this.track,
      this,
      (x, y) => this.track.hit(x, y, clock.f),
      (event) => this.jumpToEvent(event),
    );
    pointing(this.spectrum, this);
    pointingAtCells(this);
    this.sizes = new ResizeObserver(() => this.resized());
    for (const panel of this.panels) this.sizes.observe(panel.canvas);
    /** @type {HTMLElement | null} of Streamlit; a saved page has none */
    this.app = document.querySelector("[data-test-connection-state]");
    this.connection = new MutationObserver(() => tell(this));
    if (this.app) this.connection.observe(this.app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
    this.hand = new MutationObserver(() => this.layout()); // stills while a slider is held, Plotly again when it is let go
    this.hand.observe(document.documentElement, { attributes: true, attributeFilter: ["data-dragging"] });
    /** @type {(event: Event) => void} */
    this.pageKeys = pageKeys(this);
    /** @type {(event: Event) => void} */
    this.onTake = stopForTakers(this);
    for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, this.onTake, true);
    this.onResize = () => this.projector && this.layout();
    window.addEventListener("resize", this.onResize);
    document.addEventListener("keydown", this.pageKeys, true);
  }

  close() {
    unmarkPage(this.root);
    this.clock.pause();
    clearTimeout(this.reporting);
    clearTimeout(this.calm);
    this.sizes.disconnect();
    this.connection.disconnect();
    this.hand.disconnect();
    window.removeEventListener("resize", this.onResize);
    for (const type of ["pointerdown", "keydown"]) document.removeEventListener(type, this.onTake, true);
    document.removeEventListener("keydown", this.pageKeys, true);
  }

  /** @param {any} event */
  key(event) {
    const action = keyAction(event, this);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // the frame has hot keys of its own
    action();
  }

  // Called on every mount, rerun and theme change. `send` takes an action, `report` a view.
  /** @param {any} data @param {(value: Json) => void} send @param {((view: Json) => void) | undefined} report */
  update(data, send, report) {
    this.send = send;
    this.report = report;
    const { notice, view, given, id, read } = split(data);
    this.plotlyAt = notice.plotly;
    this.askedStill = notice.still;
    delete notice.plotly;
    delete notice.still;
    this.notice = notice;
    this.data = given;
    const dark = isDark(this.root);
    const recolour = !this.tokens || dark !== this.dark;
    if (recolour) {
      this.dark = dark;
      this.root.dataset.theme = dark ? "dark" : "light";
      this.tokens = readTokens(this.root);
    }
    tell(this);
    receiveView(this, view);
    if (id !== this.id) {
      this.id = id;
      this.swap(read());
    } else if (recolour) this.layout();
    describeData(this);
    applyView(this);
  }

  // A run instead of the one before; or more of the same one, and then nothing jumps.
  /** @param {Run} run */
  swap(run) {
    const before = this.run, axisBefore = this.axis;
    const same = before && before.run === run.run && before.frames > 0 && run.frames > 0;
    const value = same ? between(axisBefore.column, this.clock.f) : 0;
    const atEnd = same && this.clock.f >= before.frames - 1 - 1e-9;
    const playing = same && this.clock.playing;
    this.run = run;
    chooseSpectrum(run, this.spectrumChosen);
    this.shown = Matrix.choices(run, this.theory).some(([key]) => key === this.shown) ? this.shown : "W";
    this.axis = sceneAxis(this.axisName, this.logTime, run);
    if (!same) this.window = null;
    if (!same) {
      this.touched = false;
      this.chosen = null;
      this.lit = 0;
      this.given = Boolean(run.picture && run.picture.as_given);
      this.clock.pause();
      if (this.eventsOpen) openEvents(this, false);
    }
    this.clock.f = 0;
    this.clock.bind(this.axis);
    const last = run.frames - 1;
    if (same) this.clock.f = this.touched || !(before.growing || atEnd) ? frameAt(this.axis.column, value) : last;
    else if (run.growing) this.clock.f = Math.max(last, 0);
    else if (atRest()) this.clock.f = run.events.length ? run.events[run.events.length - 1][1] : Math.max(last, 0);
    const held = heldSlider() && before && before.frames; // a hand at a slider sees runs whole
    const plays = this.opensPlaying && !same && run.frames > 1 && !run.growing && !atRest() && !held;
    if (!same && held && !run.growing) this.clock.f = Math.max(last, 0);
    this.untold = same ? this.untold && !run.growing : plays && !(before && before.frames);
    this.clock.bind(this.axis);
    if (plays) this.clock.f = this.clock.opening;
    this.clock.bind(this.axis);
    describe(this);
    this.layout();
    if (plays) this.toggle();
    else if (playing && !this.clock.playing) this.clock.play();
    this.stamp();
    describePictures(this);
    expectPlotly(this);
  }

  // What the panels are drawn from.
  view() {
    const { run, axis, log, tokens, hidden, theory, shown, given, lit, part, slice, window, enlarging } = this;
    return {
      player: this,
      window,
      enlarging,
      run,
      axis,
      log,
      tokens,
      hidden,
      theory,
      shown,
      given,
      lit,
      part,
      slice,
      zoom: this.zoom,
      phone: this.root.clientWidth < 720,
      selected: this.selected,
    };
  }

  layout() {
    if (!this.run || !this.tokens) return;
    this.zoom = projectorZoom(this);
    this.run.logarithmic = this.log;
    this.run.at = null;
    this.selected = this.selectedNow();
    const view = (this.lastView = this.view());
    withSizes(this.panels.map(({ canvas }) => canvas), () => this.layoutPanels(view));
  }

  /** @param {any} view */
  layoutPanels(view) {
    this.ready = this.curves.layout(view);
    if (!this.ready) return;
    this.spectrum.layout(view, this.curves);
    this.strips.layout(view);
    this.track.layout(view);
    this.matrix.layout(view);
    this.equation.layout(view);
    this.words.layout(view);
    this.sizeKey = this.sizeNow();
    writeMenus(this);
    this.draw();
  }

  sizeNow() {
    return this.panels.map(({ canvas }) => sizeOf(canvas).join("x")).join() + devicePixelRatio;
  }

  resized() {
    if (this.run && this.sizeNow() !== this.sizeKey) this.layout();
  }

  draw() {
    if (!this.ready) return;
    const { f } = this.clock;
    this.selected = this.lastView.selected = this.selectedNow();
    this.lastView.lit = this.lit;
    this.curves.draw(f);
    this.spectrum.draw(f);
    this.strips.draw(f);
    this.track.draw(f);
    this.matrix.draw(f);
    this.equation.draw(f, this.clock.playing);
    this.words.draw(f, this.clock.playing);
    this.stamp();
    if (this.pinned && !this.lit) showTip(this, this.pinned, this.clock.playing ? null : discPlace(this, this.pinned));
  }

  // After every movement of the clock.
  /** @param {boolean} stopped */
  moved(stopped) {
    this.draw();
    if (!stopped) return;
    if (this.clock.f >= this.clock.end) this.reveal();
    this.speak();
    reportView(this);
  }

  selectedNow() {
    if (!this.run) return 0;
    return this.chosen === null ? growingMode(this.run, this.clock.f) : this.chosen;
  }

  // What tests and style sheets read, and the words that change with the frame.
  stamp() {
    const { root, run, clock } = this;
    const frame = Math.floor(clock.f + 1e-6);
    const state = !run.frames ? "empty" : run.growing ? "growing" : clock.playing ? "playing" : "paused";
    const live = this.projector || this.hidden ? 1 : 0;
    const rise = run.frames && this.ready ? this.curves.risen(clock.f).toFixed(3) : "0"; // not ready: it has no size
    const values = { run: run.run, frame, frames: run.frames, state, playing: clock.playing ? 1 : 0, live, rise };
    for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = String(value);
    const words = nowWords(this);
    for (const [selector, text] of Object.entries(words)) {
      if (this.written[selector] !== text) writeText(this.$(selector), this.written[selector] = text);
    }
    if (this.valueNow !== frame) {
      this.valueNow = frame;
      this.$(".dmf-track").setAttribute("aria-valuenow", frame);
      if (run.frames) this.$(".dmf-track").setAttribute("aria-valuetext", axisSays(this.axis, clock.f));
    }
    if (root.dataset.projector === "wide") writeNumbers(this);
    this.$(".dmf-play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
  }

  speak() {
    speak(this);
  }
}
