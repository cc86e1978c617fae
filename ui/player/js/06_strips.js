// (d) Two strips under the curves: errors and effective rank, both logarithmic.

class Strips {
  constructor(canvas) {
    this.canvas = canvas;
  }

  layout(view) {
    const fitted = fit(this.canvas);
    if (!fitted) return false;
    Object.assign(this, fitted, { view });
    const { run, phone, tokens } = view;
    this.x0 = phone ? 34 : 44;
    this.x1 = this.width - (phone ? 9 : 14);
    this.x = (f) => this.x0 + axisPlace(view.axis, f) * (this.x1 - this.x0);
    const s = run.series;
    this.observed = s.observed_error || null;
    this.unseen = s.unobserved_error || s.mean_squared_error || null;
    this.unseenName = s.unobserved_error ? "unseen" : "all";
    this.rank = s.entropy_rank || null;
    this.error = this.range([this.observed, this.unseen], 18, phone ? 92 : 84, 1e-8);
    this.ranks = this.range([this.rank, run.true_entropy_rank ? [run.true_entropy_rank, 1] : [1]], phone ? 126 : 114, phone ? 172 : 159, 1e-1);
    const future = layer(this.width, this.height, this.ratio), past = layer(this.width, this.height, this.ratio);
    this.ground(future.ctx);
    this.ground(past.ctx);
    if (!view.hidden) this.lines(future.ctx, tokens.future + 0.06);
    this.lines(past.ctx, 1);
    this.past = past.canvas;
    this.future = future.canvas;
    return true;
  }

  // A logarithmic scale that holds all columns, at most down to `least` of the largest value.
  range(columns, top, bottom, least) {
    let low = Infinity, high = -Infinity;
    for (const column of columns) for (const v of column || []) {
      if (v > 0) [low, high] = [Math.min(low, v), Math.max(high, v)];
    }
    if (!isFinite(high)) [low, high] = [0.1, 1];
    low = Math.max(low, high * (least < 0.1 ? least : 1e-4));
    let a = Math.log10(low), b = Math.log10(high);
    if (b - a < 0.3) [a, b] = [a - 0.15, b + 0.15];
    const y = (v) => bottom - ((bottom - top) * (Math.max(Math.log10(Math.max(v, TINY)), a) - a)) / (b - a);
    return { a, b, y, top, bottom };
  }

  ground(ctx) {
    const { run, tokens, phone } = this.view;
    for (const [, f] of run.events) {
      if (this.view.hidden) break;
      straight(ctx, this.x(f), 0, this.x(f), this.height, tokens.rule);
    }
    const line = (this.error.bottom + this.ranks.top) / 2 - 8;
    straight(ctx, this.x0, Math.round(line) + 0.5, this.x1, Math.round(line) + 0.5, tokens.rule);
    const name = this.unseen || !phone ? "mean squared error" : "squared error";
    this.names = [8 + measure(ctx, tokens, name) + this.x0, 8 + measure(ctx, tokens, "effective rank (entropy)") + this.x0];
    write(ctx, tokens, name, this.x0 + 8, 8, { halo: true });
    write(ctx, tokens, "effective rank (entropy)", this.x0 + 8, this.ranks.top - 11, { halo: true });
    const mark = (y, text) => write(ctx, tokens, text, this.x0 - 8, y, { align: "right" });
    if (run.frames) for (const e of decades(this.error.a, this.error.b, 3)) mark(this.error.y(10 ** e), e === 0 ? "1" : `10${raised(e)}`);
    const taken = [];
    const truth = run.true_entropy_rank;
    const marks = run.frames ? [1, run.true_rank, Math.round(10 ** this.ranks.b)] : [];
    for (const v of marks) {
      if (!v || Math.log10(v) > this.ranks.b + 0.05 || Math.log10(v) < this.ranks.a - 0.05) continue;
      const y = this.ranks.y(v);
      if (taken.some((other) => Math.abs(other - y) < 13)) continue;
      taken.push(y);
      mark(y, printed(v));
    }
    if (!run.frames || !truth) return;
    const y = this.ranks.y(truth);
    dashed(ctx, tokens, this.x0, this.x1, y);
    const text = `truth ${printed(truth, 2)}`;
    const last = this.rank ? this.ranks.y(this.rank[this.rank.length - 1]) : y;
    const below = last < y - 3 && y + 10 < this.height - 4;
    this.truthLeft = this.x1 - measure(ctx, tokens, text) - 6;
    write(ctx, tokens, text, this.x1 - 1, below ? y + 10 : y - 10, { align: "right", halo: true });
  }

  lines(ctx, alpha) {
    ctx.globalAlpha = alpha;
    const { tokens } = this.view;
    const draw = (column, y, dash) => {
      if (!column) return;
      ctx.beginPath();
      for (let i = 0; i < column.length; i++) ctx.lineTo(this.x(i), y(column[i]));
      ctx.strokeStyle = tokens.ink;
      ctx.lineWidth = dash.length ? 1.6 : 1.8;
      ctx.setLineDash(dash);
      ctx.stroke();
      ctx.setLineDash([]);
    };
    draw(this.unseen, this.error.y, [5, 3]);
    draw(this.observed, this.error.y, []);
    draw(this.rank, this.ranks.y, []);
    ctx.globalAlpha = 1;
  }

  draw(f) {
    const { ctx, view } = this;
    const { run, tokens, phone } = view;
    ctx.clearRect(0, 0, this.width, this.height);
    const x = this.x(f);
    copy(ctx, this.past, 0, x, this.height, this.ratio);
    copy(ctx, this.future, x, this.width, this.height, this.ratio);
    if (!run.frames) return;
    straight(ctx, x, 0, x, this.height, tokens.ink, 1.4, run.outcome === "cancelled" ? [2, 3] : []);
    const entries = phone ? "" : " entries";
    if (this.unseen) this.say(f, x, this.unseen, this.error, `${this.unseenName}${entries}`, -11, 1);
    if (this.observed) this.say(f, x, this.observed, this.error, `observed${entries}`, 12, -1);
    if (this.rank) this.say(f, x, this.rank, this.ranks, "", -11, 1);
  }

  // A dot on the line and its value beside the cursor; on the other side where there is no room.
  say(f, x, column, scale, name, dy, side) {
    const { ctx, view } = this;
    const value = betweenLog(column, f);
    const y = scale.y(value);
    const text = `${name} ${printed(value, 2)}`.trim();
    const width = measure(ctx, view.tokens, text);
    if (side > 0 && x + 9 + width > (scale === this.ranks && this.truthLeft ? this.truthLeft : this.x1)) side = -1;
    if (side < 0 && x - 9 - width < this.x0) side = 1;
    const top = scale === this.error ? 8 : scale.top - 11;
    let place = Math.max(top, Math.min(y + dy, scale.bottom + 4));
    if (Math.abs(place - y) < 8) place = y + (dy < 0 ? 12 : -12);
    let left = side > 0 ? x + 9 : x - 9;
    const named = this.names[scale === this.error ? 0 : 1];
    const from = side > 0 ? left : left - width;
    if (place < top + 13 && from < named + 8) { // the name of the strip stands there
      [side, left] = [1, Math.max(x + 9, named + 10)];
    }
    write(ctx, view.tokens, text, left, place, { colour: view.tokens.ink, align: side > 0 ? "left" : "right", halo: true });
    dot(ctx, view.tokens, x, y);
  }

  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}
