// @ts-check
// The one entry: Streamlit calls it on every mount, rerun and change of theme.

/** @import { Component, Json } from "../../js/types.d.ts" */

import { Comparison } from "./comparison.js";

/** @param {Component} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  /** @type {(HTMLElement & { player?: Comparison }) | null} */
  const root = parentElement.querySelector(".dmf");
  if (!root || !data) return undefined;
  if (!root.player) root.player = new Comparison(root);
  root.player.update(data, (/** @type {Json} */ value) => setTriggerValue("action", value));
  return () => root.player && root.player.close();
}
