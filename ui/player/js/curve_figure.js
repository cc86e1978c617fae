// @ts-check
// The figure of the curves, in the terms of Plotly: what Python says of them, and the numbers of the run.

/** @import { Curves } from "./curves.js" */
/** @import { Figure, Json } from "./types.d.ts" */

import { quantityOf } from "./chart.js";
import { OTHER_MODES } from "./constants.js";
import { between, modeAt } from "./data.js";

const POINTS_APART = 8; // pixels between two points of a curve
const MOST_PARTS = 60; // of one piece of a curve

// Sets `curves.moments`, the frames of the points of its curves.
/** @param {Curves} curves @returns {Figure} */
export function curveFigure(curves) {
  const { run, axis, log, window: part } = curves.view, { chart, scene } = run;
  const least = log ? 10 ** curves.scale.low : -Infinity;
  const moments = curves.moments = pointFrames(curves);
  const across = moments.map((f) => quantityOf(axis, between(axis.column, f)));
  const vertical = { ...curves.scale.axis, range: [curves.bottom, curves.top] };
  if (part && part.y) Object.assign(vertical, { tickvals: null, ticktext: null, tickmode: "auto", nticks: 6 });
  const data = chart.traces.map(({ mode, ...trace }) => ({
    ...trace,
    ...(mode ? { x: across, y: moments.map((f) => Math.max(modeAt(run, mode - 1, f), least)) } : otherModes(curves, least)),
    type: "scatter",
    mode: "lines",
    hovertemplate: trace.hovertemplate && trace.hovertemplate.replace("READOUT", axis.readout),
  }));
  const margin = { l: curves.x0, r: curves.width - curves.x1, t: curves.y1, b: curves.height - curves.y0, pad: 0 };
  const layout = { ...scene.layout, margin, xaxis: curves.acrossOf(), yaxis: vertical, shapes: curveShapes(curves) };
  return { data, layout };
}

// The modes beyond the named ones, as the still has them: few points of each, and one line where all lie on the axis.
/** @param {Curves} curves @param {number} least */
function otherModes(curves, least) {
  const { run, axis, window: part } = curves.view, last = run.frames - 1, span = curves.y0 - curves.y1;
  const count = part ? run.frames : Math.min(run.frames, OTHER_MODES.points);
  const frames = Array.from({ length: count }, (_, i) => Math.round((i * last) / Math.max(count - 1, 1)));
  const across = frames.map((f) => quantityOf(axis, between(axis.column, f)));
  const modes = Array.from({ length: run.modes - run.named }, (_, k) => run.named + k);
  const columns = modes.map((k) => frames.map((f) => Math.max(run.value(k, f), least)));
  const top = Math.max(...columns.map((column) => Math.max(...column)));
  if (curves.y(0) - curves.y(top) < OTHER_MODES.flat * span) columns.length = Math.min(columns.length, 1);
  return { x: columns.flatMap(() => [...across, NaN]), y: columns.flatMap((column) => [...column, NaN]) };
}

// The frames of the points, and more between them where they are far apart: Plotly finds points under the pointer, not lines.
/** @param {Curves} curves */
function pointFrames(curves) {
  const { run } = curves.view, { frames } = run.chart, learned = Math.max(run.learned, 1);
  const places = Array.from(
    frames,
    (f) => [curves.x(f), ...Array.from({ length: learned }, (_, k) => curves.y(modeAt(run, k, f)))],
  );
  const moments = [frames[0]];
  for (let i = 1; i < frames.length; i++) {
    const far = Math.max(...places[i].map((place, j) => Math.abs(place - places[i - 1][j])));
    const parts = Math.min(Math.max(Math.ceil(far / POINTS_APART), 1), MOST_PARTS);
    for (let part = 1; part <= parts; part++) moments.push(frames[i - 1] + ((frames[i] - frames[i - 1]) * part) / parts);
  }
  return moments;
}

// The level of the axis, a hairline below every birth, and a red line where a run diverged.
/** @param {Curves} curves */
function curveShapes(curves) {
  const { run, axis, log } = curves.view, base = log ? 10 ** curves.scale.base : 0;
  /** @param {string} color @param {number} width @param {Json} place */
  const line = (color, width, place) => ({ type: "line", layer: "below", line: { color, width }, ...place });
  const shapes = [line("ctl", 1, { x0: 0, x1: 1, xref: "paper", y0: base, y1: base })];
  for (const [mode, f] of run.events) {
    if (mode > run.modes) continue;
    const x = quantityOf(axis, between(axis.column, f));
    shapes.push(line("rule", 1, { x0: x, x1: x, y0: base, y1: modeAt(run, mode - 1, f) }));
  }
  if (run.outcome === "diverged") {
    const x = quantityOf(axis, axis.last);
    shapes.push(line("err", 2, { x0: x, x1: x, yref: "paper", y0: 0, y1: 1 }));
  }
  return shapes;
}
