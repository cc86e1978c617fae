// The theory over the curves: at the cursor the slope that the theorem gives, dashed, on the slope as it was.

const TANGENTS = { was: 34, said: 58, phone: 0.6 }; // half of their lengths in pixels, and on a phone so much of it

// The modes that move at a frame, with their numbers; none where no theorem speaks of the curves that are shown.
function movingModes(run, f) {
  const law = decodeLaw(run);
  if (!run.over || run.over.why || !law.modes || !onMain(run)) return [];
  const found = [];
  for (let mode = 1; mode <= Math.min(law.modes, Math.max(run.learned, 1)); mode++) {
    const now = lawAt(run, law, mode, f);
    if (isFinite(now.measured) && isFinite(now.pull) && Math.abs(now.measured) > STILL * now.fastest) found.push({ mode, ...now });
  }
  return found;
}

// The law is about the first spectrum of a tensor.
const onMain = (run) => !run.spectrum || run.spectrum === run.spectra[0].key;

Object.assign(Curves.prototype, {
  tangents(f, x) {
    const { ctx, view } = this, { run, tokens, phone, axis } = view;
    const i = Math.min(Math.floor(f), run.frames - 2);
    this.laid = i < 0 || f < (axis.first || 0) ? [] : movingModes(run, f);
    if (!this.laid.length) return;
    const along = (this.x(i + 1) - this.x(i)) / (run.t[i + 1] - run.t[i]); // pixels per time
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.x0, 0, this.x1 - this.x0 + 4, this.y0);
    ctx.clip();
    for (const { mode, measured, predicted } of this.laid) {
      const value = modeAt(run, mode - 1, f), rise = this.rise(value), size = phone ? TANGENTS.phone : 1;
      const piece = (slope, half, ...look) => {
        const long = Math.hypot(along, slope * rise) || 1, dx = (half * size * along) / long, dy = (half * size * slope * rise) / long;
        straight(ctx, x - dx, this.y(value) - dy, x + dx, this.y(value) + dy, ...look);
      };
      piece(measured, TANGENTS.was, tokens.line(mode), 2.2);
      piece(predicted, TANGENTS.said, tokens.ink, 1.8, [5, 4]);
    }
    ctx.restore();
  },

  // Pixels downwards per unit of a singular value, at this one.
  rise(value) {
    const perUnit = -(this.y0 - this.y1) / (this.top - this.bottom);
    return this.view.log ? perUnit / (Math.LN10 * Math.max(value, TINY)) : perUnit;
  },
});
