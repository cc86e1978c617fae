// @ts-check
// What happened in the run, as a list that can be opened, and the way from one event to the next.

/** @import { Entry } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { between } from "./data.js";
import { printed } from "./numbers.js";

// [frame, words, mode] in the order of time: what was measured, and what was predicted.
/** @param {Player} player @returns {Entry[]} */
function eventList(player) {
  const { run, clock, hidden } = player;
  /** @type {Entry[]} */
  const measured = run.timeline.map(([, mode, frame, , words]) => [frame, words, mode]);
  /** @type {Entry[]} */
  const foretold = (player.track.predicted || []).map((
    { mode, f },
  ) => [f, `${run.word} ${mode} predicted, t = ${printed(between(run.t, f))}`, mode]);
  const all = [...measured, ...foretold].sort((a, b) => a[0] - b[0]);
  return hidden ? all.filter(([frame]) => frame <= clock.f + 1e-6) : all;
}

// The events that PageDown and PageUp stop at: frames, each once.
/** @param {Player} player */
export function eventFrames(player) {
  return [...new Set(player.run.timeline.map(([, , frame]) => frame))].filter((frame) => frame > 1e-6);
}

// The words of what happens at this very moment, for the screen reader.
/** @param {Player} player */
export function eventWords(player) {
  const present = player.run.timeline.filter(([, , frame]) => Math.abs(frame - player.clock.f) < 1e-3);
  return present.map(([, , , , words]) => `${words.charAt(0).toUpperCase()}${words.slice(1)}. `).join("");
}

/** @param {Player} player @param {boolean} open */
export function openEvents(player, open) {
  const panel = player.$(".dmf-events"), button = player.$("[data-do=events]");
  player.eventsOpen = open;
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (!open) return;
  player.unpin();
  const items = eventList(player).map(([frame, words, mode]) => {
    const item = document.createElement("li"), jump = document.createElement("button");
    jump.type = "button";
    jump.textContent = words;
    jump.onclick = () => player.jumpToEvent({ f: frame, mode });
    item.append(jump);
    return item;
  });
  panel.querySelector("ol").replaceChildren(...items);
  panel.querySelector("p").hidden = items.length > 0;
  const first = panel.querySelector("li button");
  if (first) first.focus();
}

// Up and down inside the list.
/** @param {any} event */
export function walkEvents(event) {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll("li button")];
  const next = all[all.indexOf(document.activeElement) + step];
  if (next) next.focus();
  event.preventDefault();
  event.stopPropagation();
}
