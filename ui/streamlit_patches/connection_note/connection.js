// @ts-check
// Says that the connection is lost where no player does, in place of Streamlit's own message, which makes the page inert.

const STATE = "data-test-connection-state";
const PATIENCE = 60_000; // milliseconds between two reloads at least
const AGAIN = 2000; // milliseconds between two looks whether the server answers

const closeTheirs = () => {
  for (const dialog of document.querySelectorAll("[data-testid=stDialog]")) {
    const button = dialog.querySelector("h2") && dialog.querySelector("h2").textContent === "Connection error" &&
      dialog.querySelector("button");
    if (button) button.click();
  }
};

const answers = () => fetch(location.href, { cache: "no-store" }).then(({ ok }) => ok, () => false);

// A connection that Streamlit has given up: the address holds what the page shows, so it is opened again, as soon as it can be
// had. Until then this page is better than the browser's own.
async function openAgain() {
  const before = Number(sessionStorage.getItem("dmf reloaded") || 0);
  if (Date.now() - before < PATIENCE) return;
  sessionStorage.setItem("dmf reloaded", String(Date.now()));
  while (!await answers()) await new Promise((done) => setTimeout(done, AGAIN));
  location.reload();
}

/** @param {any} note @param {HTMLElement} app */
function watch(note, app) {
  const dialogs = new MutationObserver(closeTheirs);
  let lost = false;
  const change = () => {
    const state = app.getAttribute(STATE) || "CONNECTED", now = !/CONNECTED$/.test(state);
    if (state === "DISCONNECTED_FOREVER") openAgain();
    note.hidden = !now || Boolean(document.querySelector("[data-testid=player]"));
    if (now === lost) return;
    lost = now;
    if (now) {
      dialogs.observe(document.body, { childList: true });
      closeTheirs();
    } else {
      dialogs.disconnect();
      note.again(Date.now());
    }
  };
  const states = new MutationObserver(change);
  states.observe(app, { attributes: true, attributeFilter: [STATE] });
  change();
  return () => [dialogs, states].forEach((each) => each.disconnect());
}

/** @param {{ parentElement: HTMLElement, data: any, setTriggerValue: (name: string, value: any) => void }} component */
export default function mount({ parentElement, setTriggerValue }) {
  /** @type {any} our note, with what it calls and what ends it */
  const note = parentElement.querySelector(".dmf-lost");
  /** @type {HTMLElement | null} */
  const app = document.querySelector(`[${STATE}]`);
  if (!note || !app) return undefined;
  note.again = (/** @type {number} */ value) => setTriggerValue("again", value);
  note.stop = note.stop || watch(note, app);
  return () => {
    note.stop();
    note.stop = null;
  };
}
