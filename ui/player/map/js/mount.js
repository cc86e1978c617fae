// @ts-check
// The one entry: Streamlit calls it on every mount, rerun and change of theme.

/** @import { Component } from "../../js/types.d.ts" */

import { MapView } from "./map_view.js";

/** @param {Component} component */
export default function mount({ data, parentElement, setTriggerValue, setStateValue }) {
  /** @type {(HTMLElement & { view?: MapView }) | null} */
  const root = parentElement.querySelector(".dmf-map");
  if (!root) return;
  root.view ||= new MapView(root);
  root.view.take(JSON.parse(data), setTriggerValue, setStateValue);
}
