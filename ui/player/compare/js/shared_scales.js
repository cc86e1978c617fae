// @ts-check
// The runs of a comparison as its charts take them: on the scales that all share.

/** @import { Birth, Json, Run } from "../../js/types.d.ts" */

/** @type {Birth[]} */
const NO_EVENTS = [];

/**
 * The runs side by side, and the same for the picture of all: there the first run with frames carries the shared words.
 * @param {Run[]} runs @param {any} scene
 */
export function onSharedScales(runs, scene) {
  /** @type {Json} */
  const bare = { texts: [], places: {} }, first = Math.max(runs.findIndex((run) => run.frames > 0), 0);
  /** @param {Run} run @param {Json} own */
  const scaled = (run, own) => /** @type {Run} */ ({
    ...run,
    events: NO_EVENTS,
    chart: { ...run.chart, heights: scene.heights, births: {}, ...own },
  });
  return {
    columns: runs.map((run, i) => scaled(run, scene.columns[i])),
    overlaid: runs.map((run, i) => scaled(run, { ...(i === first ? scene.overlaid : bare), traces: scene.overlaid.traces[i] })),
  };
}
