// @ts-check
// The view: the moment shown and how it is shown. Python may send one, and is told when a person has changed it.

/** @import { Json, SharedView } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { AXES, sceneAxis } from "./axes.js";
import { chooseSpectrum } from "./data.js";
import { Matrix } from "./matrix.js";

const VIEW = [
  "frame",
  "axis",
  "log_time",
  "log_values",
  "matrix",
  "mode",
  "future",
  "projector",
  "theory",
  "spectrum",
  "part",
  "slice",
  "upper_strip",
  "lower_strip",
]; // as ui/player/view.py
const QUIET = 400; // milliseconds without a change before the view is reported

/** @param {Json | null} view */
const viewKey = (view) => JSON.stringify(view && VIEW.map((name) => view[name]));

/** @param {Player} player */
function viewOf(player) {
  const frame = player.run.growing ? null : Math.floor(player.clock.f + 1e-6);
  return {
    frame,
    axis: player.axisName,
    log_time: player.logTime,
    log_values: player.log,
    matrix: player.shown,
    mode: player.chosen,
    future: !player.withheld,
    projector: player.projector,
    theory: player.theory,
    spectrum: player.spectrumChosen,
    part: player.part,
    slice: player.slice,
    upper_strip: player.strips.picked[0],
    lower_strip: player.strips.picked[1],
  };
}

// A view from the server counts once: when it is new and not what the player itself has reported.
/** @param {Player} player @param {SharedView | null} view */
export function receiveView(player, view) {
  const key = viewKey(view);
  if (key === player.received) return;
  player.received = key;
  if (view && key !== player.reported) player.pending = view;
}

// What can be set is set at once; the mode and the frame wait until the run is complete.
/** @param {Player} player */
export function applyView(player) {
  const { pending: view, run } = player;
  if (!view) return;
  if (AXES[view.axis]) player.axisName = view.axis;
  player.logTime = view.log_time;
  player.log = view.log_values;
  player.withheld = !view.future;
  player.theory = view.theory;
  if (Matrix.choices(run, player.theory).some(([key]) => key === view.matrix)) player.shown = view.matrix;
  player.spectrumChosen = view.spectrum;
  player.part = view.part;
  player.slice = view.slice;
  player.strips.picked = [view.upper_strip, view.lower_strip];
  chooseSpectrum(run, view.spectrum);
  player.axis = sceneAxis(player.axisName, player.logTime, run);
  player.window = null;
  player.clock.bind(player.axis);
  if (run.frames && !run.growing) {
    player.pending = null;
    if (view.mode !== null && view.mode <= run.modes) player.chosen = view.mode;
    if (view.frame !== null) player.byHand(view.frame);
  }
  if (view.projector) player.project(true); // only a person leaves the projector: a course goes on in it
  player.layout();
}

// After every change by hand, and when playing has stopped. Never while it plays or the run grows: a report costs a rerun.
/** @param {Player} player */
export function reportView(player) {
  clearTimeout(player.reporting);
  player.reporting = setTimeout(() => {
    const { run, clock, report, pending } = player;
    if (!report || !run || !run.frames || run.growing || clock.playing || pending || !player.root.isConnected) return;
    const view = viewOf(player), key = viewKey(view);
    if (key === player.reported) return;
    player.reported = key;
    report(view);
  }, QUIET);
}

// Who reaches for Link or Export means the moment on the screen: it stands still, and so it is reported.
const TAKES = ".st-key-actions, [data-testid=stPopoverBody]";

/** @param {Player} player */
export function stopForTakers(player) {
  return (/** @type {any} */ { type, key, target }) => {
    const pressed = type === "pointerdown" || key === "Enter" || key === " ";
    if (pressed && player.clock.playing && !player.run.growing && target instanceof Element && target.closest(TAKES)) {
      player.toggle();
    }
  };
}
