// @ts-check
// The projector: the player fills the window, everything in it larger by one factor, and the keys act page-wide.

/** @import { Player } from "./player.js" */

import { keepsKey } from "./controls.js";

const SHEET = [1280, 720]; // the picture that the sizes are made for
const LARGER = 17 / 12; // the smallest text of the sheet over the smallest text of the page
const ROOM = 1040; // narrower windows keep the usual layout: there is nothing to enlarge

// How much larger than usual the canvases draw; the style sheet takes the same unit.
/** @param {Player} player */
export function projectorZoom(player) {
  const wide = player.projector && window.innerWidth >= ROOM;
  const unit = wide ? Math.max(1, Math.min(window.innerWidth / SHEET[0], window.innerHeight / SHEET[1])) : 1;
  player.root.style.setProperty("--u", `${unit}px`);
  player.root.dataset.projector = wide ? "wide" : player.projector ? "narrow" : "";
  return wide ? unit * LARGER : 1;
}

// Keys from anywhere on the page, except where somebody writes.
/** @param {Player} player */
export function pageKeys(player) {
  return (/** @type {any} */ event) => {
    if (player.root.contains(event.target) || keepsKey(event.target, event.key)) return;
    player.key(event);
  };
}

export const asksForProjector = () => new URLSearchParams(window.location.search).get("view") === "projector";
