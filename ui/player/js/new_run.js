// @ts-check
// A run instead of the one before; or more of the same one, and then nothing jumps.

/** @import { Run } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { sceneAxis } from "./axes.js";
import { heldSlider } from "./chart.js";
import { atRest } from "./clock.js";
import { between, chooseSpectrum, frameAt } from "./data.js";
import { expectPlotly } from "./enlarging.js";
import { openEvents } from "./events.js";
import { Matrix } from "./matrix.js";
import { describe, describePictures } from "./words.js";

/** @param {Player} player @param {Run} run */
export function showRun(player, run) {
  const { run: before, clock } = player;
  const same = before && before.run === run.run && before.frames > 0 && run.frames > 0;
  const value = same ? between(player.axis.column, clock.f) : 0;
  const atEnd = same && clock.f >= before.frames - 1 - 1e-9;
  const playing = same && clock.playing;
  if (!same && before && before.frames) drawSoon(player);
  takeRun(player, run, same);
  clock.f = 0;
  clock.bind(player.axis);
  const held = heldSlider() && before && before.frames; // a hand at a slider sees runs whole
  const plays = player.opensPlaying && !same && run.frames > 1 && !run.growing && !atRest() && !held;
  if (!same) clock.f = firstFrame(run, held);
  else clock.f = player.touched || !(before.growing || atEnd) ? frameAt(player.axis.column, value) : run.frames - 1;
  player.unplayed = same ? player.unplayed && !run.growing : plays && !(before && before.frames);
  clock.bind(player.axis);
  if (plays) clock.f = clock.opening;
  clock.bind(player.axis);
  describe(player);
  player.layout();
  if (plays) player.toggle();
  else if (playing && !clock.playing) clock.play();
  player.stamp();
  describePictures(player);
  expectPlotly(player);
}

// Plotly takes five times as long as a still: it draws a new run when its still has been on the screen.
/** @param {Player} player */
export function drawSoon(player) {
  player.passing = true;
  const draw = () => {
    player.passing = false;
    player.layout();
  };
  const painted = () => { // before the second picture: the first one is on the screen
    clearTimeout(player.soon);
    player.soon = setTimeout(draw);
  };
  requestAnimationFrame(() => requestAnimationFrame(painted));
}

// The settings that do not fit the run are those of its beginning; of another run, also the hand's.
/** @param {Player} player @param {Run} run @param {boolean} same */
function takeRun(player, run, same) {
  player.run = run;
  chooseSpectrum(run, player.spectrumChosen);
  player.shown = Matrix.choices(run, player.theory).some(([key]) => key === player.shown) ? player.shown : "W";
  player.axis = sceneAxis(player.axisName, player.logTime, run);
  if (same) return;
  player.window = null;
  player.touched = false;
  player.chosen = null;
  player.lit = 0;
  player.given = Boolean(run.picture && run.picture.as_given);
  player.clock.pause();
  if (player.eventsOpen) openEvents(player, false);
}

// Where the cursor of another run stands: at its end while it grows or a slider is held; at its last event without motion.
/** @param {Run} run @param {number | boolean} held */
function firstFrame(run, held) {
  const last = Math.max(run.frames - 1, 0);
  if (run.growing || held) return last;
  if (!atRest()) return 0;
  return run.events.length ? run.events[run.events.length - 1][1] : last;
}
