// @ts-check
// The one entry: Streamlit calls it on every mount, rerun and change of theme; a saved page calls it itself.

/** @import { Component, Json } from "./types.d.ts" */

import { Player } from "./player.js";

/** @param {Component} component */
export default function mount({ parentElement, data, setTriggerValue, setStateValue }) {
  /** @type {(HTMLElement & { player?: Player }) | null} */
  const root = parentElement.querySelector(".dmf");
  if (!root || !data) return undefined;
  if (!root.player) root.player = new Player(root);
  root.player.update(
    data,
    (/** @type {Json} */ value) => setTriggerValue("action", value),
    setStateValue && ((/** @type {Json} */ view) => setStateValue("view", view)),
  );
  return () => root.player && root.player.close();
}
