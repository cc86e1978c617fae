// @ts-check
// How the columns, the picture of all and the table of a comparison are laid out.

/** @import { Run } from "../../js/types.d.ts" */
/** @import { Comparison } from "./comparison.js" */

// On the scales that all share; `phone`: the columns are narrow.
/** @param {Comparison} comparison @param {boolean} phone */
export function layoutColumns(comparison, phone) {
  const { log, tokens, hidden, shown, runs } = comparison;
  for (const column of comparison.columns) column.fitNote();
  const limits = { value: 0, residual: 0 };
  for (const { picture } of runs) {
    if (picture) {
      limits.value = Math.max(limits.value, picture.limit);
      limits.residual = Math.max(limits.residual, picture.residual_limit);
    }
  }
  const common = {
    player: comparison,
    log,
    tokens,
    hidden,
    shown,
    given: comparison.head.given,
    phone,
    selected: comparison.chosen,
    lit: comparison.lit,
    limits,
    zoom: 1,
    window: comparison.window,
    enlarging: comparison.enlarging,
    theory: false,
    part: "",
    slice: 0,
  };
  /** @param {Run[]} all */
  const viewsOf = (all) =>
    all.map((run, i) => ({ ...common, run: Object.assign(run, { logarithmic: log, at: null }), axis: comparison.axes.each[i] }));
  const views = viewsOf(comparison.shownRuns), { linear, log: decades } = comparison.head.scene.heights;
  const scale = { top: linear.high, low: decades.base, high: decades.high };
  const bars = Math.max(8, ...runs.map((run) => Math.max(run.learned + 3, (run.true_values || []).length + 2)));
  const most = Math.min(bars, ...runs.filter((run) => run.frames).map((run) => run.modes));
  comparison.ready = comparison.columns.map((column, i) =>
    column.layout({ ...views[i], scale, overlaid: comparison.overlaid }, most, (shown, run) => barWords(shown, run, i))
  ).every(Boolean);
  if (comparison.overlaid) {
    comparison.ready = comparison.overlay.layoutAll(
      viewsOf(comparison.overlaidRuns).map((view) => ({ ...view, truth: comparison.head.scene.overlaid.truth })),
    ) &&
      comparison.ready;
  }
  comparison.track.layout(/** @type {any} */ ({ run: comparison.run, axis: comparison.axes.cursor, tokens, hidden, phone }));
  comparison.table.layout(runs, comparison.head.runs, comparison.head.measured);
}

// What the bars of the first column are.
/** @param {number} shown @param {Run} run @param {number} i */
function barWords(shown, run, i) {
  if (i > 0 || !run.frames) return "";
  const which = shown < run.modes_total ? `now, first ${shown} of ${run.modes_total}` : "now";
  return which + (run.true_values ? "; dashes: truth" : "");
}
