// @ts-check
// Dragging scrubs; a click on a curve, bar or disc selects; pointing at one lights its mode. The wheel is left to the page,
// and so is a finger that moves up or down: it scrubs when it moves sideways, stays for a moment, or taps.

/** @import { Scrubbed } from "./types.d.ts" */

const CLICK = 4; // pixels
export const HOLD = 350; // milliseconds after which a finger that stays means this place
export const SIDEWAYS = 8; // pixels

// Whether a finger has begun to move along the axis rather than the page.
/** @param {number} dx @param {number} dy */
export const sideways = (dx, dy) => Math.abs(dx) > SIDEWAYS && Math.abs(dx) > Math.abs(dy);

// Where a pointer is on a panel's canvas, in the panel's own pixels.
/** @param {any} panel @param {any} event */
export function pointOn(panel, event) {
  const box = panel.canvas.getBoundingClientRect(), zoom = (panel.view && panel.view.zoom) || 1;
  return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
}

// `panel.place(px)` gives the place on the axis; `hit(px, py)` what is under the pointer: a mode, or something that has
// one, or nothing; `choose(hit)` is what a click on it does.
/**
 * @param {HTMLElement} element
 * @param {any} panel
 * @param {Scrubbed} player
 * @param {(x: number, y: number) => any} [hit]
 * @param {((hit: any, touch: boolean) => void) | null} [choose]
 */
export function scrubbing(element, panel, player, hit = () => 0, choose = null) {
  /** @type {any[] | null} where it was pressed, and on what */
  let from = null;
  let dragging = false;
  let held = 0; // timer
  /** @param {number} x */
  const drag = (x) => {
    clearTimeout(held);
    dragging = true;
    light(0, undefined);
    player.scrub(panel.place(x));
  };
  /** @param {any} target */
  const modeOf = (target) => (target ? target.mode || target : 0);
  /** @param {number} mode @param {PointerEvent | undefined} event */
  const light = (mode, event) => player.light && player.light(mode, event);
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !player.run || !player.run.frames || (player.enlarging && panel.root)) return;
    const [x, y] = pointOn(panel, event);
    from = [x, y, hit(x, y)];
    dragging = false;
    element.setPointerCapture(event.pointerId);
    clearTimeout(held);
    if (event.pointerType === "touch") held = setTimeout(() => drag(x), HOLD);
    else if (!from[2]) drag(x);
  });
  element.addEventListener("pointermove", (event) => {
    const [x, y] = pointOn(panel, event);
    if (!from) {
      const target = hit(x, y);
      element.style.cursor = target ? "pointer" : "";
      if (event.pointerType === "mouse") light(modeOf(target), event);
      return;
    }
    const dx = x - from[0], dy = y - from[1];
    if (dragging || (event.pointerType === "touch" ? sideways(dx, dy) : Math.hypot(dx, dy) >= CLICK)) drag(x);
  });
  /** @param {PointerEvent} event */
  const release = (event) => {
    if (!from) return;
    clearTimeout(held);
    if (!dragging && event.type === "pointerup" && event.pointerType === "touch" && !from[2]) player.scrub(panel.place(from[0]));
    else if (!dragging && event.type === "pointerup") {
      (choose || ((target, touch) => player.select(modeOf(target), touch)))(from[2], event.pointerType !== "mouse");
    }
    if (dragging) player.speak();
    from = null;
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("pointerleave", () => light(0, undefined));
}

// A panel without time: pointing lights, a click selects.
/** @param {any} panel @param {Scrubbed} player */
export function pointing(panel, player) {
  /** @param {PointerEvent} event */
  const mode = (event) => panel.hit(pointOn(panel, event)[0]);
  panel.canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "mouse") player.light(mode(event), event);
  });
  panel.canvas.addEventListener("pointerleave", () => player.light(0, null));
  panel.canvas.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
    if (mode(event)) player.select(mode(event), event.pointerType !== "mouse");
  });
}
