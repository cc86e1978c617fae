// Two to four runs, one cursor: what comes from Python, how it is laid out, and what is drawn in every frame.

const AFTER = 0.004; // of the axis: runs that stop at one error end at it to within a step

// What Python sends: one line of JSON with the words and the lengths of the payloads, then the payloads.
function splitMany(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  const end = bytes.indexOf(10), text = (part) => new TextDecoder().decode(part);
  const head = JSON.parse(text(bytes.subarray(0, end)));
  let from = end + 1;
  const parts = head.lengths.map((length) => {
    const body = bytes.subarray(from, (from += length));
    return { id: text(body.subarray(7, 23)), read: () => decode(JSON.parse(text(body))) };
  });
  return { head, parts };
}

class Comparison extends Steered {
  constructor(root) {
    super();
    this.root = root;
    this.$ = (selector) => root.querySelector(selector);
    this.clock = new Clock((stopped) => this.moved(stopped));
    this.at = "error";
    this.log = false;
    this.shown = "W";
    this.chosen = 0;
    this.hidden = false;
    this.touched = false;
    this.helpOpen = false;
    this.runs = [];
    this.columns = [];
    this.decoded = new Map();
    this.track = new ComparedTrack(this.$(".dmf-track canvas"));
    this.table = new AtCursor(this.$(".dmf-table"));
    this.overlay = new Overlay(this.$(".dmf-overlay canvas"));
    this.overlaid = false;
    this.listen();
  }

