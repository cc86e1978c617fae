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

/** A paragraph with **bold** and *slanted* words. @param {string} text */
export function emphasised(text) {
  const paragraph = element("p");
  for (const part of text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/)) {
    if (/^\*\*.+\*\*$/.test(part)) paragraph.append(element("b", part.slice(2, -2)));
    else if (/^\*.+\*$/.test(part)) paragraph.append(element("i", part.slice(1, -1)));
    else paragraph.append(part);
  }
  return paragraph;
}

/** Notes: a line is a paragraph. @param {string} text */
export const paragraphs = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => emphasised(line));

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
