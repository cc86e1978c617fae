// @ts-check
// Other runs in a comparison; or more of the same ones, and then nothing jumps.

/** @import { Run } from "../../js/types.d.ts" */
/** @import { Comparison } from "./comparison.js" */

import { atRest } from "../../js/clock.js";
import { between, frameAt } from "../../js/data.js";
import { expectPlotly } from "../../js/enlarging.js";
import { commonAxes } from "./common_axis.js";
import { onSharedScales } from "./shared_scales.js";

/** @param {Comparison} comparison @param {Run[]} runs */
export function showRuns(comparison, runs) {
  const { runs: before, clock, head } = comparison, axisBefore = comparison.axes && comparison.axes.cursor;
  const same = before.length === runs.length && before.some((run, i) => run.run === runs[i].run && run.frames > 0) &&
    comparison.at === head.at;
  const value = same ? between(axisBefore.column, clock.f) : 0;
  const grew = before.some((run) => run.growing);
  const atEnd = same && clock.f >= axisBefore.column.length - 1 - 1e-9;
  const playing = same && clock.playing;
  takeRuns(comparison, runs, same);
  const { cursor } = comparison.axes, last = cursor.column.length - 1;
  const { growing, frames } = comparison.run;
  clock.f = 0;
  clock.bind(cursor);
  if (same) clock.f = comparison.touched || !(grew || atEnd) ? frameAt(cursor.column, value) : last;
  else if (growing || atRest()) clock.f = Math.max(last, 0);
  clock.bind(cursor);
  if (!comparison.choices().some(([key]) => key === comparison.shown)) comparison.shown = "W";
  comparison.build();
  comparison.layout();
  if (!same && frames && !growing && !atRest()) comparison.toggle();
  else if (playing && !clock.playing) clock.play();
  comparison.stamp();
  expectPlotly(comparison);
}

/** @param {Comparison} comparison @param {Run[]} runs @param {boolean} same */
function takeRuns(comparison, runs, same) {
  comparison.runs = runs;
  comparison.at = comparison.head.at;
  comparison.axes = commonAxes(comparison.at, runs, comparison.head.scene);
  takeScene(comparison);
  comparison.run = {
    frames: runs.some((run) => run.frames > 0) ? comparison.axes.cursor.column.length : 0,
    events: [],
    growing: runs.some((run) => run.growing),
    outcome: "",
    modes: Math.max(0, ...runs.map((run) => run.modes)),
  };
  if (same) return;
  comparison.window = null;
  comparison.lit = 0;
  comparison.clock.pause();
  comparison.touched = false;
}

// The runs as the charts take them, on the scales that all share; and the stills that Python made for this view.
/** @param {Comparison} comparison */
export function takeScene(comparison) {
  const { scene, stills } = comparison.head, key = comparison.ids + JSON.stringify(scene);
  if (key !== comparison.sceneKey) {
    comparison.sceneKey = key;
    const scaled = onSharedScales(comparison.runs, scene);
    comparison.shownRuns = scaled.columns;
    comparison.overlaidRuns = scaled.overlaid;
  }
  comparison.shownRuns.forEach(({ chart }, i) => Object.assign(chart, { still: stills.columns[i], stillAt: stills.at }));
  for (const { chart } of comparison.overlaidRuns) Object.assign(chart, { still: stills.overlaid, stillAt: stills.at });
}
