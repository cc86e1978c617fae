// @ts-check
// A press opens a card; arrows move from card to card; the open one is marked and scrolled into its row.

/** @typedef {(name: string, value: string) => void} Trigger */

/** @param {{ data: { chosen: string }, parentElement: HTMLElement, setTriggerValue: Trigger }} mounted */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement | null} */ (parentElement.querySelector(".rp-cards"));
  if (!root) return;
  const buttons = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll(".rp-card button")]);
  root.classList.toggle("rp-open", Boolean(data.chosen));
  /** @type {HTMLElement} */ (root.querySelector(".rp-all")).hidden = !data.chosen;
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".rp-card"))) {
    const open = card.dataset.figure === data.chosen;
    if (open) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
    const row = card.parentElement;
    if (open && row) row.scrollLeft = card.offsetLeft - row.offsetLeft - (row.clientWidth - card.offsetWidth) / 2;
  }
  root.onclick = (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-open]");
    if (button) setTriggerValue("open", /** @type {HTMLElement} */ (button).dataset.open ?? "");
  };
  root.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  };
}
