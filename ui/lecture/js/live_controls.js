// @ts-check
// Depth and initial scale, moved before the eyes of the room: the same controls on the desk and on the projector.

/** @import { LiveMessage, SceneMessage } from "./types.d.ts" */
/** @import { Presenter } from "./driving.js" */

import { element } from "./dom.js";

/** @type {Record<string, [name: string, choices: number[]]>} */
const SETTINGS = {
  "model.depth": ["Depth", [1, 2, 3, 4, 5]],
  "init.scale": ["Initial scale", [1, 0.1, 0.01, 0.001, 0.0001]],
};

/** What is not as the script has it, in words; "" where all is. @param {Pick<SceneMessage, "changes">} scene */
export function changedWords({ changes }) {
  const words = Object.entries(changes).map(([path, value]) => `${(SETTINGS[path] || [path])[0].toLowerCase()} ${value}`);
  return words.length ? `Changed by hand: ${words.join(", ")}.` : "";
}

/**
 * Buttons in `place`; what is no number in this run has none. False where nothing can be moved now.
 * @param {HTMLElement} place
 * @param {Presenter} presenter
 * @param {LiveMessage} live
 */
export function drawControls(place, presenter, { values, changed }) {
  const focused = document.activeElement instanceof HTMLElement && place.contains(document.activeElement)
    ? document.activeElement.dataset.choice
    : undefined;
  const numbers = Object.entries(values).flatMap(([path, value]) =>
    typeof value === "number" ? [/** @type {[string, number]} */ ([path, value])] : []
  );
  const rows = numbers.map(([path, value]) => {
    const [name, usual] = SETTINGS[path], row = element("p");
    const choices = usual.includes(value) ? usual : [...usual, value].sort((a, b) => (usual[0] < usual[1] ? a - b : b - a));
    const buttons = choices.map((choice) => {
      const button = element("button", String(choice), {
        type: "button",
        onclick: () => presenter.do({ what: "change", path, value: choice }),
      });
      button.dataset.choice = `${path} ${choice}`;
      button.setAttribute("aria-pressed", String(choice === value));
      return button;
    });
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", name);
    row.append(element("span", name), ...buttons);
    return row;
  });
  const back = element("button", "Back to the script", { type: "button", onclick: () => presenter.do({ what: "script" }) });
  back.disabled = !changed;
  back.dataset.choice = "script";
  place.replaceChildren(...rows, back);
  for (const button of place.querySelectorAll("button")) if (button.dataset.choice === focused) button.focus();
  return numbers.length > 0;
}
