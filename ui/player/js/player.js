// @ts-check
// The player: one run, one cursor, the panels that follow it.

import { Actions } from "./actions.js";
import { axisChoices, axisSays, LOGS, sceneAxis } from "./axes.js";
import { pointingAtCells } from "./cell.js";
import { atRest, Clock, SPEEDS } from "./clock.js";
import { fillMenu, fillSwitch, keepsKey, keyAction } from "./controls.js";
import { Curves } from "./curves.js";
import { between, chooseSpectrum, frameAt, growingMode, split } from "./data.js";
import { expectPlotly, listenForEnlarging, showEnlarging } from "./enlarging.js";
import { Equation } from "./equation.js";
import { openEvents, walkEvents } from "./events.js";
import { pointing, scrubbing } from "./gestures.js";
import { Matrix } from "./matrix.js";
import { lastStable, tell } from "./notice.js";
import { MINUS, printed } from "./numbers.js";
import { isDark, readTokens } from "./paint.js";
import { depthColours } from "./preconditioner.js";
import { asksForProjector, pageKeys, projectorZoom } from "./projector.js";
import { Spectrum } from "./spectrum.js";
import { stripChoices, Strips } from "./strips.js";
import { tensorControls } from "./tensor_controls.js";
import { Theory } from "./theory.js";
import { discPlace, showTip } from "./tip.js";
import { Track } from "./track.js";
import { applyView, receiveView, reportView, stopForTakers } from "./view.js";
import { describe, describeData, describePictures, nowWords, speak, writeNumbers } from "./words.js";

export class Player extends Actions {
  constructor(root) {
    super();
    this.root = root;
    this.$ = (selector) => root.querySelector(selector);
    this.clock = new Clock((stopped) => this.moved(stopped));
    this.axisName = "time";
    this.logTime = false;
    this.log = false;
    this.shown = "W";
    this.given = false; // rows and columns as given rather than sorted
    Object.assign(this, { spectrumChosen: "", part: "", slice: 0 }); // of a tensor: which curves, which cells; "": the first
    this.chosen = null; // the selected mode; null: the one that is growing
    this.lit = 0; // the mode under the pointer
    this.hidden = false; // the future
    this.theory = false; // laid over the curves
    Object.assign(this, { window: null, enlarging: false }); // the part that is shown larger; whether a drag draws its box
    this.projector = asksForProjector();
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

  get panels() {
    return [this.curves, this.spectrum, this.matrix, this.strips, this.track];
  }

  listen() {
    const { root, clock } = this;
    root.addEventListener("keydown", (event) => {
      if (!keepsKey(event.target, event.key)) this.key(event);
    });
    this.$(".dmf-transport").addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      const does = {
        first: () => this.jump(0),
        back: () => this.move(-1),
        play: () => this.toggle(),
        on: () => this.move(1),
        last: () => this.jump(Infinity),
        loop: () => this.loop(),
        future: () => this.hideFuture(),
        events: () => openEvents(this, !this.eventsOpen),
        projector: () => this.project(!this.projector),
        help: () => this.help(),
      };
      if (button) does[button.dataset.do]();
    });
    this.$(".dmf-buttons").addEventListener("click", (event) => {
      const action = event.target.dataset.action;
      if (action === "stable") return this.jump(lastStable(this.run)); // nothing for a server to do
      if (action) this.send({ action, run: this.run.run, count: this.sent = (this.sent || 0) + 1 });
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
    this.app = document.querySelector("[data-test-connection-state]");
    this.connection = new MutationObserver(() => tell(this));
    if (this.app) this.connection.observe(this.app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
    this.pageKeys = pageKeys(this);
    this.onTake = stopForTakers(this);
    for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, this.onTake, true);
    this.onResize = () => this.projector && this.layout();
    window.addEventListener("resize", this.onResize);
    if (this.projector) document.addEventListener("keydown", this.pageKeys, true);
  }

  close() {
    this.clock.pause();
    clearTimeout(this.reporting);
    this.sizes.disconnect();
    this.connection.disconnect();
    window.removeEventListener("resize", this.onResize);
    for (const type of ["pointerdown", "keydown"]) document.removeEventListener(type, this.onTake, true);
    document.removeEventListener("keydown", this.pageKeys, true);
  }

  key(event) {
    const action = keyAction(event, this);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // the frame has hot keys of its own
    action();
  }

  // Called on every mount, rerun and theme change. `send` takes an action, `report` a view.
  update(data, send, report) {
    Object.assign(this, { send, report });
    const { notice, view, given, id, read } = split(data);
    this.plotlyAt = notice.plotly;
    delete notice.plotly;
    this.notice = notice;
    this.data = given; // how the data of the visitor were read, and the names of rows and columns; null without
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
    this.clock.bind(this.axis);
    describe(this);
    this.layout();
    if (!same && run.frames > 1 && !run.growing && !atRest()) this.toggle();
    else if (playing && !this.clock.playing) this.clock.play();
    this.stamp();
    describePictures(this);
    expectPlotly(this);
  }

  // What the panels are drawn from. `selected` and `lit` are kept up to date in it between two layouts.
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
    Object.assign(this.run, { logarithmic: this.log, at: null });
    this.selected = this.selectedNow();
    const view = (this.drawn = this.view());
    this.ready = this.curves.layout(view);
    if (!this.ready) return;
    this.spectrum.layout(view, this.curves);
    this.strips.layout(view);
    this.track.layout(view);
    this.matrix.layout(view);
    this.equation.layout(view);
    this.words.layout(view);
    this.sizeKey = this.sizeNow();
    this.controls();
    this.draw();
  }

