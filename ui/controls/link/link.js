// @ts-check
// The address of this run: to be selected, copied, or shown large enough for a lecture hall.

/** @param {{ parentElement: HTMLElement, data: any, setTriggerValue: (name: string, value: any) => void }} component */
export default function mount({ parentElement, data }) {
  const root = parentElement.querySelector(".dmf-link");
  if (!root || !data) return;
  /** @type {(selector: string) => any} */
  const $ = (selector) => root.querySelector(selector);
  const field = $("textarea"), status = $("[role=status]"), dialog = $("dialog");
  if (field.value !== data.address) {
    field.value = data.address;
    field.rows = Math.min(7, Math.max(2, Math.ceil(data.address.length / 34)));
    status.textContent = "";
    const places = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".dmf-link-code"));
    for (const place of places) {
      place.innerHTML = data.code || "";
      place.setAttribute("aria-label", "QR code of this address");
      place.hidden = !data.code;
    }
    $(".dmf-link-large").hidden = !data.code;
  }
  field.onfocus = () => field.select();
  $(".dmf-link-copy").onclick = async () => {
    status.textContent = (await copied(field))
      ? "Copied."
      : "The browser does not allow it; the address is selected, press Ctrl+C.";
  };
  $(".dmf-link-large").onclick = () => dialog.showModal();
  $("dialog button").onclick = () => dialog.close();
  // Escape closes this and not what lies below.
  dialog.onkeydown = (/** @type {KeyboardEvent} */ event) => event.stopPropagation();
}

// A page that is not served by https has no clipboard of its own: there the old command does it.
/** @param {HTMLTextAreaElement} field */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
