// (a) Singular values over time. Past and future are drawn once; a frame copies a part of each and adds discs.

const SMOOTH = 5, MOST_PARTS = 12; // pixels between two points of a drawn curve, and parts of one interval at most

class Curves extends TimePanel {
  // Everything that does not move. `view`: run, axis, log, hidden (the future), tokens, phone, zoom.
  layout(view) {
    if (!this.measureUp(view)) return false;
    this.y0 = this.height - 6;
    this.y1 = 8;
    this.setScale();
    this.columns = null;
    this.paths = [];
    this.boxes = [];
    const lines = layer(this.width, this.height, this.ratio);
    this.strokes(lines.ctx);
    const contexts = [];
    this.paintLayers((ctx, past) => {
      this.ground(ctx, past);
      if (past || !view.hidden) {
        ctx.globalAlpha = past ? 1 : view.tokens.future;
        ctx.drawImage(lines.canvas, 0, 0, this.width, this.height);
        ctx.globalAlpha = 1;
      }
      contexts.push(ctx);
    });
    if (view.run.frames) this.labels(...contexts);
    else this.ghostNames(contexts);
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
  }

  ground(ctx, past) {
    const { tokens, run, log, hidden } = this.view;
    const marks = log ? decades(this.low, this.high, 6).map((e) => [10 ** e, decade(e)]) : ticks(0, this.top * 0.97, 4).map((v) => [v, printed(v)]);
    for (const [v, text] of marks) {
      const y = this.y(v);
      straight(ctx, this.x0 - 4, y, this.x0, y, tokens.ctl);
      write(ctx, tokens, text, Math.max(this.x0 - 8, measure(ctx, tokens, text)), y, { align: "right" }); // never cut
    }
    straight(ctx, this.x0, this.y0 + 0.5, this.x1, this.y0 + 0.5, tokens.ctl);
    for (const v of run.true_values || []) if (this.y(v) < this.y0 - 1) dashed(ctx, tokens, this.x0, this.x1, this.y(v));
    if (past || !hidden) for (const [mode, f] of run.events) {
      if (mode - 1 >= run.modes) continue;
      const x = this.x(f);
      straight(ctx, x, this.y(modeAt(run, mode - 1, f)), x, this.height, tokens.rule);
    }
    if (run.outcome === "diverged") straight(ctx, this.x(run.frames - 1) + 2, this.y1, this.x(run.frames - 1) + 2, this.height, tokens.err, 2);
  }

  // All curves in full colour, the large ones on top, clipped to the frame.
  strokes(ctx) {
    const { run, tokens } = this.view;
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.x0, 0, this.x1 - this.x0 + 4, this.height);
    ctx.clip();
    for (let k = run.modes - 1; k >= 0; k--) this.stroke(ctx, k, k < run.learned ? 2.2 : 1.4);
    ctx.restore();
  }

  stroke(ctx, k, width) {
    const { run, tokens } = this.view;
    ctx.lineJoin = "round";
    ctx.strokeStyle = tokens.line(k + 1);
    ctx.lineWidth = width;
    ctx.setLineDash(k >= 6 && k < MODES_COLOURED && k < run.learned ? [8, 2, 2, 2] : []);
    ctx.stroke(this.path(k));
    ctx.setLineDash([]);
  }

  path(k) {
    if (this.paths[k]) return this.paths[k];
    const { run } = this.view, path = new Path2D();
    let x = NaN, y = NaN;
    for (let i = this.view.axis.first || 0; i < run.frames; i++) {
      const to = [this.x(i), this.y(run.value(k, i))];
      const parts = k < run.learned && i ? Math.min(Math.ceil(Math.max(Math.abs(to[0] - x), Math.abs(to[1] - y)) / SMOOTH), MOST_PARTS) : 1;
      for (let part = 1; part < parts; part++) path.lineTo(this.x(i - 1 + part / parts), this.y(modeAt(run, k, i - 1 + part / parts)));
      path.lineTo(...to);
      [x, y] = to;
    }
    return (this.paths[k] = path);
  }

  // The selected mode and the lit one are drawn over the picture, thicker: selecting costs one curve, not all.
  emphasise(mode, x) {
    const { ctx, view } = this;
    if (!mode || mode > view.run.modes) return;
    const parts = [[this.x0, x, 1], [x, this.x1 + 4, view.hidden ? 0 : view.tokens.future]];
    for (const [from, to, alpha] of parts) {
      if (!alpha || to <= from) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(from, 0, to - from, this.height);
      ctx.clip();
      ctx.globalAlpha = alpha * (view.lit && view.lit !== mode ? UNLIT : 1);
      this.stroke(ctx, mode - 1, mode - 1 < view.run.learned ? 3.6 : 2.4);
      ctx.restore();
    }
  }

  draw(f) {
    const { run, selected, lit, theory } = this.view;
    const x = this.sweep(f);
    if (!run.frames) return;
    this.emphasise(selected, x);
    if (lit !== selected) this.emphasise(lit, x);
    this.cursor(x, this.y1 - 6);
    this.event(f);
    if (theory) this.tangents(f, x);
    this.discs(f, x);
  }

  // Where the cursor meets the curve of a mode: here its numbers are shown.
  meeting(mode, f) {
    const found = (this.shown || []).find(([, , each]) => each === mode);
    return found ? [found[0], found[1]] : [this.x(f), this.y(modeAt(this.view.run, mode - 1, f))];
  }

  discs(f, x) {
    const { ctx, view } = this;
    const { run, tokens, phone, selected, lit, log } = view;
    const r = phone ? 7.5 : 9;
    this.shown = [];
    const placed = [];
    const most = Math.min(Math.max(run.learned, 1), MODES_COLOURED, run.modes);
    for (let k = 0; k < most; k++) {
      const y = this.y(modeAt(run, k, f));
      if (y < this.y1 - 6 || (y > this.y0 - 10 && k + 1 !== selected)) continue;
      let shift = 0;
      while (shift < 4 && placed.some(([s, other]) => s === shift && Math.abs(other - y) < 15 + r - 7.5)) shift++;
      if (shift === 4) continue;
      placed.push([shift, y]);
      this.shown.push([x - 17 * shift, y, k + 1, shift]);
    }
    for (const [dx, y, mode, shift] of this.shown) if (shift) straight(ctx, dx, y, x, y, tokens.line(mode), 1.4);
    for (const [dx, y, mode] of this.shown.slice().reverse()) disc(ctx, tokens, dx, y, r, mode, mode === (lit || selected));
  }

  // The mode under a point, or 0.
  hit(px, py, f) {
    const { run, axis, log, hidden } = this.view;
    for (const [x, y, mode] of this.shown || []) if (Math.hypot(px - x, py - y) < 14) return mode;
    if (px < this.x0 || px > this.x1 || !run.frames || (hidden && px > this.x(f))) return 0;
    const at = axisFrame(axis, (px - this.x0) / (this.x1 - this.x0));
    let best = 0, distance = 8;
    for (let k = 0; k < Math.min(run.modes, Math.max(run.learned, 1)); k++) {
      for (const near of [at, axisFrame(axis, (px - 3 - this.x0) / (this.x1 - this.x0)), axisFrame(axis, (px + 3 - this.x0) / (this.x1 - this.x0))]) {
        const y = this.y(modeAt(run, k, near));
        if (y < this.y0 - 8 && Math.abs(y - py) < distance) [best, distance] = [k + 1, Math.abs(y - py)];
      }
    }
    return best;
  }
}
