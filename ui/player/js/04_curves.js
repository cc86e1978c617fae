// (a) Singular values over time. Past and future are drawn once; a frame copies a part of each and adds discs.

const HEIGHTS = 40; // curves that words keep clear of

class Curves {
  constructor(canvas) {
    this.canvas = canvas;
    this.boxes = [];
  }

  // Everything that does not move. `view`: run, axis, log, selected, hidden (the future), tokens, phone.
  layout(view) {
    const fitted = fit(this.canvas);
    if (!fitted) return false;
    Object.assign(this, fitted, { view });
    this.x0 = view.phone ? 26 : 44;
    this.x1 = this.width - (view.phone ? 9 : 14);
    this.y0 = this.height - 6;
    this.y1 = 8;
    this.setScale();
    this.columns = null;
    this.boxes = [];
    const { run } = view;
    const future = layer(this.width, this.height, this.ratio), past = layer(this.width, this.height, this.ratio);
    const lines = layer(this.width, this.height, this.ratio);
    this.strokes(lines.ctx);
    for (const each of [future, past]) this.ground(each.ctx, each === past);
    future.ctx.setTransform(1, 0, 0, 1, 0, 0);
    past.ctx.setTransform(1, 0, 0, 1, 0, 0);
    if (!view.hidden) {
      future.ctx.globalAlpha = view.tokens.future;
      future.ctx.drawImage(lines.canvas, 0, 0);
      future.ctx.globalAlpha = 1;
    }
    past.ctx.drawImage(lines.canvas, 0, 0);
    for (const each of [future, past]) each.ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (run.frames) this.labels(future.ctx, past.ctx);
    else this.ghostNames([past.ctx, future.ctx]);
    this.past = past.canvas;
    this.future = future.canvas;
    return true;
  }

  setScale() {
    const { run, log } = this.view;
    const truth = run.true_values || [];
    let top = 0, least = Infinity;
    for (let i = 0; i < run.values.length; i++) if (run.values[i] > top) top = run.values[i];
    const known = truth.length ? truth[0] : 0;
    if (run.outcome === "diverged" && known > 0) top = Math.min(top, 1.04 * known); // curves leave the frame
    this.top = (log ? 2 : 1.1) * Math.max(top, known) || 1;
    for (let k = 0; k < Math.max(run.learned, 1) && k < run.modes; k++) {
      for (let i = 0; i < run.frames; i++) if (run.value(k, i) > 0) least = Math.min(least, run.value(k, i));
    }
    this.high = Math.log10(this.top);
    this.low = Math.max(isFinite(least) ? Math.log10(least) - 0.3 : this.high - 4, this.high - 9);
    if (this.high - this.low < 1) this.low = this.high - 1;
    const span = this.y0 - this.y1;
    this.y = log
      ? (v) => this.y0 - (span * Math.max(0, Math.log10(Math.max(v, TINY)) - this.low)) / (this.high - this.low)
      : (v) => this.y0 - (span * v) / this.top;
    this.x = (f) => this.x0 + axisPlace(this.view.axis, f) * (this.x1 - this.x0);
  }

  ground(ctx, past) {
    const { tokens, run, log, hidden } = this.view;
    const marks = log ? decades(this.low, this.high, 6).map((e) => [10 ** e, decade(e)]) : ticks(0, this.top * 0.97, 4).map((v) => [v, printed(v)]);
    for (const [v, text] of marks) {
      const y = this.y(v);
      straight(ctx, this.x0 - 4, y, this.x0, y, tokens.ctl);
      write(ctx, tokens, text, this.x0 - 8, y, { align: "right" });
    }
    straight(ctx, this.x0, this.y0 + 0.5, this.x1, this.y0 + 0.5, tokens.ctl);
    for (const v of run.true_values || []) if (this.y(v) < this.y0 - 1) dashed(ctx, tokens, this.x0, this.x1, this.y(v));
    if (past || !hidden) for (const [mode, f] of run.events) {
      if (mode - 1 >= run.modes) continue;
      const x = this.x(f);
      straight(ctx, x, this.y(modeAt(run, mode - 1, f, log)), x, this.height, tokens.rule);
    }
    if (run.outcome === "diverged") straight(ctx, this.x(run.frames - 1) + 2, this.y1, this.x(run.frames - 1) + 2, this.height, tokens.err, 2);
  }

