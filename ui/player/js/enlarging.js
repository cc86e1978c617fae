// @ts-check
// A part of the charts shown larger: by a box that is drawn while "zoom" is on; back by "reset", two clicks or Escape.

/** @import { ChartHost } from "./types.d.ts" */

import { CALM, plotly, whenIdle } from "./plotly.js";

// Plotly is sent for when the page is calm, or at once when somebody reaches for the chart.
/** @param {ChartHost} player @param {boolean} [now] */
export function expectPlotly(player, now = false) {
  if (player.expecting === 2 || !player.run.frames || (!now && player.expecting)) return;
  player.expecting = now ? 2 : 1;
  const bring = async () => {
    if (player.root.isConnected && await plotly(player.plotlyAt)) admit(player);
    else player.expecting = 0; // the next wish for it tries again
  };
  clearTimeout(player.calm);
  if (now) bring();
  else player.calm = setTimeout(() => whenIdle(bring), CALM);
}

// One chart after the other, the visible ones first, so that no picture waits for all.
/** @param {ChartHost} player */
function admit(player) {
  const waiting = player.charts().filter((chart) => !chart.admitted);
  if (!player.root.isConnected || !waiting.length) return;
  const next = waiting.find((chart) => chart.canvas.clientWidth) || waiting[0];
  next.admitted = true;
  player.layout();
  if (waiting.length > 1) whenIdle(() => admit(player));
}

// `part`: { x: [low, high] of the axis, y: [low, high] of the scale or null }; null: the whole run.
/** @param {ChartHost} player @param {{ x: number[], y: number[] | null } | null} part */
export function enlarge(player, part) {
  player.window = part && { x: part.x, y: part.y || (player.window && player.window.y) || null };
  player.layout();
}

/** @param {ChartHost} player @param {boolean} on */
export function setEnlarging(player, on) {
  if (!player.run || !player.run.frames) return;
  player.enlarging = on;
  expectPlotly(player, true);
  player.layout();
}

/** @param {ChartHost} player */
export function listenForEnlarging(player) {
  player.$(".dmf-enlarge").addEventListener("click", () => setEnlarging(player, !player.enlarging));
  player.$(".dmf-whole").addEventListener("click", () => enlarge(player, null));
  player.root.addEventListener("pointerover", ({ target }) => {
    if (player.run && target instanceof Element && target.closest(".dmf-plot")) expectPlotly(player, true);
  });
}

/** @param {ChartHost} player */
export function showEnlarging(player) {
  const button = player.$(".dmf-enlarge");
  button.setAttribute("aria-pressed", String(player.enlarging));
  button.disabled = !player.run.frames;
  player.$(".dmf-whole").hidden = !player.window;
}
