// @ts-check
// The projector: the player fills the window, everything in it larger by one factor. Keys that act on the whole page.

/** @import { Player } from "./player.js" */

import { keepsKey } from "./controls.js";

const SHEET = [1280, 720]; // the picture that the sizes are made for
const LARGER = 17 / 12; // the smallest text of the sheet over the smallest text of the page
const ROOM = 1040; // narrower windows keep the usual layout: there is nothing to enlarge

// What style sheets of the page read: that a player is on it, and whether it fills the window.
/** @param {"page" | "wide" | "narrow"} how */
export function markPage(how) {
  document.documentElement.dataset.player = how;
  delete document.documentElement.dataset.projected; // of pages without a player
}

// The last one takes the mark away.
/** @param {HTMLElement} root of the player that leaves */
export function unmarkPage(root) {
  const others = [...document.querySelectorAll(".dmf:not(.dmf-compare)")].filter((each) => each !== root);
  if (!others.length) delete document.documentElement.dataset.player;
}

// How much larger than usual the canvases draw; the style sheet takes the same unit.
/** @param {Player} player */
export function projectorZoom(player) {
  const wide = player.projector && window.innerWidth >= ROOM;
  const unit = wide ? Math.max(1, Math.min(window.innerWidth / SHEET[0], window.innerHeight / SHEET[1])) : 1;
  player.root.style.setProperty("--u", `${unit}px`);
  player.root.dataset.projector = wide ? "wide" : player.projector ? "narrow" : "";
  markPage(wide ? "wide" : player.projector ? "narrow" : "page");
  return wide ? unit * LARGER : 1;
}

// What has keys of its own, whatever it is made of: all of them, or those that move and press.
const TYPED = "[role=dialog], [role=menu], [role=listbox], [role=combobox], [role=grid], [data-testid=stPopoverBody], canvas";
const MOVED = "[role=slider], [role=radiogroup], [role=toolbar], [role=tablist], [role=button], " +
  "[data-testid=stFileUploaderDropzone]";
const MOVES = /^(Arrow.*| |Enter)$/;
const SCROLLS = ["PageDown", "PageUp", "Home", "End"]; // the page does, where it is longer than two windows
const GOOD_PART = 1; // of the window

function scrolls() {
  const page = document.querySelector("[data-testid=stMain]") || document.scrollingElement;
  return page.scrollHeight - page.clientHeight > GOOD_PART * page.clientHeight;
}

// Keys from anywhere on the page, except where somebody writes or a control has them. Of several players the first has them.
/** @param {{ root: HTMLElement, key: (event: any) => void, projector?: boolean }} player */
export function pageKeys(player) {
  return (/** @type {any} */ event) => {
    const { root, projector } = player, { target, key } = event;
    if (root.contains(target) || keepsKey(target, key) || document.querySelector(".dmf") !== root) return;
    if (target.closest(TYPED) || (MOVES.test(key) && target.closest(MOVED))) return;
    if (SCROLLS.includes(key) && (target.closest("[role=slider]") || (!projector && scrolls()))) return;
    player.key(event);
  };
}

// The address that was opened first: the page may have written another one before this is loaded.
const [opening] = performance.getEntriesByType("navigation");
let requested = new URL(opening ? opening.name : location.href).searchParams.get("view") === "projector";

// Whether a player opens in its projector: the first one as the address says, and any where the page itself is projected.
export function asksForProjector() {
  const asked = requested || "projected" in document.documentElement.dataset;
  requested = false;
  return asked;
}
