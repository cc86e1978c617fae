// @ts-check
// The one entry: Streamlit calls it on every mount, rerun and change of theme; a saved page calls it itself.

/** @import { Json } from "./types.d.ts" */

import { Player } from "./player.js";

/** @param {any} arg0 */
export default function mount({ parentElement, data, setTriggerValue, setStateValue }) {
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
