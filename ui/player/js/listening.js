// @ts-check
// What the player listens to: keys, buttons, gestures, the size of its panels, and the page around it.

/** @import { Player } from "./player.js" */

import { pointingAtCells } from "./cell.js";
import { heldSlider } from "./chart.js";
import { keepsKey, listenForTransport } from "./controls.js";
import { listenForEnlarging } from "./enlarging.js";
import { openEvents, walkEvents } from "./events.js";
import { pointing, scrubbing } from "./gestures.js";
import { drawSoon } from "./new_run.js";
import { lastStable, tell } from "./notice.js";
import { markPage, pageKeys, unmarkPage } from "./projector.js";
import { stopForTakers } from "./view.js";

/** @param {Player} player */
export function startListening(player) {
  listenForEnlarging(player);
  markPage("page");
  listenForButtons(player);
  listenForGestures(player);
  listenForPage(player);
}

/** @param {Player} player */
function listenForButtons(player) {
  player.root.addEventListener("keydown", (event) => {
    if (!keepsKey(event.target, event.key)) player.key(event);
  });
  listenForTransport(player, {
    loop: () => player.loop(),
    future: () => player.hideFuture(),
    events: () => openEvents(player, !player.eventsOpen),
    projector: () => player.project(!player.projector),
  });
  player.$(".dmf-buttons").addEventListener("click", (/** @type {any} */ event) => {
    const action = event.target.dataset.action;
    if (action === "stable") return player.jump(lastStable(player.run)); // nothing for a server to do
    if (action) player.send({ action, run: player.run.run, count: ++player.sent });
  });
  player.$(".dmf-events").addEventListener("keydown", walkEvents);
  player.$(".dmf-order").addEventListener("click", () => {
    player.given = !player.given;
    player.layout();
  });
}

/** @param {Player} player */
function listenForGestures(player) {
  const { clock, curves, strips, track } = player;
  scrubbing(curves.root, curves, player, (x, y) => curves.hit(x, y));
  scrubbing(strips.root, strips, player);
  scrubbing(player.$(".dmf-track"), track, player, (x, y) => track.hit(x, y, clock.f), (event) => player.jumpToEvent(event));
  pointing(player.spectrum, player);
  pointingAtCells(player);
}

/** @param {Player} player */
function listenForPage(player) {
  player.sizes = new ResizeObserver(() => player.resized());
  for (const panel of player.panels) player.sizes.observe(panel.canvas);
  player.app = document.querySelector("[data-test-connection-state]");
  player.connection = new MutationObserver(() => tell(player));
  if (player.app) {
    player.connection.observe(player.app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  }
  player.hand = new MutationObserver(() => heldSlider() ? player.layout() : drawSoon(player)); // stills while a slider is held
  player.hand.observe(document.documentElement, { attributes: true, attributeFilter: ["data-dragging"] });
  player.pageKeys = pageKeys(player);
  player.onTake = stopForTakers(player);
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, player.onTake, true);
  player.onResize = () => player.projector && player.layout();
  window.addEventListener("resize", player.onResize);
  document.addEventListener("keydown", player.pageKeys, true);
}

/** @param {Player} player */
export function stopListening(player) {
  unmarkPage(player.root);
  player.clock.pause();
  clearTimeout(player.reporting);
  clearTimeout(player.calm);
  clearTimeout(player.soon);
  player.sizes.disconnect();
  player.connection.disconnect();
  player.hand.disconnect();
  window.removeEventListener("resize", player.onResize);
  for (const type of ["pointerdown", "keydown"]) document.removeEventListener(type, player.onTake, true);
  document.removeEventListener("keydown", player.pageKeys, true);
}
