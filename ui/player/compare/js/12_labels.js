// Words among the curves: names, true values, births. None crosses a curve or another word.

const HEIGHTS = 40; // curves that words keep clear of

Object.assign(Curves.prototype, {
  // For every learned mode the height at every pixel column, to find room for words.
  heights() {
    if (this.columns) return this.columns;
    const { run, log, axis } = this.view;
    this.columns = [];
    for (let k = 0; k < Math.min(Math.max(run.learned, 1) + 1, HEIGHTS, run.modes); k++) {
      this.columns.push(pixelHeights(this, axis, (f) => this.y(modeAt(run, k, f))));
    }
    return this.columns;
  },

  isFree(box, ghosts = true) {
    if (this.boxes.some((other) => overlap(box, other))) return false;
    if (ghosts) for (const v of this.view.run.true_values || []) if (this.y(v) > box[1] && this.y(v) < box[3]) return false;
    return !this.heights().some((column) => crosses(column, this.x0, box));
  },

  labels(future, past) {
    const { run, tokens, hidden, log } = this.view;
    const both = [past, future];
    if (run.ended && run.learned < run.modes_total) this.baseline(hidden ? [past] : both);
    if (run.ended) this.names(hidden ? [past] : both);
    this.ghostNames(both);
    if (!log) this.waiting(both);
  },

  baseline(contexts) {
    const { run, tokens, phone, log } = this.view;
    if (log || run.learned >= run.modes) return;
    const first = run.learned + 1, last = run.modes_total;
    const text = (phone ? "" : `${first === last ? run.word : run.words} `) + (first === last ? first : `${first} to ${last}`);
    const width = measure(contexts[0], tokens, text);
    const y = this.y(run.value(run.learned, run.frames - 1)) - 11;
    const box = [this.x1 - 14 - width, y - 7, this.x1, y + 7];
    if (!this.isFree(box)) return;
    this.boxes.push(box);
    for (const ctx of contexts) write(ctx, tokens, text, this.x1 - 12, y, { align: "right" });
  },

  // "mode k" above its ghost line at the right end; where it is tight the larger one keeps its name.
  names(contexts) {
    const { run, tokens } = this.view;
    for (let k = 0; k < Math.min(run.learned, MODES_COLOURED); k++) {
      const text = `${run.word} ${k + 1}`, goal = this.goal(k);
      const tail = goal ? measure(contexts[0], tokens, goal) : 0;
      const width = measure(contexts[0], tokens, text, 12, 600) + tail;
      const end = this.y(run.value(k, run.frames - 1));
      const truth = run.true_values && run.true_values[k] ? this.y(run.true_values[k]) : end;
      const above = (Math.abs(truth - end) < 16 ? Math.min(truth, end) : end) - 10;
      const box = [this.x1 - 14 - width, above - 7, this.x1, above + 7]; // the last 12 pixels are for the disc
      if (!this.isFree(box)) continue;
      this.boxes.push(box);
      for (const ctx of contexts) {
        write(ctx, tokens, text, this.x1 - 12 - tail, above, { align: "right", weight: 600, colour: tokens.text(k + 1) });
        if (goal) write(ctx, tokens, goal, this.x1 - 12, above, { align: "right", colour: tokens.ink2 });
      }
    }
  },

  // Which true singular value a mode heads for, where that is not the one of its own number.
  goal(k) {
    const { run, phone } = this.view;
    const to = run.heading[k];
    return phone || !to || to === k + 1 ? "" : ` → ${run.symbol}${lowered(to)}`;
  },

  ghostNames(contexts) {
    const { run, tokens, phone } = this.view;
    (run.true_values || []).forEach((v, k) => {
      const text = `${k ? "" : "true "}${run.symbol}${lowered(k + 1)} ${phone ? "" : "= "}${printed(v, 3, true)}`;
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
  },

  waiting(contexts) {
    const { run, tokens, phone } = this.view;
    if (phone || !run.events.length || !this.heights().length) return;
    const box = [this.x0 + 8, this.y0 - 44, this.x0 + 130, this.y0 - 4];
    const flat = this.heights().every((column) => column.slice(0, 134).every((y) => y > this.y0 - 3));
    if (!flat || this.boxes.some((other) => overlap(other, box))) return;
    this.boxes.push(box);
    for (const ctx of contexts) {
      write(ctx, tokens, `waiting: ${run.words} grow,`, this.x0 + 10, this.y0 - 32);
      write(ctx, tokens, "too small to see", this.x0 + 10, this.y0 - 16);
    }
  },

  // Only the latest passed event is spelt out, beside its curve at half height.
  event(f) {
    const { run } = this.view;
    const passed = run.events.filter(([mode, at]) => at <= f && mode <= run.modes);
    for (const event of passed.slice(-2).reverse()) if (this.spell(event, f)) return; // no room yet: the one before stays
  },

  spell([mode, at, t], f) {
    const { ctx, view } = this;
    const { run, tokens, log } = view;
    const first = `${run.word} ${mode} born`, second = `t = ${printed(t)}`;
    const width = Math.max(measure(ctx, tokens, first, 12, 600), measure(ctx, tokens, second));
    const x = this.x(at), y = this.y(modeAt(run, mode - 1, at)), now = this.x(f);
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
  },
});
