// @ts-check
// P shows a page without a player as a projector needs it: without menus, larger. A player has a projector of its own.
// Q shows the address of any page as a large QR code.

const OWN = "[data-testid=player]"; // it has a projector of its own
const WRITES =
  "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox], [role=combobox], [role=grid]";

/** @param {boolean} on */
function project(on) {
  if (on) document.documentElement.dataset.projected = "1";
  else delete document.documentElement.dataset.projected;
}

let askForCode = () => {};

// The code that the server has made, until a key or a click.
/** @param {HTMLDialogElement} dialog @param {{ words: string, code: string | null }} made */
function showCode(dialog, made) {
  const picture = /** @type {HTMLElement} */ (dialog.querySelector("div"));
  const words = /** @type {HTMLElement} */ (dialog.querySelector("p"));
  picture.innerHTML = made.code ?? "";
  words.textContent = made.words;
  dialog.onclick = () => dialog.close();
  dialog.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key.toLowerCase() === "q") dialog.close();
  };
  dialog.showModal();
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === "q" && !(/** @type {Element} */ (event.target)).closest(WRITES)) {
    event.preventDefault();
    askForCode();
    return;
  }
  if (document.querySelector(OWN)) return;
  const on = "projected" in document.documentElement.dataset;
  const target = /** @type {Element} */ (event.target);
  if (event.key === "Escape" && on) project(false);
  else if (event.key.toLowerCase() === "p" && !target.closest(WRITES)) project(!on);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// As ui/player/js/projector.js: the address in the bar may be another one by now.
const [opening] = performance.getEntriesByType("navigation");
let requested = new URL(opening ? opening.name : location.href).searchParams.get("view") === "projector";

/**
 * @param {{ parentElement: HTMLElement, data: { words: string, code: string | null } | null,
 *   setTriggerValue: (name: string, value: any) => void }} page
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  askForCode = () => setTriggerValue("code", true);
  const dialog = /** @type {HTMLDialogElement | null} */ (parentElement.querySelector(".dmf-code"));
  if (dialog && data && !dialog.open) showCode(dialog, data);
  document.removeEventListener("keydown", key, true); // mounted again on every rerun
  document.addEventListener("keydown", key, true);
  if (requested && !document.querySelector(OWN)) project(true);
  requested = false;
  if (document.querySelector(OWN)) project(false);
  const mark = /** @type {HTMLElement | null} */ (parentElement.querySelector(".dmf-projected"));
  if (mark) mark.dataset.ready = "1";
  return () => document.removeEventListener("keydown", key, true);
}
