// @ts-check
// A part of the charts shown larger: by a box that is drawn while "zoom" is on; back by "reset", two clicks or Escape.

import { CALM, plotly, whenIdle } from "./plotly.js";

// Plotly is sent for when the page is calm, or at once when somebody reaches for the chart.
export function expectPlotly(player, now = false) {
  if (player.strips.admitted || player.expecting === 2 || !player.run.frames || (!now && player.expecting)) return;
  player.expecting = now ? 2 : 1;
  const bring = () => plotly(player.plotlyAt).then((library) => library && admit(player, [player.curves, player.strips]));
  clearTimeout(player.calm);
  if (now) bring();
  else player.calm = setTimeout(() => whenIdle(bring), CALM);
}

// One chart after the other, so that no picture waits for both.
function admit(player, [chart, ...others]) {
  if (!player.root.isConnected) return;
  chart.admitted = true;
  player.layout();
  if (others.length) whenIdle(() => admit(player, others));
}

// `part`: { x: [low, high] of the axis, y: [low, high] of the scale or null }; null: the whole run.
export function enlarge(player, part) {
  player.window = part && { x: part.x, y: part.y || (player.window && player.window.y) || null };
  player.layout();
}

export function setEnlarging(player, on) {
  if (!player.run || !player.run.frames) return;
  player.enlarging = on;
  expectPlotly(player, true);
  player.layout();
}

export function listenForEnlarging(player) {
  player.$(".dmf-enlarge").addEventListener("click", () => setEnlarging(player, !player.enlarging));
  player.$(".dmf-whole").addEventListener("click", () => enlarge(player, null));
  for (const plot of player.root.querySelectorAll(".dmf-plot")) {
    plot.addEventListener("pointerenter", () => player.run && expectPlotly(player, true));
  }
}

export function showEnlarging(player) {
  const button = player.$(".dmf-enlarge");
  button.setAttribute("aria-pressed", String(player.enlarging));
  button.disabled = !player.run.frames;
  player.$(".dmf-whole").hidden = !player.window;
}
