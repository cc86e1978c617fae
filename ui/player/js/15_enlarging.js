// A part of the charts shown larger: by a box that is drawn while "zoom" is on; back by "reset", two clicks or Escape.

Object.assign(Player.prototype, {
  // Plotly is sent for when the page is calm, or at once when somebody reaches for the chart.
  expectPlotly(now = false) {
    if (this.strips.admitted || this.expecting === 2 || !this.run.frames || (!now && this.expecting)) return;
    this.expecting = now ? 2 : 1;
    const bring = () => plotly(this.plotlyAt).then((found) => found && this.admit([this.curves, this.strips]));
    clearTimeout(this.calm);
    if (now) bring();
    else this.calm = setTimeout(() => whenIdle(bring), CALM);
  },

  // One chart after the other, so that no picture waits for both.
  admit([chart, ...others]) {
    if (!this.root.isConnected) return;
    chart.admitted = true;
    this.layout();
    if (others.length) whenIdle(() => this.admit(others));
  },

  // `part`: { x: [low, high] of the axis, y: [low, high] of the scale or null }; null: the whole run.
  enlarge(part) {
    this.window = part && { x: part.x, y: part.y || (this.window && this.window.y) || null };
    this.layout();
  },

  setEnlarging(on) {
    if (!this.run || !this.run.frames) return;
    this.enlarging = on;
    this.expectPlotly(true);
    this.layout();
  },
});

function listenForEnlarging(player) {
  player.$(".dmf-enlarge").addEventListener("click", () => player.setEnlarging(!player.enlarging));
  player.$(".dmf-whole").addEventListener("click", () => player.enlarge(null));
  for (const plot of player.root.querySelectorAll(".dmf-plot")) {
    plot.addEventListener("pointerenter", () => player.run && player.expectPlotly(true));
  }
}

function showEnlarging(player) {
  const button = player.$(".dmf-enlarge");
  button.setAttribute("aria-pressed", String(player.enlarging));
  button.disabled = !player.run.frames;
  player.$(".dmf-whole").hidden = !player.window;
}
