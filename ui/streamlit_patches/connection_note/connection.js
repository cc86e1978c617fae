// Says that the connection is lost where no player does, in place of Streamlit's own message, which makes the page inert.

const STATE = "data-test-connection-state";
const PATIENCE = 60_000; // milliseconds between two reloads at least

const closeTheirs = () => {
  for (const dialog of document.querySelectorAll("[data-testid=stDialog]")) {
    const button = dialog.querySelector("h2") && dialog.querySelector("h2").textContent === "Connection error" &&
      dialog.querySelector("button");
    if (button) button.click();
  }
};

// A connection that Streamlit has given up: the address holds what the page shows, so it is opened again.
function openAgain() {
  const before = Number(sessionStorage.getItem("dmf reloaded") || 0);
  if (Date.now() - before < PATIENCE) return;
  sessionStorage.setItem("dmf reloaded", Date.now());
  location.reload();
}

function watch(note, app) {
  const dialogs = new MutationObserver(closeTheirs);
  let lost = false;
  const look = () => {
    const state = app.getAttribute(STATE) || "CONNECTED", now = !/CONNECTED$/.test(state);
    if (state === "DISCONNECTED_FOREVER") return openAgain();
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
  const states = new MutationObserver(look);
  states.observe(app, { attributes: true, attributeFilter: [STATE] });
  look();
  return () => [dialogs, states].forEach((each) => each.disconnect());
}

export default function mount({ parentElement, setTriggerValue }) {
  const note = parentElement.querySelector(".dmf-lost"), app = document.querySelector(`[${STATE}]`);
  if (!note || !app) return undefined;
  note.again = (value) => setTriggerValue("again", value);
  note.stop = note.stop || watch(note, app);
  return () => {
    note.stop();
    note.stop = null;
  };
}
