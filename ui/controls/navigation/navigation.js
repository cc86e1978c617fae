// @ts-check
// On a phone the menu lies over the page: it closes when a page has been chosen in it. Escape closes the sentence of a
// word of the glossary, see dashboard.css.

const NARROW = "(max-width: 768px)"; // Streamlit lays the menu over the page up to here
const CLOSE = "[data-testid=stSidebarCollapseButton] button";

/** @param {MouseEvent} event */
function close(event) {
  const target = /** @type {Element} */ (event.target);
  if (!target.closest("[data-testid=stSidebarNavLink]") || !matchMedia(NARROW).matches) return;
  const button = /** @type {HTMLElement | null} */ (document.querySelector(CLOSE));
  button?.click();
}

/** @param {KeyboardEvent} event */
function leave(event) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  if (event.key === "Escape" && focused?.matches("abbr")) focused.blur();
}

export default function mount() {
  unmount(); // mounted again on every rerun
  document.addEventListener("click", close);
  document.addEventListener("keydown", leave);
  return unmount;
}

function unmount() {
  document.removeEventListener("click", close);
  document.removeEventListener("keydown", leave);
}
