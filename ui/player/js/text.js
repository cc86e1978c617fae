// @ts-check
// Words that change while a run plays.

// Writes a text into the text node that is there. Where a node is put in or taken out instead, the browser matches the :has()
// rules of the whole page again: 8 to 10 ms of every frame for the table of Compare.
/** @param {Element} element @param {string} text */
export function writeText(element, text) {
  const { firstChild } = element;
  if (firstChild instanceof Text && firstChild === element.lastChild) {
    if (firstChild.data !== text) firstChild.data = text;
  } else if (element.textContent !== text) element.textContent = text;
}
