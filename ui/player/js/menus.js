// @ts-check
// The player's switches and menus, the words of its colour bar and the states of its buttons, after every layout.

/** @import { Player } from "./player.js" */

import { axisChoices, LOGS } from "./axes.js";
import { SPEEDS } from "./clock.js";
import { fillMenu, fillSwitch } from "./controls.js";
import { showEnlarging } from "./enlarging.js";
import { Matrix } from "./matrix.js";
import { MINUS, printed } from "./numbers.js";
import { depthColours } from "./preconditioner.js";
import { stripChoices } from "./strips.js";
import { tensorControls } from "./tensor_controls.js";

const ALWAYS_ENABLED = "[data-do=help], [data-do=projector]"; // also without a run

/** @param {Player} player */
export function writeMenus(player) {
  // A menu keeps the keys of the keyboard: after a choice they go back to the player.
  const focusPlayer = () => player.root.focus({ preventScroll: true });
  fillSwitch(
    player.$(".dmf-scale"),
    [["linear", "linear"], ["log", "log"]],
    player.log ? "log" : "linear",
    (key) => player.setLog(key === "log"),
  );
  fillSwitch(player.$(".dmf-shown"), Matrix.choices(player.run, player.theory), player.shown, (key) => player.show(key));
  fillMenu(player.$(".dmf-speed select"), SPEEDS.map((s) => [s, `${s}×`]), player.clock.speed, (value) => {
    player.clock.speed = Number(value);
    focusPlayer();
  });
  writeAxisMenu(player, focusPlayer);
  writeStripMenus(player, focusPlayer);
  writeMatrixCaption(player);
  depthColours(player);
  tensorControls(player, focusPlayer);
  player.$(".dmf-spectrum i").hidden = !player.run.true_values;
  showEnlarging(player);
  writeButtons(player);
  player.$(".dmf-centre").style.top = `${centreTop(player)}px`;
}

/** @param {Player} player @param {() => void} focusPlayer */
function writeAxisMenu(player, focusPlayer) {
  const { axisName, logTime, run } = player;
  const chosen = `${axisName}${logTime && LOGS.includes(axisName) ? " log" : ""}`;
  fillMenu(player.$(".dmf-axis select"), axisChoices(run), chosen, (key) => {
    player.setAxis(key.split(" ")[0], key.endsWith(" log"));
    focusPlayer();
  });
}

/** @param {Player} player @param {() => void} focusPlayer */
function writeStripMenus(player, focusPlayer) {
  const { run, strips, theory } = player;
  const menus = /** @type {NodeListOf<HTMLSelectElement>} */ (player.root.querySelectorAll(".dmf-strip select"));
  menus.forEach((menu, slot) =>
    fillMenu(menu, stripChoices(run), strips.chosen(run, theory)[slot], (kind) => {
      player.chooseStrip(slot, kind);
      focusPlayer();
    })
  );
}

// Under the matrix: the colour bar with its two ends, in which order rows and columns stand, and the button that changes it.
/** @param {Player} player */
function writeMatrixCaption(player) {
  const { shown, given } = player;
  const { picture } = player.run;
  const bar = player.$(".dmf-colours"), caption = player.$(".dmf-caption span"), order = player.$(".dmf-order");
  const [low, high] = bar.querySelectorAll("span");
  bar.style.visibility = picture ? "" : "hidden";
  order.textContent = given ? "Sort them" : "Show as given";
  order.hidden = !picture || Boolean(picture.sides) || shown === "K";
  if (!picture) {
    bar.classList.remove("dmf-grey");
    low.textContent = high.textContent = "";
    caption.textContent = given && shown === "W" ? "Rows and columns as given." : "";
    return;
  }
  const grey = shown === "residual" ? null : picture.grey;
  const limit = shown === "residual" ? picture.residual_limit : picture.limit;
  bar.classList.toggle("dmf-grey", Boolean(grey));
  low.textContent = grey ? `${printed(grey[0], 2)} black` : MINUS + printed(limit, 2);
  high.textContent = grey ? `${printed(grey[1], 2)} white` : printed(limit, 2);
  caption.textContent = given && shown === "W" && !picture.sides ? "Rows and columns as given." : picture.captions[shown];
}

/** @param {Player} player */
function writeButtons(player) {
  const { root, run, hidden } = player;
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll(".dmf-transport [data-do]"));
  for (const button of buttons) if (!button.matches(ALWAYS_ENABLED)) button.disabled = !run.frames;
  const pressed = { loop: player.clock.loop, future: hidden, projector: player.projector };
  for (const [name, on] of Object.entries(pressed)) {
    player.$(`[data-do=${name}]`).setAttribute("aria-pressed", String(Boolean(on)));
  }
  player.$("[data-do=future] span").textContent = hidden ? "Show the future" : "Hide the future";
}

// Where the words of an empty picture stand: below the dashed lines of the truth, if there is room.
/** @param {Player} player @returns {number} CSS pixels */
function centreTop(player) {
  const { y, y0, root } = player.curves;
  const truth = player.run.true_values || [];
  const lowest = truth.length ? y(truth[truth.length - 1]) : y0 / 2;
  return root.offsetTop + (y0 - lowest > 60 ? (lowest + y0) / 2 : y0 / 2) * player.zoom - 13;
}
