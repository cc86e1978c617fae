// All runs in one picture: colour and number say the mode, the stroke and a letter say the run.

const LETTERS = ["a", "b", "c", "d"];
const STROKES = [[], [9, 3], [2, 3], [9, 3, 2, 3]];
const OVERLAID_MODES = 6; // the colours that are told apart without a dash

// The curves of one of the runs; all of them draw on the one canvas.
class OverlaidCurves extends ComparedCurves {
  constructor(canvas, index, others) {
    super(canvas);
    Object.assign(this, { index, others });
  }

  get most() {
    const { run } = this.view;
    return Math.min(Math.max(run.learned, 1), OVERLAID_MODES, run.modes);
  }

  // Axes, true values and their names once, by the first run.
  ground(ctx, past) {
    if (this.index === 0) super.ground(ctx, past);
  }

  // Words keep clear of the curves of every run.
  heights() {
    const own = super.heights();
    return this.index ? own : [...own, ...this.others().flatMap((curves) => curves.heights())];
  }

  strokes(ctx) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.x0, 0, this.x1 - this.x0 + 4, this.height);
    ctx.clip();
    for (let k = this.most - 1; k >= 0; k--) this.stroke(ctx, k, 2.2);
    ctx.restore();
  }

  stroke(ctx, k, width) {
    ctx.lineJoin = "round";
    ctx.strokeStyle = this.view.tokens.line(k + 1);
    ctx.lineWidth = width;
    ctx.setLineDash(STROKES[this.index]);
    ctx.stroke(this.path(k));
    ctx.setLineDash([]);
  }

  under(cursor) {
    const { ctx, view } = this;
    ctx.globalAlpha = view.selected ? UNLIT : 1;
    copy(ctx, this.past, 0, cursor, this.height, this.ratio);
    copy(ctx, this.future, cursor, this.width, this.height, this.ratio);
    ctx.globalAlpha = 1;
  }

  // Modes lit, and stubs from the curves to the discs. `placed`: the discs of the other runs, which these keep clear of.
  stubs(f, cursor, placed) {
    const { ctx, view } = this;
    this.shown = [];
    if (!view.run.frames) return;
    const x = Math.min(this.x(f), cursor), r = view.phone ? 8.5 : 10;
    if (view.selected <= this.most) this.emphasise(view.selected, x);
    for (let k = 0; k < this.most; k++) {
      const y = this.y(modeAt(view.run, k, f));
      if (y < this.y1 - 6 || y > this.y0 - 10 || (view.selected && view.selected !== k + 1)) continue;
      let shift = 0;
      while (placed.some(([px, py]) => Math.hypot(x - 2 * r * shift - px, y - py) < 2 * r)) shift++;
      const at = x - 2 * r * shift;
      if (at < this.x0) continue;
      placed.push([at, y]);
      this.shown.push([at, y, k + 1]);
      if (shift) straight(ctx, at, y, x, y, view.tokens.line(k + 1), 1.4);
    }
  }

  // Above the stubs of all runs: no number is struck through.
  discsAbove() {
    const { ctx, view } = this, r = view.phone ? 8.5 : 10;
    for (const [at, y, mode] of this.shown) disc(ctx, view.tokens, at, y, r, mode, mode === view.selected, `${mode}${LETTERS[this.index]}`);
  }
}

class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.curves = [];
  }

  // The first last: its words keep clear of what the others have drawn.
  layout(views, scale) {
    while (this.curves.length < views.length) this.curves.push(new OverlaidCurves(this.canvas, this.curves.length, () => this.curves.slice(1)));
    this.curves.length = views.length;
    const laid = views.map((view, i) => [this.curves[i], { ...view, phone: this.canvas.clientWidth < 420, scale }]).reverse();
    return laid.every(([curves, view]) => curves.layout(view));
  }

  draw(frames, u) {
    const { ctx, width, height, x0, x1, y0, y1, view } = this.curves[0];
    const cursor = x0 + u * (x1 - x0), placed = [];
    ctx.clearRect(0, 0, width, height);
    this.curves.forEach((curves) => curves.under(cursor));
    straight(ctx, cursor, y1 - 6, cursor, y0 + 6, view.tokens.ink, 1.4);
    this.curves.forEach((curves, i) => curves.stubs(frames[i], cursor, placed));
    this.curves.forEach((curves) => curves.discsAbove());
    this.frames = frames;
  }

  place(px) {
    return this.curves.length ? this.curves[0].place(px) : 0;
  }

  hit(px, py) {
    for (const [i, curves] of this.curves.entries()) {
      const found = curves.hit(px, py, this.frames ? this.frames[i] : 0);
      if (found && found <= curves.most) return found;
    }
    return 0;
  }
}

// How the curves of a run are drawn, to stand beside its name.
function strokeSample(index) {
  return `<svg viewBox="0 0 34 10" width="34" height="10" aria-hidden="true"><path d="M0 5h34" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="${STROKES[index].join(" ")}"/></svg>`;
}