  sizeNow() {
    return this.panels.map((panel) => `${panel.canvas.clientWidth}x${panel.canvas.clientHeight}`).join() + devicePixelRatio;
  }

  resized() {
    if (this.run && this.sizeNow() !== this.sizeKey) this.layout();
  }

  draw() {
    if (!this.ready) return;
    const { f } = this.clock;
    this.selected = this.drawn.selected = this.selectedNow();
    this.drawn.lit = this.lit;
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
  moved(stopped) {
    this.draw();
    if (!stopped) return;
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
    const values = { run: run.run, frame, frames: run.frames, state, playing: clock.playing ? 1 : 0, live };
    for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = value;
    const words = nowWords(this);
    this.written = this.written || {};
    for (const [selector, text] of Object.entries(words)) {
      if (this.written[selector] !== text) this.$(selector).textContent = this.written[selector] = text;
    }
    if (this.valueNow !== frame) {
      this.valueNow = frame;
      this.$(".dmf-track").setAttribute("aria-valuenow", frame);
      if (run.frames) this.$(".dmf-track").setAttribute("aria-valuetext", axisSays(this.axis, clock.f));
    }
    if (root.dataset.projector === "wide") writeNumbers(this);
    this.$(".dmf-play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
  }

  controls() {
    const { run } = this;
    const home = () => this.root.focus({ preventScroll: true });
    fillSwitch(
      this.$(".dmf-scale"),
      [["linear", "linear"], ["log", "log"]],
      this.log ? "log" : "linear",
      (key) => this.setLog(key === "log"),
    );
    fillSwitch(this.$(".dmf-shown"), Matrix.choices(run, this.theory), this.shown, (key) => this.show(key));
    fillMenu(this.$(".dmf-speed select"), SPEEDS.map((s) => [s, `${s}×`]), this.clock.speed, (value) => {
      this.clock.speed = Number(value);
      home();
    });
    fillMenu(
      this.$(".dmf-axis select"),
      axisChoices(run),
      `${this.axisName}${this.logTime && LOGS.includes(this.axisName) ? " log" : ""}`,
      (key) => {
        this.setAxis(...[key.split(" ")[0], key.endsWith(" log")]);
        home();
      },
    );
    this.root.querySelectorAll(".dmf-strip select").forEach((menu, slot) =>
      fillMenu(menu, stripChoices(run), this.strips.chosen(run, this.theory)[slot], (kind) => {
        this.chooseStrip(slot, kind);
        home();
      })
    );
    const picture = run.picture;
    const limit = picture ? (this.shown === "residual" ? picture.residual_limit : picture.limit) : 0;
    const ends = this.root.querySelectorAll(".dmf-colours span");
    ends[0].textContent = picture ? MINUS + printed(limit, 2) : "";
    ends[1].textContent = picture ? printed(limit, 2) : "";
    this.$(".dmf-caption span").textContent = this.given && this.shown === "W" && !(picture && picture.sides)
      ? "Rows and columns as given."
      : picture
      ? picture.captions[this.shown]
      : "";
    this.$(".dmf-order").textContent = this.given ? "Sort them" : "Show as given";
    this.$(".dmf-order").hidden = !picture || Boolean(picture.sides) || this.shown === "K";
    depthColours(this);
    tensorControls(this, home);
    this.$(".dmf-colours").style.visibility = picture ? "" : "hidden";
    this.$(".dmf-spectrum i").hidden = !run.true_values;
    for (const button of this.root.querySelectorAll(".dmf-transport [data-do]:not([data-do=help], [data-do=projector])")) {
      button.disabled = !run.frames;
    }
    showEnlarging(this);
    const pressed = { loop: this.clock.loop, future: this.hidden, projector: this.projector };
    for (const [name, on] of Object.entries(pressed)) {
      this.$(`[data-do=${name}]`).setAttribute("aria-pressed", String(Boolean(on)));
    }
    this.$("[data-do=future] span").textContent = this.hidden ? "Show the future" : "Hide the future";
    this.$(".dmf-centre").style.top = `${this.centreTop()}px`;
  }

  // Words in the empty picture stand below the dashed lines of the truth.
  centreTop() {
    const { y, y0, root } = this.curves;
    const truth = this.run.true_values || [];
    const lowest = truth.length ? y(truth[truth.length - 1]) : y0 / 2;
    return root.offsetTop + (y0 - lowest > 60 ? (lowest + y0) / 2 : y0 / 2) * this.zoom - 13;
  }

  speak() {
    speak(this);
  }
}