  // All curves in full colour, the large ones on top, clipped to the frame.
  strokes(ctx) {
    const { run, tokens, selected } = this.view;
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.x0, 0, this.x1 - this.x0 + 4, this.height);
    ctx.clip();
    ctx.lineJoin = "round";
    for (let k = run.modes - 1; k >= 0; k--) if (k + 1 !== selected) this.stroke(ctx, k, false);
    if (selected && selected <= run.modes) this.stroke(ctx, selected - 1, true);
    ctx.restore();
  }

  stroke(ctx, k, selected) {
    const { run, tokens } = this.view;
    ctx.beginPath();
    for (let i = 0; i < run.frames; i++) ctx.lineTo(this.x(i), this.y(run.value(k, i)));
    ctx.strokeStyle = tokens.line(k + 1);
    ctx.lineWidth = selected ? 3.6 : k < run.learned ? 2.2 : 1.4;
    ctx.setLineDash(k >= 6 && k < MODES_COLOURED && k < run.learned ? [8, 2, 2, 2] : []);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  // For every learned mode the height at every pixel column, to find room for words.
  heights() {
    if (this.columns) return this.columns;
    const { run, log, axis } = this.view;
    this.columns = [];
    for (let k = 0; k < Math.min(Math.max(run.learned, 1) + 1, HEIGHTS, run.modes); k++) {
      this.columns.push(pixelHeights(this, axis, (f) => this.y(modeAt(run, k, f, log))));
    }
    return this.columns;
  }

  isFree(box, ghosts = true) {
    if (this.boxes.some((other) => overlap(box, other))) return false;
    if (ghosts) for (const v of this.view.run.true_values || []) if (this.y(v) > box[1] && this.y(v) < box[3]) return false;
    return !this.heights().some((column) => crosses(column, this.x0, box));
  }

  labels(future, past) {
    const { run, tokens, hidden, log } = this.view;
    const both = [past, future];
    if (run.ended && run.learned < run.modes_total) this.baseline(hidden ? [past] : both);
    if (run.ended) this.names(hidden ? [past] : both);
    this.ghostNames(both);
    if (!log) this.waiting(both);
  }

  baseline(contexts) {
    const { run, tokens, phone, log } = this.view;
    if (log || run.learned >= run.modes) return;
    const first = run.learned + 1, last = run.modes_total;
    const text = (phone ? "" : "mode" + (first === last ? " " : "s ")) + (first === last ? first : `${first} to ${last}`);
    const width = measure(contexts[0], tokens, text);
    const y = this.y(run.value(run.learned, run.frames - 1)) - 11;
    const box = [this.x1 - 14 - width, y - 7, this.x1, y + 7];
    if (!this.isFree(box)) return;
    this.boxes.push(box);
    for (const ctx of contexts) write(ctx, tokens, text, this.x1 - 12, y, { align: "right" });
  }

  // "mode k" above its ghost line at the right end; where it is tight the larger one keeps its name.
  names(contexts) {
    const { run, tokens } = this.view;
    for (let k = 0; k < Math.min(run.learned, MODES_COLOURED); k++) {
      const text = `mode ${k + 1}`;
      const width = measure(contexts[0], tokens, text, 12, 600);
      const end = this.y(run.value(k, run.frames - 1));
      const truth = run.true_values && run.true_values[k] ? this.y(run.true_values[k]) : end;
      const above = (Math.abs(truth - end) < 16 ? Math.min(truth, end) : end) - 10;
      const box = [this.x1 - 14 - width, above - 7, this.x1, above + 7]; // the last 12 pixels are for the disc
      if (!this.isFree(box)) continue;
      this.boxes.push(box);
      for (const ctx of contexts) write(ctx, tokens, text, this.x1 - 12, above, { align: "right", weight: 600, colour: tokens.text(k + 1) });
    }
  }

  ghostNames(contexts) {
    const { run, tokens, phone } = this.view;
    (run.true_values || []).forEach((v, k) => {
      const text = `${k ? "" : "true "}σ${"₀₁₂₃₄₅₆₇₈₉"[k + 1] || "₁" + "₀₁₂₃"[k - 9]} ${phone ? "" : "= "}${printed(v, 3, true)}`;
      const width = measure(contexts[0], tokens, text);
      const y = this.y(v) - 10;
      if (y > this.y0 - 10) return;
      const end = run.frames ? this.x1 - width : this.x0 + 9;
      for (let x = this.x0 + 8; x < end; x += 8) {
        const box = [x - 2, y - 7, x + width + 4, y + 7];
        if (!this.isFree(box)) continue;
        this.boxes.push(box);
        for (const ctx of contexts) write(ctx, tokens, text, x, y, { colour: tokens.ink2 });
        return;
      }
    });
  }

  waiting(contexts) {
    const { run, tokens, phone } = this.view;
    if (phone || !run.events.length || !this.heights().length) return;
    const box = [this.x0 + 8, this.y0 - 44, this.x0 + 130, this.y0 - 4];
    const flat = this.heights().every((column) => column.slice(0, 134).every((y) => y > this.y0 - 3));
    if (!flat || this.boxes.some((other) => overlap(other, box))) return;
    this.boxes.push(box);
    for (const ctx of contexts) {
      write(ctx, tokens, "waiting: modes grow,", this.x0 + 10, this.y0 - 32);
      write(ctx, tokens, "too small to see", this.x0 + 10, this.y0 - 16);
    }
  }

  draw(f) {
    const { ctx, view } = this;
    const { run, tokens } = view;
    ctx.clearRect(0, 0, this.width, this.height);
    const x = this.x(f);
    copy(ctx, this.past, 0, x, this.height, this.ratio);
    copy(ctx, this.future, x, this.width, this.height, this.ratio);
    if (!run.frames) return;
    straight(ctx, x, this.y1 - 6, x, this.height, tokens.ink, 1.4, run.outcome === "cancelled" ? [2, 3] : []);
    this.event(f);
    this.discs(f, x);
  }

  // Only the latest passed event is spelt out, beside its curve at half height.
  event(f) {
    const { run } = this.view;
    const passed = run.events.filter(([mode, at]) => at <= f && mode <= run.modes);
    for (const event of passed.slice(-2).reverse()) if (this.spell(event, f)) return; // no room yet: the one before stays
  }

  spell([mode, at, t], f) {
    const { ctx, view } = this;
    const { run, tokens, log } = view;
    const first = `mode ${mode} born`, second = `t = ${printed(t)}`;
    const width = Math.max(measure(ctx, tokens, first, 12, 600), measure(ctx, tokens, second));
    const x = this.x(at), y = this.y(modeAt(run, mode - 1, at, log)), now = this.x(f);
    for (const dy of [0, -24, 24, -48, 48, -80, 80]) {
      for (const left of [x - 10 - width, x + 10]) {
        const box = [left - 3, y + dy - 24, left + width + 3, y + dy + 10];
        if (box[0] < this.x0 || box[2] > this.x1 || box[1] < 0 || box[3] > this.y0) continue;
        if (box[0] < now + 11 && box[2] > now - 11) continue; // the cursor and its discs
        if (!this.isFree(box)) continue;
        const right = left < x;
        const edge = right ? left + width : left;
        write(ctx, tokens, first, edge, y + dy - 15, { weight: 600, colour: tokens.text(mode), align: right ? "right" : "left" });
        write(ctx, tokens, second, edge, y + dy + 1, { colour: tokens.ink2, align: right ? "right" : "left" });
        return true;
      }
    }
    return false;
  }

  discs(f, x) {
    const { ctx, view } = this;
    const { run, tokens, phone, selected, log } = view;
    const r = phone ? 7.5 : 9;
    this.shown = [];
    const placed = [];
    const most = Math.min(Math.max(run.learned, 1), MODES_COLOURED, run.modes);
    for (let k = 0; k < most; k++) {
      const y = this.y(modeAt(run, k, f, log));
      if (y < this.y1 - 6 || (y > this.y0 - 10 && k + 1 !== selected)) continue;
      let shift = 0;
      while (shift < 4 && placed.some(([s, other]) => s === shift && Math.abs(other - y) < 15 + r - 7.5)) shift++;
      if (shift === 4) continue;
      placed.push([shift, y]);
      this.shown.push([x - 17 * shift, y, k + 1, shift]);
    }
    for (const [dx, y, mode, shift] of this.shown) if (shift) straight(ctx, dx, y, x, y, tokens.line(mode), 1.4);
    for (const [dx, y, mode] of this.shown.slice().reverse()) disc(ctx, tokens, dx, y, r, mode, mode === selected);
  }

  // The mode under a point, or 0.
  hit(px, py, f) {
    const { run, axis, log } = this.view;
    for (const [x, y, mode] of this.shown || []) if (Math.hypot(px - x, py - y) < 14) return mode;
    if (px < this.x0 || px > this.x1 || !run.frames) return 0;
    const at = axisFrame(axis, (px - this.x0) / (this.x1 - this.x0));
    let best = 0, distance = 8;
    for (let k = 0; k < Math.min(run.modes, Math.max(run.learned, 1)); k++) {
      for (const near of [at, axisFrame(axis, (px - 3 - this.x0) / (this.x1 - this.x0)), axisFrame(axis, (px + 3 - this.x0) / (this.x1 - this.x0))]) {
        const y = this.y(modeAt(run, k, near, log));
        if (y < this.y0 - 8 && Math.abs(y - py) < distance) [best, distance] = [k + 1, Math.abs(y - py)];
      }
    }
    return best;
  }

  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}
