// The player: one run, one cursor, six panels that follow it.

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class Player {
  constructor(root) {
    this.root = root;
    this.$ = (selector) => root.querySelector(selector);
    this.clock = new Clock((stopped) => this.moved(stopped));
    this.axisName = "time";
    this.log = false;
    this.shown = "W";
    this.given = false; // rows and columns as given rather than sorted
    this.chosen = null; // the selected mode; null: the one that is growing
    this.hidden = false; // the future
    this.touched = false; // the person has moved the cursor of this run
    this.helpOpen = false;
    this.curves = new Curves(this.$(".dmf-curves canvas"));
    this.spectrum = new Spectrum(this.$(".dmf-spectrum canvas"));
    this.matrix = new Matrix(this.$(".dmf-matrix canvas"));
    this.strips = new Strips(this.$(".dmf-strips canvas"));
    this.track = new Track(this.$(".dmf-track canvas"));
    this.equation = new Equation(this.$(".dmf-equation"), this);
    this.listen();
  }

  listen() {
    const { root } = this;
    root.addEventListener("keydown", (event) => {
      if (keepsKey(event.target, event.key)) return;
      const action = keyAction(event, this);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation(); // the frame has hot keys of its own
      action();
    });
    this.$(".dmf-transport").addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      const does = { first: () => this.jump(0), back: () => this.move(-1), play: () => this.toggle(), on: () => this.move(1), last: () => this.jump(Infinity), help: () => this.help() };
      if (button) does[button.dataset.do]();
    });
    this.$(".dmf-buttons").addEventListener("click", (event) => {
      const action = event.target.dataset.action;
      if (action) this.send({ action, run: this.run.run, count: (this.sent = (this.sent || 0) + 1) });
    });
    this.$(".dmf-order").addEventListener("click", () => { this.given = !this.given; this.layout(); });
    scrubbing(this.curves.canvas, this.curves, this, (x, y) => this.curves.hit(x, y, this.clock.f));
    scrubbing(this.strips.canvas, this.strips, this);
    scrubbing(this.$(".dmf-track"), this.track, this);
    this.spectrum.canvas.addEventListener("click", (event) => {
      const mode = this.spectrum.hit(event.offsetX);
      if (mode) this.select(mode);
    });
    this.sizes = new ResizeObserver(() => this.resized());
    for (const panel of [this.curves, this.spectrum, this.matrix, this.strips, this.track]) this.sizes.observe(panel.canvas);
    this.app = document.querySelector("[data-test-connection-state]");
    this.connection = new MutationObserver(() => this.tell());
    if (this.app) this.connection.observe(this.app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  }

  close() {
    this.clock.pause();
    this.sizes.disconnect();
    this.connection.disconnect();
  }

  // Called on every mount, rerun and theme change.
  update(data, send) {
    this.send = send;
    const { notice, id, read } = split(data);
    this.notice = notice;
    const dark = isDark(this.root);
    const recolour = !this.tokens || dark !== this.dark;
    if (recolour) {
      this.dark = dark;
      this.root.dataset.theme = dark ? "dark" : "light";
      this.tokens = readTokens(this.root);
    }
    this.tell();
    if (id !== this.id) {
      this.id = id;
      this.swap(read());
    } else if (recolour) this.layout();
  }

  // A run instead of the one before; or more of the same one, and then nothing jumps.
  swap(run) {
    const before = this.run, axisBefore = this.axis;
    const same = before && before.run === run.run && before.frames > 0 && run.frames > 0;
    const value = same ? between(axisBefore.column, this.clock.f) : 0;
    const atEnd = same && this.clock.f >= before.frames - 1 - 1e-9;
    const playing = same && this.clock.playing;
    this.run = run;
    this.shown = Matrix.choices(run).some(([key]) => key === this.shown) ? this.shown : "W";
    this.axis = makeAxis(this.axisName, run, same ? axisBefore : null);
    if (!same) {
      this.touched = false;
      this.chosen = null;
      this.given = Boolean(run.picture && run.picture.as_given);
      this.clock.pause();
    }
    this.clock.f = 0;
    this.clock.bind(this.axis);
    const last = run.frames - 1;
    if (same) this.clock.f = this.touched || !(before.growing || atEnd) ? frameAt(this.axis.column, value) : last;
    else if (run.growing) this.clock.f = Math.max(last, 0);
    else if (still()) this.clock.f = run.events.length ? run.events[run.events.length - 1][1] : Math.max(last, 0);
    this.clock.bind(this.axis);
    this.describe();
    this.layout();
    if (!same && run.frames > 1 && !run.growing && !still()) this.toggle();
    else if (playing && !this.clock.playing) this.clock.play();
    this.stamp();
  }

  view() {
    const width = this.root.clientWidth;
    const phone = width < 720;
    const { run, axis, log, tokens, hidden, shown, given } = this;
    return { run, axis, log, tokens, hidden, shown, given, phone, selected: this.selected };
  }

  layout() {
    if (!this.run || !this.tokens) return;
    this.selected = this.selectedNow();
    const view = this.view();
    this.ready = this.curves.layout(view);
    if (!this.ready) return;
    this.spectrum.layout(view, this.curves);
    this.strips.layout(view);
    this.track.layout(view);
    this.matrix.layout(view);
    this.equation.layout(view);
    this.sizeKey = this.sizeNow();
    this.controls();
    this.draw();
  }

  sizeNow() {
    return [this.curves, this.spectrum, this.matrix, this.strips, this.track].map((panel) => `${panel.canvas.clientWidth}x${panel.canvas.clientHeight}`).join() + devicePixelRatio;
  }

  resized() {
    if (this.run && this.sizeNow() !== this.sizeKey) this.layout();
  }

  draw() {
    if (!this.ready) return;
    const { f } = this.clock;
    this.curves.draw(f);
    this.spectrum.draw(f);
    this.strips.draw(f);
    this.track.draw(f);
    this.matrix.draw(f);
    this.equation.draw(f, this.clock.playing);
    this.stamp();
  }

  // After every movement of the clock.
  moved(stopped) {
    const selected = this.selectedNow();
    if (selected !== this.selected) this.layout(); // a thicker curve: the two layers are drawn anew
    else this.draw();
    if (stopped) {
      this.stamp();
      this.speak();
    }
  }

  selectedNow() {
    if (!this.run) return 0;
    return this.chosen === null ? growingMode(this.run, this.clock.f) : this.chosen;
  }

  // What tests and style sheets read, and the few words that change with the frame.
  stamp() {
    const { root, run, clock } = this;
    const frame = Math.floor(clock.f + 1e-6);
    const state = !run.frames ? "empty" : run.growing ? "growing" : clock.playing ? "playing" : "paused";
    const values = { run: run.run, frame, frames: run.frames, state, playing: clock.playing ? 1 : 0 };
    for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = value;
    const title = titleAt(run, clock.f);
    if (this.title !== title) this.$(".dmf-title").textContent = this.title = title;
    const count = run.frames ? `${printed(frame + 1, 9)} of ${printed(run.frames, 9)}` : "";
    if (this.count !== count) {
      this.$(".dmf-count").textContent = this.count = count;
      const track = this.$(".dmf-track");
      track.setAttribute("aria-valuenow", frame);
      if (run.frames) track.setAttribute("aria-valuetext", this.axis.kind.say(between(this.axis.column, clock.f)));
    }
    if (this.wasPlaying !== clock.playing) {
      this.wasPlaying = clock.playing;
      this.$(".dmf-play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
    }
  }

  // Words that change with the run only.
  describe() {
    const { run } = this;
    const summary = run.summary.join(" ");
    this.$(".dmf-summary").textContent = summary;
    this.$(".dmf-runline").textContent = run.run_line;
    this.$(".dmf-foot").textContent = run.provenance;
    const about = (selector, text) => this.$(selector).setAttribute("aria-label", text);
    about(".dmf-curves canvas", `Singular values of W over time. ${summary}`);
    about(".dmf-spectrum canvas", "The singular values at the moment shown, beside those of the truth.");
    about(".dmf-strips canvas", "Mean squared error and effective rank over time.");
    const track = this.$(".dmf-track");
    track.setAttribute("aria-valuemin", 0);
    track.setAttribute("aria-valuemax", Math.max(run.frames - 1, 0));
    this.root.setAttribute("aria-label", `Run, to be played: ${run.run_line}`);
  }

  controls() {
    const { run } = this;
    fillSwitch(this.$(".dmf-scale"), [["linear", "linear"], ["log", "log"]], this.log ? "log" : "linear", (key) => this.setLog(key === "log"));
    fillSwitch(this.$(".dmf-shown"), Matrix.choices(run), this.shown, (key) => this.show(key));
    fillMenu(this.$(".dmf-speed select"), SPEEDS.map((s) => [s, `${s}×`]), this.clock.speed, (value) => { this.clock.speed = Number(value); this.root.focus({ preventScroll: true }); });
    fillMenu(this.$(".dmf-axis select"), Object.entries(AXES).map(([key, axis]) => [key, axis.name]), this.axisName, (key) => { this.setAxis(key); this.root.focus({ preventScroll: true }); });
    const picture = run.picture;
    const limit = picture ? (this.shown === "residual" ? picture.residual_limit : picture.limit) : 0;
    const ends = this.root.querySelectorAll(".dmf-colours span");
    ends[0].textContent = picture ? MINUS + printed(limit, 2) : "";
    ends[1].textContent = picture ? printed(limit, 2) : "";
    const caption = picture ? picture.captions[this.shown] : "";
    this.$(".dmf-caption span").textContent = this.given && this.shown === "W" ? "Rows and columns as given." : caption;
    const order = this.$(".dmf-order");
    order.textContent = this.given ? "Sort them" : "Show as given";
    order.hidden = !picture;
    this.$(".dmf-colours").style.visibility = picture ? "" : "hidden";
    this.$(".dmf-spectrum i").hidden = !run.true_values;
    for (const button of this.root.querySelectorAll(".dmf-transport [data-do]:not([data-do=help])")) button.disabled = !run.frames;
    this.$(".dmf-centre").style.top = `${this.centreTop()}px`;
    this.matrix.canvas.setAttribute("aria-label", `${this.shown === "W" ? "The matrix W" : `The matrix: ${this.shown}`}. ${caption}`);
  }

  // Words in the empty picture stand below the dashed lines of the truth.
  centreTop() {
    const { y, y0, canvas } = this.curves;
    const truth = this.run.true_values || [];
    const lowest = truth.length ? y(truth[truth.length - 1]) : y0 / 2;
    return canvas.offsetTop + (y0 - lowest > 60 ? (lowest + y0) / 2 : y0 / 2) - 13;
  }

  // The state in words, with its buttons.
  tell() {
    const lost = this.app && !/CONNECTED$/.test(this.app.dataset.testConnectionState || "CONNECTED");
    const notice = lost ? { kind: "reconnecting", lead: "Connection lost;", text: "the run on this page still plays.", buttons: [] } : this.notice;
    if (!notice) return;
    const key = JSON.stringify(notice);
    if (key === this.told) return;
    this.told = key;
    this.root.dataset.notice = notice.kind;
    const centred = notice.kind === "empty";
    const box = this.$(".dmf-notice"), centre = this.$(".dmf-centre");
    box.hidden = notice.kind === "none" || (centred && !notice.text && !notice.buttons.length);
    this.$(".dmf-summary").hidden = !box.hidden;
    box.querySelector("b").textContent = centred ? "" : notice.lead;
    box.querySelector(".dmf-more").textContent = notice.text;
    box.querySelector(".dmf-mark").textContent = { diverged: "✕", error: "✕", stale: "△" }[notice.kind] || "";
    centre.hidden = !centred && notice.kind !== "error";
    centre.innerHTML = "<span></span>";
    centre.firstChild.textContent = centred ? notice.lead : "No run to show.";
    if (notice.kind === "error" && this.run && this.run.frames) centre.hidden = true;
    box.querySelector(".dmf-buttons").replaceChildren(...notice.buttons.map(([action, label]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.action = action;
      button.textContent = label;
      return button;
    }));
  }

  speak() {
    const { run, axis, clock } = this;
    if (!run.frames || clock.playing) return;
    const error = run.series.observed_error;
    const now = axis.kind.say(between(axis.column, clock.f));
    this.$(".dmf-spoken").textContent = `${now}. ${titleAt(run, clock.f)}.${error ? ` Observed error ${printed(betweenLog(error, clock.f), 2)}.` : ""}`;
  }

  // What keys, buttons and gestures do.
  toggle() {
    if (this.clock.playing) this.clock.pause();
    else this.clock.play();
    this.stamp();
    this.speak();
  }

  byHand(f) {
    this.touched = true;
    this.clock.pause();
    this.clock.go(f);
  }

  scrub(u) {
    this.byHand(axisFrame(this.axis, u));
  }

  move(steps) {
    const { f } = this.clock;
    this.byHand(steps > 0 ? Math.floor(f + 1e-6) + steps : Math.ceil(f - 1e-6) + steps);
    this.speak();
  }

  jump(f) {
    this.byHand(f);
    this.speak();
  }

  nextEvent() {
    const next = this.run.events.find(([, at]) => at > this.clock.f + 1e-6);
    const f = next ? next[1] : this.run.frames - 1;
    this.touched = true;
    if (still()) this.jump(f);
    else if (this.clock.f < f) this.clock.play(f);
    this.stamp();
  }

  previousEvent() {
    const before = this.run.events.filter(([, at]) => at < this.clock.f - 1e-6);
    this.jump(before.length ? before[before.length - 1][1] : 0);
  }

  faster(by) {
    const at = SPEEDS.indexOf(this.clock.speed) + by;
    if (SPEEDS[at]) this.clock.speed = SPEEDS[at];
    this.controls();
  }

  select(mode) {
    if (mode > this.run.modes) return;
    this.chosen = mode;
    this.layout();
  }

  show(key) {
    if (!Matrix.choices(this.run).some(([choice]) => choice === key)) return;
    this.shown = key;
    this.layout();
  }

  setLog(log) {
    this.log = log;
    this.layout();
  }

  setAxis(name) {
    this.axisName = name;
    this.axis = makeAxis(name, this.run, null);
    this.clock.bind(this.axis);
    this.layout();
  }

  nextAxis() {
    const names = Object.keys(AXES);
    this.setAxis(names[(names.indexOf(this.axisName) + 1) % names.length]);
  }

  hideFuture() {
    this.hidden = !this.hidden;
    this.layout();
  }

  help() {
    this.helpOpen = !this.helpOpen;
    const panel = this.$(".dmf-help");
    fillHelp(panel);
    panel.hidden = !this.helpOpen;
  }
}

export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".dmf");
  if (!root || !data) return undefined;
  if (!root.player) root.player = new Player(root);
  root.player.update(data, (value) => setTriggerValue("action", value));
  return () => root.player && root.player.close();
}
