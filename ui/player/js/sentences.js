// @ts-check
// The sentences below a title: as many whole ones as there is room for, and "More" where some are left out: pointing at
// them shows all. Screen readers are read all of them.

/** @type {WeakSet<HTMLElement>} */
const watched = new WeakSet();

// Writes the sentences; the words of the glossary, where each stands first, say what they mean.
/** @param {HTMLElement} place @param {string[]} sentences @param {Record<string, string>} [glossary] */
export function writeSentences(place, sentences, glossary) {
  const unexplained = new Map(Object.entries(glossary || {}));
  const spans = sentences.map((text, i) => {
    const span = document.createElement("span");
    span.append(i ? " " : "", ...explained(text, unexplained));
    return span;
  });
  const more = document.createElement("i");
  more.className = "dmf-rest";
  more.textContent = "More";
  more.setAttribute("aria-hidden", "true");
  place.replaceChildren(...spans, more);
  fitSentences(place);
  if (watched.has(place)) return;
  watched.add(place);
  new ResizeObserver(() => requestAnimationFrame(() => fitSentences(place))).observe(place);
}

// Leaves out the last sentences that do not fit into the lines that the style sheet allows; the first one always stays.
/** @param {HTMLElement} place */
export function fitSentences(place) {
  const all = /** @type {HTMLElement[]} */ ([...place.children]), more = all.pop();
  if (!more || !place.clientWidth) return;
  const style = getComputedStyle(place), lines = Number(style.getPropertyValue("--lines")) || Infinity;
  for (const each of all) delete each.dataset.over;
  delete place.dataset.more;
  place.dataset.measuring = "1"; // nothing is cut
  const lowest = place.getBoundingClientRect().top + lines * parseFloat(style.lineHeight) + 1;
  const visible = [...all];
  while (
    visible.length > 1 && (place.dataset.more ? more : visible[visible.length - 1]).getBoundingClientRect().bottom > lowest
  ) {
    visible.pop().dataset.over = "1";
    place.dataset.more = "1";
  }
  delete place.dataset.measuring;
}

// The text as nodes. What is explained is taken out of `unexplained`.
/** @param {string} text @param {Map<string, string>} unexplained */
function explained(text, unexplained) {
  const nodes = [];
  let rest = text;
  while (unexplained.size) {
    let at = -1, word = "";
    for (const each of unexplained.keys()) {
      const place = rest.search(new RegExp(`\\b${each}\\b`));
      if (place >= 0 && (at < 0 || place < at)) [at, word] = [place, each];
    }
    if (at < 0) break;
    const term = document.createElement("abbr");
    term.textContent = word;
    term.title = unexplained.get(word);
    // A finger or the keyboard opens its sentence, see dashboard.css.
    term.tabIndex = 0;
    nodes.push(rest.slice(0, at), term);
    rest = rest.slice(at + word.length);
    unexplained.delete(word);
  }
  return [...nodes, rest];
}
