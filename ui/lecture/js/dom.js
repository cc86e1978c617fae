// @ts-check
// Texts of a lecture as elements; nothing is ever read as HTML.

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [text]
 * @param {Partial<HTMLElementTagNameMap[Name]>} [settings]
 */
export const element = (name, text = "", settings = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  Object.assign(made, settings);
  return made;
};

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** A number as people of a lecture read it: 1 040, not 1040. @param {number} value */
export const spaced = (value) => String(Math.round(value * 1000) / 1000).replace(/\B(?=(\d{3})+(?!\d|.*\.))/g, "\u202f");

/** Light or dark as the device is set; `changed` is called at once and with every change. @param {() => void} changed */
export function colours(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
    changed();
  };
  dark.addEventListener("change", set);
  set();
}
