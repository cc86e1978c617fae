// One strip: some columns on one logarithmic scale (a linear one with zero on it where there are signs), the level of the
// truth, the values at the cursor.

const OFFSETS = { above: [-11, -24, 12, -37, -50, -63], below: [12, 25, -11, 38, -24, -37], alone: [-11, 12, 20, -20] };

class Strip {
  constructor(panel, kind, top, bottom, nameTop) {
    Object.assign(this, { panel, kind, top, bottom });
    this.about = STRIPS[kind];
    const { run, tokens, axis } = panel.view;
    this.lines = stripLines(kind, run).map(([key, name, truthOnly]) => ({ column: this.about.size ? run.series[key].map(Math.abs) : run.series[key], name, truthOnly, level: run.true_levels[key] }));
    this.setRange();
    for (const line of this.lines) line.heights = pixelHeights(panel, axis, (f) => this.y(this.value(line.column, f)));
    this.boxes = [[panel.x0, nameTop, panel.x0 + 26 + measure(panel.ctx, tokens, this.about.name), nameTop + 17]];
    this.firm = 1; // of the boxes, those that words never cover
  }

  // A logarithmic scale that holds all columns, at most down to `least` of the largest value.
  setRange() {
    const { about, lines } = this;
    let low = Infinity, high = -Infinity;
    if (about.signed) {
      for (const line of lines) for (const v of line.column) [low, high] = [Math.min(low, v, 0), Math.max(high, v, 0)];
      if (about.room) high = Math.max(high, about.room); // what is smaller is to look small
      Object.assign(this, high > low ? { a: low, b: high } : { a: -1, b: 1 });
      return;
    }
    const take = (v) => { if (v > 0) [low, high] = [Math.min(low, v), Math.max(high, v)]; };
    for (const line of lines) { line.column.forEach(take); if (line.level) take(line.level); }
    if (about.counts) take(1);
    if (!isFinite(high)) [low, high] = [0.1, 1];
    low = Math.max(low, high * (about.least || 1e-4));
    let a = Math.log10(low), b = Math.log10(high);
    if (b - a < 0.3) [a, b] = [a - 0.15, b + 0.15];
    Object.assign(this, { a, b });
  }

  value(column, f) {
    return this.about.signed ? between(column, f) : betweenLog(column, f);
  }

  y(v) {
    const height = this.about.signed ? v : Math.max(Math.log10(Math.max(v, TINY)), this.a);
    return this.bottom - ((this.bottom - this.top) * (height - this.a)) / (this.b - this.a);
  }

  ground(ctx) {
    const { panel, a, b } = this;
    const { run, tokens } = panel.view;
    if (!run.frames || !this.lines.length) return;
    const counts = [1, run.true_rank, Math.round(10 ** b)].filter((v) => v && Math.log10(v) <= b + 0.05 && Math.log10(v) >= a - 0.05);
    const signs = this.about.signed && ticks(a, b, 3).map((v) => [v, printed(v)]);
    if (signs) straight(ctx, panel.x0, this.y(0), panel.x1, this.y(0), tokens.rule);
    const marks = signs || (this.about.counts ? counts.map((v) => [Math.log10(v), printed(v)]) : logTicks(a, b, (this.bottom - this.top) / 22));
    const taken = [];
    for (const [at, text] of marks) {
      const y = this.y(signs ? at : 10 ** at);
      if (taken.some((other) => Math.abs(other - y) < 13)) continue;
      taken.push(y);
      write(ctx, tokens, text, panel.x0 - 8, y, { align: "right" });
    }
    for (const line of this.lines) if (line.level) this.truth(ctx, line);
  }

  // The level of the truth, with its value where it is the only one.
  truth(ctx, { column, level }) {
    const { panel } = this;
    const { tokens } = panel.view;
    const y = this.y(level);
    dashed(ctx, tokens, panel.x0, panel.x1, y);
    this.boxes.push([panel.x0, y - 1, panel.x1, y + 1]);
    if (this.lines.length > 1) return;
    const text = `truth ${printed(level, 2 + (level >= 100), true)}`;
    const below = this.y(column[column.length - 1]) < y - 3 && y + 10 < this.bottom + 6;
    const at = below ? y + 10 : y - 10;
    this.boxes.splice(1, 0, [panel.x1 - measure(ctx, tokens, text) - 6, at - 7, panel.x1, at + 7]);
    this.firm = 2;
    write(ctx, tokens, text, panel.x1 - 1, at, { align: "right", halo: true });
  }

  paint(ctx, alpha) {
    const { panel } = this;
    ctx.globalAlpha = alpha;
    for (const { column, truthOnly } of this.lines) {
      ctx.beginPath();
      for (let i = panel.view.axis.first || 0; i < column.length; i++) ctx.lineTo(panel.x(i), this.y(column[i]));
      ctx.strokeStyle = panel.view.tokens.ink;
      ctx.lineWidth = truthOnly ? 1.6 : 1.8;
      ctx.setLineDash(truthOnly ? [5, 3] : []);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.globalAlpha = 1;
  }

  draw(f, x, taken) {
    const { panel, lines } = this;
    const { tokens } = panel.view;
    lines.forEach((line, i) => {
      const offsets = lines.length === 1 && !line.name ? OFFSETS.alone : i === 0 ? OFFSETS.above : OFFSETS.below;
      this.say(f, x, line, offsets, taken, i < 2);
    });
    for (const { column } of lines) dot(panel.ctx, tokens, x, this.y(this.value(column, f)));
  }

  // The value beside the cursor, where no line and no other words are.
  say(f, x, { column, name, heights }, offsets, taken, must) {
    const { panel } = this;
    const { ctx } = panel, { tokens, phone } = panel.view;
    const value = this.value(column, f), y = this.y(value);
    const amount = printed(value, 2 + (value >= 100), Boolean(this.about.counts));
    const top = this.top - 10, bottom = this.bottom + 12;
    const put = (text, left, middle) => {
      taken.push([left - 3, middle - 7, left + measure(ctx, tokens, text) + 3, middle + 7]);
      write(ctx, tokens, text, left, middle, { colour: tokens.ink, halo: true });
    };
    // First in full, then in short; rather over a line than over words.
    const short = name.split(" ")[0];
    for (const [words, clear] of [[phone ? short : name, true], [short, true], [short, false]]) {
      const text = `${words} ${amount}`.trim();
      const width = measure(ctx, tokens, text);
      for (const dy of offsets) for (const left of [x + 9, x - 9 - width]) {
        const middle = y + dy;
        const box = [left - 3, middle - 6, left + width + 3, middle + 6];
        if (left < panel.x0 || left + width > panel.x1 || middle < top || middle > bottom) continue;
        if ([...this.boxes.slice(0, clear ? undefined : this.firm), ...taken].some((other) => overlap(box, other))) continue;
        if (clear && this.lines.some((line) => crosses(line.heights, panel.x0, box))) continue;
        put(text, left, middle);
        return;
      }
    }
    if (must) put(amount, x + 60 < panel.x1 ? x + 9 : x - 60, Math.max(top, y + offsets[0]));
  }
}
