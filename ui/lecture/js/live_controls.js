// @ts-check
// Every setting of the run, moved before the eyes of the room: the same controls on the desk and on the projector.
// Depth and initial scale are at hand as buttons, the others are in a panel that opens.

/** @import { LiveMessage, LiveSetting } from "./types.d.ts" */
/** @import { Presenter } from "./driving.js" */

import { element } from "./dom.js";

/** @typedef {(value: LiveSetting["value"]) => void} Move */

/** @param {LiveSetting} setting @param {Move} move */
function buttons({ path, label, value, choices }, move) {
  const row = element("p");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", label);
  row.append(
    element("span", label),
    ...choices.map(([choice, text]) => {
      const button = element("button", text, { type: "button", onclick: () => move(choice) });
      button.dataset.choice = `${path} ${choice}`;
      button.setAttribute("aria-pressed", String(choice === value));
      return button;
    }),
  );
  return row;
}

/** @param {LiveSetting} setting @param {Move} move */
function list({ value, choices }, move) {
  const select = element("select");
  select.append(...choices.map(([choice, text]) => element("option", text, { selected: choice === value })));
  select.onchange = () => move(choices[select.selectedIndex][0]);
  return select;
}

/** @param {LiveSetting} setting @param {Move} move */
function box({ value }, move) {
  const input = element("input", "", { type: "checkbox", checked: value === true });
  input.onchange = () => move(input.checked);
  return input;
}

// A number is sent as one where the text is one; what is wrong is said by the server.
/** @param {LiveSetting} setting @param {Move} move */
function line({ kind, value, empty }, move) {
  const shown = value === null ? "" : String(value);
  const input = element("input", "", { type: "text", value: shown, autocomplete: "off" });
  if (kind === "number") input.inputMode = "decimal";
  if (empty) input.placeholder = "none";
  input.onchange = () => {
    const text = input.value.trim(), number = Number(text.replace(",", "."));
    if (kind !== "number") move(text);
    else move(text === "" ? null : Number.isNaN(number) ? text : number);
  };
  return input;
}

const FIELDS = { choice: list, switch: box, number: line, list: line };

/** @param {LiveSetting} setting @param {Move} move */
function labelled(setting, move) {
  const row = element("label"), field = FIELDS[setting.kind](setting, move);
  field.dataset.choice = setting.path;
  row.append(element("span", setting.label), field);
  return row;
}

/**
 * The controls in `place`. False where nothing can be moved now. What is typed, and whether the panel is open, outlives a redraw.
 * @param {HTMLElement} place
 * @param {Presenter} presenter
 * @param {LiveMessage} live
 */
export function drawControls(place, presenter, { settings, changed }) {
  const text = JSON.stringify([settings, changed]);
  if (place.dataset.shown === text) return settings.length > 0;
  place.dataset.shown = text;
  const focused = document.activeElement instanceof HTMLElement && place.contains(document.activeElement)
    ? document.activeElement.dataset.choice
    : undefined;
  const open = Boolean(place.querySelector("details[open]"));
  const move = (/** @type {string} */ path) => (/** @type {LiveSetting["value"]} */ value) =>
    presenter.do({ what: "change", path, value });
  const rows = settings.filter(({ hand }) => hand).map((setting) => buttons(setting, move(setting.path)));
  const more = element("details", "", { open }), fields = element("div");
  const summary = element("summary", "All settings");
  summary.dataset.choice = "more";
  fields.append(...settings.filter(({ hand }) => !hand).map((setting) => labelled(setting, move(setting.path))));
  more.append(summary, fields);
  const back = element("button", "Back to the script", { type: "button", onclick: () => presenter.do({ what: "script" }) });
  back.disabled = !changed;
  back.dataset.choice = "script";
  place.replaceChildren(...rows, ...(settings.length ? [more] : []), back);
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-choice]"))) {
    if (each.dataset.choice === focused) each.focus();
  }
  return settings.length > 0;
}
