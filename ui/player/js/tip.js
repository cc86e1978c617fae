// @ts-check
// The numbers of one mode, beside the pointer or beside its disc.

/** @import { Line, Point } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { modeAt } from "./data.js";
import { lowered, printed, THIN } from "./numbers.js";

// Line after line; what lies in the future is not told while the future is hidden.
/** @param {Player} player @param {number} mode @returns {Line[]} */
export function modeWords(player, mode) {
  const { run, clock, hidden } = player;
  if (!run || !run.frames || !mode || mode > run.modes) return [];
  const now = modeAt(run, mode - 1, clock.f);
  /** @type {Line[]} */
  const lines = [[`${run.word} ${mode}`, `now ${printed(now)}`]];
  if (hidden || run.growing) return lines;
  lines.push(["", `at the end ${printed(run.value(mode - 1, run.frames - 1))}`]);
  if (!run.true_values || !run.heading.length || mode > run.learned) return lines;
  const to = run.heading[mode - 1];
  if (!to || to > run.true_values.length) return [...lines, ["", `heads for no single true ${run.word}`]];
  const truth = run.true_values[to - 1], away = truth - now, share = Math.abs(away) / truth;
  const how = share < 0.005
    ? "there, within 0.5\u202f%"
    : `${printed(Math.abs(away))} ${away > 0 ? "below" : "above"} it (${printed(100 * share, 2)}${THIN}%)`;
  return [...lines, ["", `heads for ${run.symbol}${lowered(to)} = ${printed(truth, 3, true)},`], ["", how]];
}

// The numbers of a mode at a point in the root's pixels; null hides them.
/** @param {Player} player @param {number} mode @param {Point | null} at */
export function showTip(player, mode, at) {
  showLines(player, () => modeWords(player, mode), at, mode);
}

// What `words` gives, as pairs of a bold and a plain text, line after line, beside a point; null hides it. It is written again
// with every picture, as a pointer may rest while the numbers move. `mode`: whose colour the bold texts have.
/** @param {Player} player @param {() => Line[]} words @param {Point | null} at @param {number} [mode] */
export function showLines(player, words, at, mode = 0) {
  player.tip = at && { words, at, mode };
  if (at) writeTip(player);
  else player.$(".dmf-tip").hidden = true;
}

/** @param {Player} player */
export function writeTip(player) {
  if (!player.tip) return;
  const tip = player.$(".dmf-tip"), { words, at, mode } = player.tip, lines = words();
  tip.hidden = !lines.length;
  if (!lines.length) return;
  tip.replaceChildren(...lines.map(([name, text]) => {
    const line = document.createElement("div");
    if (name) {
      const strong = document.createElement("b");
      strong.textContent = `${name} `;
      if (mode) strong.style.color = player.tokens.text(mode);
      line.append(strong);
    }
    line.append(text);
    return line;
  }));
  const { clientWidth, clientHeight } = player.root;
  const left = at[0] + 16 + tip.offsetWidth > clientWidth ? at[0] - 16 - tip.offsetWidth : at[0] + 16;
  const top = Math.min(at[1] + 12, clientHeight - tip.offsetHeight - 4);
  tip.style.transform = `translate(${Math.max(0, Math.round(left))}px, ${Math.max(0, Math.round(top))}px)`;
}

// The place of a mode's disc in the root's pixels.
/** @param {Player} player @param {number} mode @returns {Point} */
export function discPlace(player, mode) {
  const { curves, root, clock } = player;
  const box = curves.canvas.getBoundingClientRect(), home = root.getBoundingClientRect();
  const [x, y] = curves.meeting(mode, clock.f);
  return [box.left - home.left + x * curves.view.zoom, box.top - home.top + y * curves.view.zoom];
}
