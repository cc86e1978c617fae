// (d) Two strips under the curves. Each shows what its name, a menu, says: errors, effective ranks, norms, one entry.

// As ui/figures/strips.py, which draws them into pictures. lines: [series, name at the cursor, known to the truth alone]. level: the truth's own value, a dashed line.
const STRIPS = {
  error: {
    name: "mean squared error", least: 1e-8,
    lines: (s) => [s.unobserved_error ? ["unobserved_error", "unseen entries", true] : ["mean_squared_error", "all entries", true], ["observed_error", "observed entries"]],
  },
  loss: { name: "training loss", least: 1e-8, lines: () => [["loss", ""]] },
  relative: { name: "reconstruction error", least: 1e-8, lines: () => [["reconstruction_error", "all entries", true]] },
  entropy_rank: { name: "effective rank (entropy)", counts: true, lines: () => [["entropy_rank", ""]] },
  ratio_rank: { name: "effective rank (ratio)", counts: true, lines: () => [["ratio_rank", ""]] },
  norms: { name: "norms of W", least: 1e-3, lines: () => [["nuclear_norm", "nuclear"], ["spectral_norm", "spectral"], ["frobenius_norm", "Frobenius"]] },
  schatten: { name: "Schatten 2/N, power sum", least: 1e-3, lines: () => [["schatten", ""]] },
  hidden: { name: "size of the hidden entry", least: 1e-6, size: true, lines: () => [["hidden_entry", ""]] },
  alignment: { name: "gradient in singular directions", least: 1e-8, lines: () => [["aligned", "diagonal"], ["crossed", "off it"]] },
  balance: { name: "balance lost, % of the factors", signed: true, room: 1, lines: () => [["balance", ""]] },
  determinant: { name: "determinant of W", signed: true, lines: () => [["determinant", ""]] },
};

const stripLines = (kind, run) => STRIPS[kind].lines(run.series).filter(([key]) => run.series[key]);
const stripChoices = (run) => Object.entries(STRIPS).filter(([kind]) => !run.frames || stripLines(kind, run).length).map(([kind, { name }]) => [kind, name]);

class Strips extends TimePanel {
  constructor(canvas) {
    super(canvas);
    this.picked = ["", ""];
  }

  // What somebody chose, else what the theory says, else what this run is about.
  chosen(run, theory) {
    const laid = theory && run && run.series && run.series.balance;
    const usual = laid ? ["alignment", "balance"] : run && run.series && run.series.hidden_entry ? ["hidden", "determinant"] : ["error", "entropy_rank"];
    return usual.map((kind, slot) => (STRIPS[this.picked[slot]] && stripLines(this.picked[slot], run).length ? this.picked[slot] : kind));
  }

  layout(view) {
    this.strips = [];
    this.view = null;
    if (!this.measureUp(view, 44)) return false; // the projector has numbers instead
    const { phone } = view, chosen = this.chosen(view.run, view.theory);
    this.strips = [
      new Strip(this, chosen[0], 18, phone ? 92 : 84, 0),
      new Strip(this, chosen[1], phone ? 126 : 114, phone ? 172 : 159, phone ? 106 : 94),
    ];
    this.paintLayers((ctx, past) => {
      this.ground(ctx, past);
      for (const strip of this.strips) strip.ground(ctx);
      if (past || !view.hidden) for (const strip of this.strips) strip.paint(ctx, past ? 1 : view.tokens.future + 0.06);
    });
    return true;
  }

  ground(ctx, past) {
    const { run, tokens, hidden } = this.view;
    if (past || !hidden) for (const [, f] of run.events) straight(ctx, this.x(f), 0, this.x(f), this.height, tokens.rule);
    const line = (this.strips[0].bottom + this.strips[1].top) / 2 - 8;
    straight(ctx, this.x0, Math.round(line) + 0.5, this.x1, Math.round(line) + 0.5, tokens.rule);
  }

  draw(f) {
    if (!this.view) return;
    const { run, lit, hidden, tokens } = this.view;
    const x = this.sweep(f);
    if (!run.frames) return;
    const birth = run.events.find(([mode]) => mode === lit);
    if (birth && (!hidden || birth[1] <= f)) straight(this.ctx, this.x(birth[1]), 0, this.x(birth[1]), this.height, tokens.line(lit), 2);
    this.cursor(x, 0);
    const taken = [];
    for (const strip of this.strips) strip.draw(f, x, taken);
  }

  choose(slot, kind) {
    this.picked[slot] = kind;
  }
}
