// What the panels above one time axis share: margins, the two pictures of past and future, the cursor.

class TimePanel {
  constructor(canvas) {
    this.canvas = canvas;
  }

  // Size and axis. False while the canvas has no size.
  measureUp(view, left = view.phone ? 30 : 44) {
    const fitted = fit(this.canvas, view.zoom);
    if (!fitted) return false;
    Object.assign(this, fitted, { view });
    this.x0 = left;
    this.x1 = this.width - (view.phone ? 9 : 14);
    this.x = (f) => this.x0 + axisPlace(view.axis, f) * (this.x1 - this.x0);
    return true;
  }

  // Past and future are drawn once; a frame then copies a part of each. `paint(ctx, past)`.
  paintLayers(paint) {
    const each = (past) => {
      const { canvas, ctx } = layer(this.width, this.height, this.ratio);
      paint(ctx, past);
      return canvas;
    };
    this.future = each(false);
    this.past = each(true);
  }

  // The past up to the cursor, the future behind it; paler while one mode is lit. Returns the cursor's x.
  sweep(f) {
    const { ctx, view } = this;
    ctx.clearRect(0, 0, this.width, this.height);
    const x = this.x(f);
    ctx.globalAlpha = view.lit ? UNLIT : 1;
    copy(ctx, this.past, 0, x, this.height, this.ratio);
    copy(ctx, this.future, x, this.width, this.height, this.ratio);
    ctx.globalAlpha = 1;
    return x;
  }

  cursor(x, top) {
    const { run, tokens } = this.view;
    straight(this.ctx, x, top, x, this.height, tokens.ink, 1.4, run.outcome === "cancelled" ? [2, 3] : []);
  }

  place(px) {
    return Math.min(1, Math.max(0, (px - this.x0) / (this.x1 - this.x0)));
  }
}

const UNLIT = 0.5; // opacity of everything else while one mode is lit

// Copies the columns [from, to) of a layer: this is all that moving the cursor costs.
function copy(ctx, source, from, to, height, ratio) {
  const a = Math.round(from * ratio), b = Math.round(to * ratio);
  if (b > a) ctx.drawImage(source, a, 0, b - a, source.height, a / ratio, 0, (b - a) / ratio, height);
}
