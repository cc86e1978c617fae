// @ts-check
// Trees of ui/lecture/rich_text.py as elements. Only these are made, and no attribute that could load or run anything.

/** @import { Node as Tree, Rich } from "./types.d.ts" */

const TAGS = new Set(["p", "ul", "ol", "li", "em", "strong", "code", "br"]);
const ATTRIBUTES = new Set(["mathvariant", "stretchy", "fence", "width", "accent", "linethickness", "displaystyle", "largeop"]);
const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @param {Tree} tree @param {boolean} formula whether it stands in one @returns {Text | Element} */
function built(tree, formula = false) {
  if (typeof tree === "string") return document.createTextNode(tree);
  const tag = tree[0], rest = tree.slice(1);
  const inside = formula || tag === "math";
  const element = inside ? document.createElementNS(MATHML, tag) : document.createElement(TAGS.has(tag) ? tag : "span");
  for (const part of rest) {
    if (typeof part === "string" || Array.isArray(part)) element.append(built(part, inside));
    else for (const [name, value] of Object.entries(part)) if (ATTRIBUTES.has(name)) element.setAttribute(name, value);
  }
  return element;
}

/** @param {Rich} rich @returns {(string | Text | Element)[]} */
export const nodes = (rich) => (typeof rich === "string" ? [rich] : rich.map((node) => built(node)));

/** @type {WeakMap<HTMLElement, string>} what was filled in */
const filled = new WeakMap();

/**
 * The element holds this text and nothing else; one that does already is left alone, and not read aloud again.
 * @param {HTMLElement} element @param {Rich} rich
 */
export function fill(element, rich) {
  const key = JSON.stringify(rich);
  if (filled.get(element) === key) return;
  filled.set(element, key);
  element.replaceChildren(...nodes(rich));
}
