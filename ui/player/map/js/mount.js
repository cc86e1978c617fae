// @ts-check
// The one entry: Streamlit calls it on every mount, rerun and change of theme.

import { MapView } from "./map_view.js";

export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".dmf-map");
  if (!root) return;
  root.view ||= new MapView(root);
  root.view.take(JSON.parse(data), setTriggerValue);
}
