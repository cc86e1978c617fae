// @ts-check
// What only a tensor has: several spectra to choose from, and a part of its cells to look at.

/** @import { Choice } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { parts, slices, sliceWords } from "./arrangement.js";
import { fillMenu } from "./controls.js";

/** @param {Player} player @param {() => void} home */
export function tensorControls(player, home) {
  const { run, root } = player, { picture } = run;
  const which = player.$(".dmf-which"), cut = player.$(".dmf-cut");
  player.$(".dmf-curves h2").hidden = run.spectra.length > 0;
  which.hidden = !run.spectra.length;
  if (run.spectra.length) {
    /** @type {Choice[]} */
    const choices = run.spectra.map((
      { key, head },
    ) => [
      key,
      player.root.clientWidth < 720
        ? head.replace("Singular values of u", "U").replace("Singular values of c", "C")
        : `${head} over time`,
    ]);
    fillMenu(which.querySelector("select"), choices, run.spectrum || run.spectra[0].key, (key) => {
      player.chooseSpectrum(key);
      home();
    });
  }
  cut.hidden = !(picture && picture.sides);
  root.classList.toggle("dmf-tensor", !cut.hidden);
  if (cut.hidden) return;
  const part = player.part || parts(picture.sides)[0][0], many = slices(picture.sides);
  fillMenu(cut.querySelector("select"), parts(picture.sides), part, (key) => {
    player.choosePart(key, player.slice);
    home();
  });
  const range = cut.querySelector("input"), at = Math.min(player.slice, many - 1);
  range.hidden = part !== "slice";
  range.max = many - 1;
  range.value = at;
  range.setAttribute("aria-valuetext", `slice ${sliceWords(picture.sides, at)}`);
  range.oninput = () => player.choosePart("slice", Number(range.value));
  cut.querySelector("output").textContent = part === "slice" ? sliceWords(picture.sides, at) : "";
}
