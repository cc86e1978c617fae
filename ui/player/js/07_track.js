// The track: the time axis once more, to be dragged, with the events on it.

class Track {
  constructor(canvas) {
    this.canvas = canvas;
  }

  layout(view) {
    const fitted = fit(this.canvas);
    if (!fitted) return false;
    Object.assign(this, fitted, { view });
    this.x0 = view.phone ? 26 : 44;
    this.x1 = this.width - (view.phone ? 9 : 14);
    this.x = (f) => this.x0 + axisPlace(view.axis, f) * (this.x1 - this.x0);
    this.marks = axisTicks(view.axis, this.x1 - this.x0);
    this.line = 12;
    this.events = this.fan();
    return true;
  }

  // Events closer than a disc fan out to the left; of a crowd the first three stay and the rest is counted.
  fan() {
    const { run } = this.view;
    const found = [];
    let crowd = 0;
    for (let i = run.events.length - 1; i >= 0; i--) {
      const [mode, f] = run.events[i];
      let x = this.x(f);
      const next = found.length ? found[found.length - 1] : null;
      if (next && next.x - x < 16) {
        x = next.x - 17;
        if (next.chain >= 3 || x < this.x0) { crowd++; continue; }
        found.push({ mode, f, x, at: this.x(f), chain: next.chain + 1 });
      } else found.push({ mode, f, x, at: x, chain: 0 });
    }
    this.crowd = crowd;
    return found;
  }

  draw(f) {
    const { ctx, view } = this;
    const { run, tokens, axis, hidden, phone } = view;
    ctx.clearRect(0, 0, this.width, this.height);
    ctx.lineCap = "round";
    ctx.globalAlpha = 0.55;
    straight(ctx, this.x0, this.line, this.x1, this.line, tokens.ctl, 3);
    ctx.globalAlpha = 1;
    if (!run.frames) { ctx.lineCap = "butt"; return; }
    const x = this.x(f);
    straight(ctx, this.x0, this.line, run.growing ? this.x(run.frames - 1) : x, this.line, tokens.ink, 3);
    ctx.lineCap = "butt";
    if (run.outcome === "diverged") straight(ctx, this.x(run.frames - 1) + 1, 0, this.x(run.frames - 1) + 1, this.line + 8, tokens.err, 1.6);
    for (const event of this.events) {
      if (hidden && event.f > f) continue;
      if (event.at !== event.x) straight(ctx, event.x, this.line, event.at, this.line, tokens.line(event.mode), 3);
      disc(ctx, tokens, event.x, this.line, phone ? 7 : 8, event.mode, false);
    }
    if (this.crowd) write(ctx, tokens, `+${this.crowd}`, this.events.length ? Math.max(this.x0 + 4, this.events[this.events.length - 1].x - 24) : this.x0, this.line - 7, { halo: true });
    straight(ctx, x, 0, x, this.line, tokens.ink, 1.4);
    ctx.beginPath();
    ctx.arc(x, this.line, phone ? 11 : 10, 0, 7);
    ctx.fillStyle = tokens.ink;
    ctx.fill();
    this.times(x, axis.kind.say(between(axis.column, f)));
  }

  // Tick labels, and the current value in bold in place of those that are too near.
  times(x, now) {
    const { ctx, view } = this;
    const { tokens, axis } = view;
    const half = measure(ctx, tokens, now, 13, 600) / 2;
    const middle = Math.max(this.x0 + half - 8, Math.min(this.x1 - half + 6, x));
    for (const [v, text] of this.marks) {
      const width = measure(ctx, tokens, text) / 2;
      const raw = this.x0 + ((v - axis.low) / (axis.high - axis.low)) * (this.x1 - this.x0);
      const place = Math.min(Math.max(raw, this.x0 + width - 2), this.x1 - width + 4);
      if (Math.abs(place - middle) > half + width + 8) write(ctx, tokens, text, place, 34, { align: "center" });
    }
    write(ctx, tokens, now, middle, 34, { size: 13, weight: 600, colour: tokens.ink, align: "center" });
  }

  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}
