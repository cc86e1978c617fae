// @ts-check
// The one entry: Streamlit calls it on every mount, rerun and change of theme.

import { Comparison } from "./comparison.js";

export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".dmf");
  if (!root || !data) return undefined;
  if (!root.player) root.player = new Comparison(root);
  root.player.update(data, (value) => setTriggerValue("action", value));
  return () => root.player && root.player.close();
}
