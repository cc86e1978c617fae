// @ts-check
// On a phone the menu lies over the page: it closes when a page has been chosen in it.

const NARROW = "(max-width: 768px)"; // Streamlit lays the menu over the page up to here
const CLOSE = "[data-testid=stSidebarCollapseButton] button";

/** @param {MouseEvent} event */
function close(event) {
  const target = /** @type {Element} */ (event.target);
  if (!target.closest("[data-testid=stSidebarNavLink]") || !matchMedia(NARROW).matches) return;
  const button = /** @type {HTMLElement | null} */ (document.querySelector(CLOSE));
  button?.click();
}

export default function mount() {
  document.removeEventListener("click", close); // mounted again on every rerun
  document.addEventListener("click", close);
  return () => document.removeEventListener("click", close);
}