  listen() {
    this.root.addEventListener("keydown", (event) => {
      if (keepsKey(event.target, event.key)) return;
      const action = keyAction(event, this);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    });
    this.$(".dmf-transport").addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      const does = { first: () => this.jump(0), back: () => this.move(-1), play: () => this.toggle(), on: () => this.move(1), last: () => this.jump(Infinity), help: () => this.help() };
      if (button) does[button.dataset.do]();
    });
    this.root.addEventListener("click", (event) => {
      const { action, open } = event.target.dataset;
      if (action) this.tellPython({ action });
      if (open) this.tellPython({ action: "open", run: open });
    });
    scrubbing(this.$(".dmf-track"), this.track, this);
    scrubbing(this.overlay.canvas, this.overlay, this, (x, y) => this.overlay.hit(x, y));
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(this.root);
  }

  tellPython(value) {
    this.send({ ...value, count: (this.sent = (this.sent || 0) + 1) });
  }

  close() {
    this.clock.pause();
    this.sizes.disconnect();
  }

  // Called on every mount, rerun and theme change.
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
    this.overlaid = head.overlaid;
    if (news) {
      this.ids = ids;
      this.decoded = new Map(parts.map((part) => [part.id, this.decoded.get(part.id) || part.read()]));
      this.swap(parts.map((part) => this.decoded.get(part.id)));
    } else {
      this.setAt(head.at, false);
      this.layout();
    }
    this.describe();
  }

  // Other runs, or more of the same ones, and then nothing jumps.
  swap(runs) {
    const before = this.runs, axisBefore = this.axes && this.axes.cursor;
    const same = before.length === runs.length && before.some((run, i) => run.run === runs[i].run && run.frames > 0) && this.at === this.head.at;
    const value = same ? between(axisBefore.column, this.clock.f) : 0;
    const grew = before.some((run) => run.growing);
    const atEnd = same && this.clock.f >= axisBefore.column.length - 1 - 1e-9;
    const playing = same && this.clock.playing;
    this.runs = runs;
    this.at = this.head.at;
    this.axes = commonAxes(this.at, runs, same ? this.axes : null);
    const { cursor } = this.axes, last = cursor.column.length - 1;
    const growing = runs.some((run) => run.growing);
    const drawn = runs.some((run) => run.frames > 0);
    // What the clock, the track and the gestures take for a run.
    this.run = { frames: drawn ? cursor.column.length : 0, events: [], growing, outcome: "", modes: Math.max(0, ...runs.map((run) => run.modes)) };
    if (!same) {
      this.clock.pause();
      this.touched = false;
    }
    this.clock.f = 0;
    this.clock.bind(cursor);
    if (same) this.clock.f = this.touched || !(grew || atEnd) ? frameAt(cursor.column, value) : last;
    else if (growing || compareAtRest()) this.clock.f = Math.max(last, 0);
    this.clock.bind(cursor);
    if (!Comparison.choices(runs).some(([key]) => key === this.shown)) this.shown = "W";
    this.build();
    this.layout();
    if (!same && drawn && !growing && !compareAtRest()) this.toggle();
    else if (playing && !this.clock.playing) this.clock.play();
    this.stamp();
  }

  static choices(runs) {
    const drawn = runs.filter((run) => run.picture);
    return SHOWN.filter(([key]) => drawn.every((run) => Matrix.choices(run).some(([has]) => has === key)));
  }

  build() {
    while (this.columns.length < this.runs.length) {
      const column = new Column();
      scrubbing(column.curves.canvas, column.curves, this, (x, y) => column.curves.hit(x, y, column.f));
      column.spectrum.canvas.addEventListener("click", (event) => this.select(column.spectrum.hit(event.offsetX)));
      this.columns.push(column);
    }
    while (this.columns.length > this.runs.length) this.columns.pop();
    this.$(".dmf-columns").replaceChildren(...this.columns.map((column) => column.element));
    this.root.dataset.columns = this.runs.length;
  }

  layout() {
    if (!this.runs.length || !this.tokens || !this.root.clientWidth) return;
    const { log, tokens, hidden, shown, runs } = this;
    const phone = this.columns[0].element.clientWidth < 420;
    this.root.dataset.narrow = phone ? 1 : 0;
    const limits = { value: 0, residual: 0 };
    for (const { picture } of runs) if (picture) {
      limits.value = Math.max(limits.value, picture.limit);
      limits.residual = Math.max(limits.residual, picture.residual_limit);
    }
    const views = runs.map((run, i) => ({ run: { ...run, events: [] }, axis: this.axes.each[i], log, tokens, hidden, shown, given: this.head.given, phone, selected: this.chosen, names: i === 0 || !this.oneTruth(), limits }));
    const needs = this.columns.map((column, i) => column.needs(views[i])).filter((_, i) => runs[i].frames || runs[i].true_values || !runs.some((run) => run.frames));
    const scale = { top: Math.max(...needs.map((need) => need.top)), low: Math.min(...needs.map((need) => need.low)), high: Math.max(...needs.map((need) => need.high)) };
    const bars = Math.max(8, ...runs.map((run) => Math.max(run.learned + 3, (run.true_values || []).length + 2)));
    const most = Math.min(bars, ...runs.filter((run) => run.frames).map((run) => run.modes));
    this.root.dataset.overlaid = this.overlaid ? 1 : 0;
    this.ready = this.columns.map((column, i) => column.layout({ ...views[i], scale, overlaid: this.overlaid }, most, (n, r) => this.barWords(n, r, i))).every(Boolean);
    if (this.overlaid) this.ready = this.overlay.layout(this.oneTruth() ? views : views.map((view) => ({ ...view, run: { ...view.run, true_values: null } })), scale) && this.ready;
    this.track.layout({ run: this.run, axis: this.axes.cursor, tokens, hidden, phone });
    this.table.layout(runs, this.head.runs, this.head.measured);
    this.sizeKey = this.sizeNow();
    this.controls();
    this.draw();
  }

  // Whether the dashed lines are the same in all columns.
  oneTruth() {
    const known = this.runs.filter((run) => run.true_values).map((run) => String(run.true_values));
    return known.every((truth) => truth === known[0]);
  }

  barWords(shown, run, i) {
    if (i > 0 || !run.frames) return "";
    const which = shown < run.modes_total ? `now, first ${shown} of ${run.modes_total}` : "now";
    return which + (run.true_values ? "; dashes: truth" : "");
  }

  sizeNow() {
    const panels = [this.track, this.overlay, ...this.columns.flatMap((column) => column.panels)];
    return panels.map(({ canvas }) => `${canvas.clientWidth}x${canvas.clientHeight}`).join() + devicePixelRatio;
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
    if (this.overlaid) this.overlay.draw(frames, u);
    this.columns.forEach((column, i) => {
      column.draw(frames[i], u);
      column.element.dataset.frame = Math.floor(frames[i] + 1e-6);
    });
    this.table.draw(frames, ended);
    this.track.draw(this.clock.f);
    this.stamp();
  }

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
    const values = { runs: this.runs.map((each) => each.run).join(), at: this.at, frame: Math.floor(clock.f + 1e-6), frames: run.frames, state, playing: clock.playing ? 1 : 0 };
    for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = value;
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
    const tensor = this.runs.some((run) => run.spectra.length);
    this.$(".dmf-picture span").textContent = tensor ? "First slice" : "Matrix";
    const shownRun = this.runs.find((run) => run.frames) || this.runs[0];
    const axis = `${shownRun && shownRun.word !== "mode" ? lowerFirst(shownRun.head) : "singular values"}, by ${atWords(this.at, this.runs)}`;
    this.columns.forEach((column, i) => column.tell(head.runs[i], i === 0 ? axis : "", this.runs[i], this.overlaid ? i : null));
    this.overlay.canvas.setAttribute("aria-label", `All runs in one picture: ${axis}. ${head.summary}`);
    this.root.setAttribute("aria-label", `Comparison, to be played: ${head.title}`);
    const { notice } = head, box = this.$(".dmf-notice");
    this.root.dataset.notice = notice.kind;
    box.hidden = notice.kind === "none";
    this.$(".dmf-summary").hidden = !box.hidden;
    box.querySelector("b").textContent = notice.lead;
    box.querySelector(".dmf-more").textContent = notice.text;
    box.querySelector(".dmf-mark").textContent = { error: "✕", stale: "△" }[notice.kind] || "";
    box.querySelector(".dmf-buttons").replaceChildren(...notice.buttons.map(([action, words]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.action = action;
      button.textContent = words;
      return button;
    }));
  }

  controls() {
    const focus = () => this.root.focus({ preventScroll: true });
    fillMenu(this.$(".dmf-speed select"), SPEEDS.map((s) => [s, `${s}×`]), this.clock.speed, (value) => { this.clock.speed = Number(value); focus(); });
    fillMenu(this.$(".dmf-at select"), Object.keys(EQUAL).map((key) => [key, atWords(key, this.runs)]), this.at, (key) => { this.setAt(key); focus(); });
    fillMenu(this.$(".dmf-picture select"), Comparison.choices(this.runs), this.shown, (key) => { this.show(key); focus(); });
    fillMenu(this.$(".dmf-together select"), [["0", "side by side"], ["1", "overlaid"]], this.overlaid ? "1" : "0", (key) => { this.setOverlaid(key === "1"); focus(); });
    fillMenu(this.$(".dmf-height select"), [["linear", "linear"], ["log", "log"]], this.log ? "log" : "linear", (key) => { this.setLog(key === "log"); focus(); });
    for (const button of this.root.querySelectorAll(".dmf-transport button[data-do]:not([data-do=help])")) button.disabled = !this.run.frames;
  }

  speak() {
    if (!this.run.frames || this.clock.playing) return;
    const now = this.axes.cursor.kind.say(between(this.axes.cursor.column, this.clock.f));
    const each = this.runs.map((run, i) => (run.series.entropy_rank ? `${this.head.runs[i].name}: effective rank ${printed(betweenLog(run.series.entropy_rank, this.columns[i].f), 3)}` : ""));
    this.$(".dmf-spoken").textContent = [now, ...each.filter(Boolean)].join(". ") + ".";
  }
}

export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".dmf");
  if (!root || !data) return undefined;
  if (!root.player) root.player = new Comparison(root);
  root.player.update(data, (value) => setTriggerValue("action", value));
  return () => root.player && root.player.close();
}
