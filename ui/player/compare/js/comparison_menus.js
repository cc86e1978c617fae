// @ts-check
// The menus of a comparison and the states of its buttons, after every layout.

/** @import { Comparison } from "./comparison.js" */

import { SPEEDS } from "../../js/clock.js";
import { fillMenu } from "../../js/controls.js";
import { showEnlarging } from "../../js/enlarging.js";
import { atWords, EQUAL } from "./common_axis.js";

// Every menu keeps the keys of the keyboard: after a choice they go back to the comparison.
/** @param {Comparison} comparison */
export function writeComparisonMenus(comparison) {
  const focus = () => comparison.root.focus({ preventScroll: true });
  fillMenu(comparison.$(".dmf-speed select"), SPEEDS.map((s) => [s, `${s}×`]), comparison.clock.speed, (value) => {
    comparison.clock.speed = Number(value);
    focus();
  });
  fillMenu(
    comparison.$(".dmf-at select"),
    Object.keys(EQUAL).map((key) => [key, atWords(key, comparison.runs)]),
    comparison.at,
    (key) => {
      comparison.setAt(key);
      focus();
    },
  );
  fillMenu(comparison.$(".dmf-picture select"), comparison.choices(), comparison.shown, (key) => {
    comparison.show(key);
    focus();
  });
  fillMenu(
    comparison.$(".dmf-together select"),
    [["0", "side by side"], ["1", "overlaid"]],
    comparison.overlaid ? "1" : "0",
    (key) => {
      comparison.setOverlaid(key === "1");
      focus();
    },
  );
  fillMenu(
    comparison.$(".dmf-height select"),
    [["linear", "linear"], ["log", "log"]],
    comparison.log ? "log" : "linear",
    (key) => {
      comparison.setLog(key === "log");
      focus();
    },
  );
  showEnlarging(comparison);
  const buttons = ".dmf-transport button[data-do]:not([data-do=help])";
  comparison.root.querySelectorAll(buttons).forEach((
    button,
  ) => (/** @type {HTMLButtonElement} */ (button).disabled = !comparison.run.frames));
}
