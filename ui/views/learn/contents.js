// @ts-check
// The list of chapters, and what this browser keeps of the course: answers and the chapter read last, in its own storage.

/** @typedef {{ html: string, keep: unknown, number: number }} Shown */
/** @typedef {(name: string, value: unknown) => void} Send */

const PLACE = "dmf course"; // in the storage of the browser
const NARROW = "(max-width: 768px)"; // the sidebar lies over the page up to here
const LOW = "(max-height: 499.9px)"; // of a phone on its side: beside the sidebar there is no room for words and player
const CLOSE = "[data-testid=stSidebarCollapseButton] button";

/** @returns {unknown} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) || "null");
  } catch {
    return null; // no storage, or not ours
  }
}

/** @param {unknown} progress */
function keep(progress) {
  try {
    localStorage.setItem(PLACE, JSON.stringify(progress));
  } catch {
    return; // without storage the visit is kept in the session only
  }
}

function close() {
  /** @type {HTMLElement | null} */ (document.querySelector(CLOSE))?.click();
}

/** @param {{ parentElement: Element, data: Shown, setTriggerValue: Send }} page */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement | null} */ (parentElement.querySelector(".dmf-contents"));
  if (!root || !data) return;
  if (root.dataset.html !== data.html) {
    root.dataset.html = data.html;
    const chosen = root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.go : "";
    root.innerHTML = data.html;
    if (chosen) /** @type {HTMLElement | null} */ (root.querySelector(`[data-go="${chosen}"]`))?.focus();
  }
  root.onclick = (event) => {
    const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-go]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("chosen", link.dataset.go === "anew" ? "anew" : Number(link.dataset.go));
    if (matchMedia(NARROW).matches || matchMedia(LOW).matches) close();
  };
  if (!root.dataset.number && matchMedia(LOW).matches && !matchMedia(NARROW).matches) close();
  if (data.keep) keep(data.keep);
  else if (!root.dataset.requested) {
    root.dataset.requested = "1";
    setTriggerValue("kept", { progress: stored() });
  }
  const before = root.dataset.number;
  root.dataset.number = String(data.number);
  if (before && before !== root.dataset.number) document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0 });
}
