// @ts-check
// The player: one run, one cursor, the panels that follow it.

/** @import { Axis, Given, Json, Notice, Part, Run, SharedView, Tokens } from "./types.d.ts" */

import { Actions } from "./actions.js";
import { Clock } from "./clock.js";
import { Curves } from "./curves.js";
import { growingMode, split } from "./data.js";
import { Equation } from "./equation.js";
import { eventFrames } from "./events.js";
import { startListening, stopListening } from "./listening.js";
import { Matrix } from "./matrix.js";
import { writeMenus } from "./menus.js";
import { showRun } from "./new_run.js";
import { tell } from "./notice.js";
import { sizeOf, takeTheme, withSizes } from "./paint.js";
import { asksForProjector, projectorZoom } from "./projector.js";
import { fitSentences } from "./sentences.js";
import { Spectrum } from "./spectrum.js";
import { writeState } from "./state.js";
import { Strips } from "./strips.js";
import { Theory } from "./theory.js";
import { discPlace, showTip, writeTip } from "./tip.js";
import { Track } from "./track.js";
import { applyView, receiveView, reportView } from "./view.js";
import { describeData, speak } from "./words.js";

export class Player extends Actions {
  /** @type {Run} */
  run;
  /** @type {Axis} */
  axis = null;
  projector = asksForProjector(); // it fills the window
  /** @type {Element | null} what had the focus before the projector was opened */
  opener = null;
  opensPlaying = true; // a new run plays by itself
  /** @type {Tokens} */
  tokens;
  /** @type {Notice} */
  notice;
  /** @type {Given | null} how the data of the visitor were read, and the names of rows and columns; null without */
  data;
  /** @type {Part | null} of the charts, the part that is shown larger */
  window = null;
  /** @type {number | null} the selected mode; null: the one that is growing */
  chosen = null;
  selected = 0; // the mode that is selected or grows
  lit = 0; // the mode under the pointer
  pinned = 0; // the mode whose numbers stay
  /** @type {import("./types.d.ts").Tip | null} beside the pointer or a disc */
  tip = null;
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
  soon = 0;
  passing = false; // charts are stills until the next picture
  expecting = 0; // of Plotly: 1 sent for when the page is calm, 2 at once
  noticeKey = ""; // the key of the notice on the page
  plotlyAt = "";
  /** @type {import("./types.d.ts").AskedStill | null} of the view that a link asked for */
  askedStill = null;
  id = "";
  dark = false;
  ready = false;
  sizeKey = "";
  /** @type {ResizeObserver} */
  sizes;
  /** @type {HTMLElement | null} of Streamlit; a saved page has none */
  app = null;
  /** @type {MutationObserver} */
  connection;
  /** @type {MutationObserver} of the hand at a slider */
  hand;
  /** @type {(event: Event) => void} */
  pageKeys;
  /** @type {(event: Event) => void} */
  onTake;
  /** @type {() => void} */
  onResize;
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
    this.unplayed = false; // the future of a run that has just been opened, until it has been played or touched
    this.theory = false; // laid over the curves
    this.eventsOpen = false;
    this.curves = new Curves(this.$(".dmf-curves .dmf-plot"));
    this.spectrum = new Spectrum(this.$(".dmf-spectrum canvas"));
    this.matrix = new Matrix(this.$(".dmf-matrix canvas"));
    this.strips = new Strips(this.$(".dmf-strips .dmf-plot"));
    this.track = new Track(this.$(".dmf-track canvas"));
    this.equation = new Equation(this.$(".dmf-equation"), this);
    this.words = new Theory(this.$(".dmf-theory"), this);
    startListening(this);
  }

  charts() {
    return [this.curves, this.strips];
  }

  // Whether nothing of what comes after the cursor is shown.
  /** @returns {boolean} */
  get hidden() {
    return this.withheld || this.unplayed;
  }

  get panels() {
    return [this.curves, this.spectrum, this.matrix, this.strips, this.track];
  }

  close() {
    stopListening(this);
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
    const recolour = takeTheme(this);
    tell(this);
    receiveView(this, view);
    if (id !== this.id) {
      this.id = id;
      showRun(this, read());
    } else if (recolour) this.layout();
    describeData(this);
    applyView(this);
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
    fitSentences(this.$(".dmf-summary"));
    this.controls();
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
    else writeTip(this);
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

  eventFrames() {
    return eventFrames(this);
  }

  stamp() {
    writeState(this);
  }

  controls() {
    writeMenus(this);
  }

  speak() {
    speak(this);
  }
}
