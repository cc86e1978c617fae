// @ts-check
// The state of the player in its page: what tests and style sheets read, and the words that change with the frame.

/** @import { Player } from "./player.js" */

import { axisSays } from "./axes.js";
import { writeText } from "./text.js";
import { nowWords, writeNumbers } from "./words.js";

/** @param {Player} player */
export function writeState(player) {
  const { root, run, clock, written } = player;
  const frame = Math.floor(clock.f + 1e-6);
  const state = !run.frames ? "empty" : run.growing ? "growing" : clock.playing ? "playing" : "paused";
  const live = player.projector || player.hidden ? 1 : 0;
  const rise = run.frames && player.ready ? player.curves.risen(clock.f).toFixed(3) : "0"; // not ready: it has no size
  const values = { run: run.run, frame, frames: run.frames, state, playing: clock.playing ? 1 : 0, live, rise };
  for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = String(value);
  for (const [selector, text] of Object.entries(nowWords(player))) {
    if (written[selector] !== text) writeText(player.$(selector), written[selector] = text);
  }
  if (player.valueNow !== frame) {
    player.valueNow = frame;
    player.$(".dmf-track").setAttribute("aria-valuenow", frame);
    if (run.frames) player.$(".dmf-track").setAttribute("aria-valuetext", axisSays(player.axis, clock.f));
  }
  if (root.dataset.projector === "wide") writeNumbers(player);
  player.$(".dmf-play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
}
