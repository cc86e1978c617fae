// @ts-check
// P shows a page without a player as a projector needs it: without menus, larger. A player has a projector of its own.

const OWN = "[data-testid=player], [data-testid=compare]"; // these have a projector or keys of their own
const WRITES =
  "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox], [role=combobox], [role=grid]";

/** @param {boolean} on */
function project(on) {
  if (on) document.documentElement.dataset.projected = "1";
  else delete document.documentElement.dataset.projected;
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector(OWN)) return;
  const on = "projected" in document.documentElement.dataset;
  const target = /** @type {Element} */ (event.target);
  if (event.key === "Escape" && on) project(false);
  else if (event.key.toLowerCase() === "p" && !target.closest(WRITES)) project(!on);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

let asked = new URLSearchParams(location.search).get("view") === "projector";

/** @param {{ parentElement: HTMLElement }} page */
export default function mount({ parentElement }) {
  document.removeEventListener("keydown", key, true); // mounted again on every rerun
  document.addEventListener("keydown", key, true);
  if (asked && !document.querySelector(OWN)) project(true);
  asked = false;
  if (document.querySelector(OWN)) project(false);
  const mark = /** @type {HTMLElement | null} */ (parentElement.querySelector(".dmf-projected"));
  if (mark) mark.dataset.ready = "1";
  return () => document.removeEventListener("keydown", key, true);
}
