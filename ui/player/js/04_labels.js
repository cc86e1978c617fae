// Words among the curves, where Python found room for them: names, true values, births.

const LETTER = 7; // pixels, of an average letter

Object.assign(Curves.prototype, {
  setLabels() {
    const { run, hidden, zoom } = this.view, { texts, places } = run.chart;
    this.words.style.setProperty("--zoom", zoom);
    this.words.replaceChildren(
      ...(places[this.key] || []).flatMap(([number, share, value, dx, dy]) => {
        const [role, mode, text, end, tail] = texts[number];
        if (hidden && (role === "name" || role === "rest")) return [];
        const left = this.shareAt(share) + dx, top = this.y(value) + dy;
        const long = LETTER * (text.length + tail.length), outside = left < this.x0 || left + (end ? 0 : long) > this.x1;
        if (this.view.window && (outside || top < this.y1 || top > this.y0)) return [];
        return [this.word(role, mode, text, tail, end ? this.width - left : left, top, end)];
      }),
    );
  },

  shareAt(share) {
    const { axis } = this.view;
    return this.x0 + ((axis.low + share * (axis.high - axis.low) - this.low) / (this.high - this.low)) * (this.x1 - this.x0);
  },

  word(role, mode, text, tail, side, top, end) {
    const word = document.createElement("span");
    word.className = `dmf-word dmf-${role}`;
    word.style.cssText = `${end ? "right" : "left"}:${side}px;top:${top}px;${role === "name" ? `color:${this.view.tokens.text(mode)}` : ""}`;
    word.textContent = text;
    if (tail) word.append(Object.assign(document.createElement("i"), { textContent: tail }));
    return word;
  },

  // Only the latest passed event is spelt out, beside its curve.
  event(f) {
    const { run } = this.view;
    if (this.view.window) return;
    const passed = run.events.filter(([mode, at]) => at <= f && mode <= run.modes);
    for (const event of passed.slice(-2).reverse()) if (this.spell(event, f)) return; // no room yet: the one before stays
  },

  spell([mode, at, t], f) {
    const { ctx, view } = this, { run, tokens } = view;
    const [, ...free] = (run.chart.births[this.key] || []).find(([each]) => each === mode) || [0];
    const first = `${run.word} ${mode} born`, second = `t = ${printed(t)}`;
    const width = Math.max(measure(ctx, tokens, first, 12, 600), measure(ctx, tokens, second));
    const x = this.x(at), y = this.y(modeAt(run, mode - 1, at)), now = this.x(f);
    for (const [side, dy] of free) {
      const left = side < 0 ? x - 10 - width : x + 10;
      if (left - 3 < now + 11 && left + width + 3 > now - 11) continue; // the cursor and its discs
      const edge = side < 0 ? left + width : left, align = side < 0 ? "right" : "left";
      write(ctx, tokens, first, edge, y + dy - 15, { weight: 600, colour: tokens.text(mode), align });
      write(ctx, tokens, second, edge, y + dy + 1, { colour: tokens.ink2, align });
      return true;
    }
    return false;
  },
});
