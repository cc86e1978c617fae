// The track: the time axis once more, to be dragged, with the events on it.

const CROWD = 6; // discs side by side

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

  // Events closer than a disc fan out to the left; of a crowd the first three modes stay, the rest is counted.
  fan() {
    const { run } = this.view;
    const groups = [];
    for (const [mode, f] of run.events) {
      const x = this.x(f), last = groups[groups.length - 1];
      if (last && x - last[last.length - 1].x < 16) last.push({ mode, f, x });
      else groups.push([{ mode, f, x }]);
    }
    const shown = [];
    let left = this.x0; // no disc before this
    for (const group of groups) {
      const few = group.length <= CROWD ? group : group.slice().sort((a, b) => a.mode - b.mode).slice(0, 3);
      const discs = few.map((event) => ({ ...event }));
      if (few.length < group.length) discs.unshift({ mode: 0, more: group.length - few.length, f: group[0].f, x: group[0].x });
      for (let i = discs.length - 2; i >= 0; i--) discs[i].x = Math.min(discs[i].x, discs[i + 1].x - 17);
      for (const each of discs) left = (each.x = Math.max(each.x, left)) + 17;
      shown.push(...discs);
    }
    return shown;
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
    if (run.outcome === "diverged") straight(ctx, this.x(run.frames - 1) + 2, 0, this.x(run.frames - 1) + 2, this.line + 8, tokens.err, 2);
    for (const event of this.events) {
      if (hidden && event.f > f) continue;
      if (event.more) {
        ctx.fillStyle = tokens.bg;
        ctx.fillRect(event.x - 9, this.line - 7, 18, 14);
        write(ctx, tokens, `+${event.more}`, event.x, this.line, { align: "center", colour: tokens.ink2 });
      } else disc(ctx, tokens, event.x, this.line, phone ? 7 : 8, event.mode, false);
    }
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
