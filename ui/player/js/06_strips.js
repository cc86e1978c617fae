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
    this.ground(future.ctx, false);
    this.ground(past.ctx, true);
    if (!view.hidden) this.lines(future.ctx, tokens.future + 0.06);
    this.lines(past.ctx, 1);
    this.past = past.canvas;
    this.future = future.canvas;
    const columns = [[this.observed, this.error], [this.unseen, this.error], [this.rank, this.ranks]];
    this.heights = columns.map(([column, scale]) => column && run.frames && pixelHeights(this, view.axis, (f) => scale.y(betweenLog(column, f))));
    return true;
  }

  // Decades, or 1, 2, 5 where the range holds fewer than two of them.
  errorMarks() {
    const { a, b } = this.error;
    const tens = decades(a, b, 3);
    if (tens.length > 1) return tens.map((e) => [10 ** e, decade(e)]);
    const found = [];
    for (let e = Math.floor(a); e <= b; e++) for (const m of [1, 2, 5]) {
      const v = m * 10 ** e;
      const near = found.some(([other]) => Math.abs(this.error.y(other) - this.error.y(v)) < 16);
      if (Math.log10(v) >= a && Math.log10(v) <= b && !near) found.push([v, printed(v)]);
    }
    return found;
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

  ground(ctx, past) {
    const { run, tokens, phone } = this.view;
    if (past || !this.view.hidden) for (const [, f] of run.events) {
      straight(ctx, this.x(f), 0, this.x(f), this.height, tokens.rule);
    }
    const line = (this.error.bottom + this.ranks.top) / 2 - 8;
    straight(ctx, this.x0, Math.round(line) + 0.5, this.x1, Math.round(line) + 0.5, tokens.rule);
    const name = this.unseen || !phone ? "mean squared error" : "squared error";
    const rankName = "effective rank (entropy)", rankTop = this.ranks.top - 11;
    this.boxes = [
      [this.x0, 0, this.x0 + 12 + measure(ctx, tokens, name), 15],
      [this.x0, rankTop - 7, this.x0 + 12 + measure(ctx, tokens, rankName), rankTop + 7],
    ];
    write(ctx, tokens, name, this.x0 + 8, 8, { halo: true });
    write(ctx, tokens, rankName, this.x0 + 8, rankTop, { halo: true });
    const mark = (y, text) => write(ctx, tokens, text, this.x0 - 8, y, { align: "right" });
    if (run.frames) for (const [v, text] of this.errorMarks()) mark(this.error.y(v), text);
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
    const text = `truth ${printed(truth, 2, true)}`;
    const last = this.rank ? this.ranks.y(this.rank[this.rank.length - 1]) : y;
    const below = last < y - 3 && y + 10 < this.height - 4;
    const at = below ? y + 10 : y - 10;
    this.boxes.push([this.x1 - measure(ctx, tokens, text) - 6, at - 7, this.x1, at + 7], [this.x0, y - 1, this.x1, y + 1]);
    write(ctx, tokens, text, this.x1 - 1, at, { align: "right", halo: true });
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
    const taken = [];
    if (this.unseen) this.say(f, x, this.unseen, this.error, `${this.unseenName}${entries}`, [-11, -24, 12, -37, -50, -63], taken);
    if (this.observed) this.say(f, x, this.observed, this.error, `observed${entries}`, [12, 25, -11, 38], taken);
    if (this.rank) this.say(f, x, this.rank, this.ranks, "", [-11, 12, 20, -20], taken);
    for (const [column, scale] of [[this.unseen, this.error], [this.observed, this.error], [this.rank, this.ranks]]) {
      if (column) dot(ctx, tokens, x, scale.y(betweenLog(column, f)));
    }
  }

  // The value beside the cursor, where no line and no other words are.
  say(f, x, column, scale, name, offsets, taken) {
    const { ctx, view } = this;
    const value = betweenLog(column, f);
    const y = scale.y(value);
    const amount = printed(value, 2, scale === this.ranks);
    const top = scale === this.error ? 8 : scale.top - 11, bottom = scale === this.error ? scale.bottom + 14 : this.height - 6;
    const put = (text, left, middle) => {
      const width = measure(ctx, view.tokens, text);
      taken.push([left - 3, middle - 7, left + width + 3, middle + 7]);
      write(ctx, view.tokens, text, left, middle, { colour: view.tokens.ink, halo: true });
    };
    // First in full, then in short; rather over a line than over words.
    for (const [words, clear] of [[name, true], [name.split(" ")[0], true], [name, false]]) {
      const text = `${words} ${amount}`.trim();
      const width = measure(ctx, view.tokens, text);
      for (const dy of offsets) for (const left of [x + 9, x - 9 - width]) {
        const middle = y + dy;
        const box = [left - 3, middle - 6, left + width + 3, middle + 6];
        if (left < this.x0 || left + width > this.x1 || middle < top || middle > bottom) continue;
        if ([...this.boxes.slice(0, clear ? undefined : 3), ...taken].some((other) => overlap(box, other))) continue;
        if (clear && this.heights.some((line) => line && crosses(line, this.x0, box))) continue;
        put(text, left, middle);
        return;
      }
    }
    put(amount, x + 60 < this.x1 ? x + 9 : x - 60, Math.max(top, y + offsets[0]));
  }

  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}
