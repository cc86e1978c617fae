// @ts-check
// Switches, menus, keys and the help panel: small pieces of HTML, each with the role that says what it is.

/** @import { Choice } from "./types.d.ts" */

// Key, what it does, and the method of the player that it needs.
const KEYS = [
  ["Space", "play, pause", "toggle"],
  ["← →", "one step", "move"],
  ["Shift ← →", "ten steps", "move"],
  ["PageDown", "play to the next event", "nextEvent"],
  ["PageUp", "back to the previous event", "previousEvent"],
  ["Home, End", "start, end", "jump"],
  ["− +", "slower, faster", "faster"],
  ["R", "loop", "loop"],
  ["1 … 9, 0", "select a mode, none", "select"],
  ["W E T O", "matrix: W, residual, truth, observed", "show"],
  ["Y", "theory over the curves", "layOver"],
  ["K", "with it: what depth does", "layOver"],
  ["Z", "draw a box to enlarge it", "setEnlarging"],
  ["L", "singular values linear, log", "setLog"],
  ["A", "next time axis", "nextAxis"],
  ["Shift L", "time axis linear, log", "setAxis"],
  ["F", "hide, show the future", "hideFuture"],
  ["V", "runs side by side, overlaid", "setOverlaid"],
  ["P", "projector on, off", "project"],
  ["Q", "the address as a large QR code", "toggle"],
  ["Esc", "close, leave the projector", "closeOne"],
  ["?", "this table", "help"],
];

/** @param {HTMLElement} element */
const buttonsOf = (element) => /** @type {HTMLElement[]} */ ([...element.children]);

// A radio group of words. `choose(key)` is called on a click and on arrow keys inside the group.
/** @param {HTMLElement} element @param {Choice[]} choices @param {string} chosen @param {(key: any) => void} choose */
export function fillSwitch(element, choices, chosen, choose) {
  const keys = choices.join();
  if (element.dataset.keys !== keys) {
    element.dataset.keys = keys;
    element.replaceChildren(...choices.map(([key, words]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.dataset.key = String(key);
      button.textContent = words;
      return button;
    }));
    element.onclick = (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("[role=radio]");
      if (button instanceof HTMLElement) choose(button.dataset.key);
    };
    element.onkeydown = (event) => {
      const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      const all = buttonsOf(element);
      const next = all[(all.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + move + all.length) % all.length];
      choose(next.dataset.key);
      next.focus();
    };
  }
  for (const button of buttonsOf(element)) {
    const on = button.dataset.key === chosen;
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {Choice[]} choices
 * @param {string | number} chosen
 * @param {(key: any) => void} choose
 */
export function fillMenu(select, choices, chosen, choose) {
  const keys = choices.map((choice) => choice.join(" ")).join();
  if (select.dataset.keys !== keys) {
    select.dataset.keys = keys;
    select.replaceChildren(...choices.map(([key, words]) => new Option(words, String(key))));
    select.onchange = () => choose(select.value);
  }
  select.value = String(chosen);
}

/** @param {any} panel */
export function fillHelp(panel) {
  if (panel.childElementCount) return;
  const { player } = panel.closest(".dmf");
  panel.replaceChildren(
    ...KEYS.filter(([, , method]) => player[method]).map(([key, does]) => {
      const row = document.createElement("div");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      const words = document.createElement("span");
      words.textContent = does;
      row.append(cap, words);
      return row;
    }),
  );
}

// The buttons below the track: those that every player has, and its `own`, by their data-do.
/** @param {any} player @param {Record<string, () => void>} [own] */
export function listenForTransport(player, own = {}) {
  /** @type {Record<string, () => void>} */
  const does = {
    first: () => player.jump(0),
    back: () => player.move(-1),
    play: () => player.toggle(),
    on: () => player.move(1),
    last: () => player.jump(Infinity),
    help: () => player.help(),
    ...own,
  };
  player.$(".dmf-transport").addEventListener("click", (/** @type {any} */ event) => {
    const button = event.target.closest("[data-do]");
    if (button) does[button.dataset.do]();
  });
}

// What a key does, or null; a player that lacks a method does not know its key.
/** @param {any} event @param {any} player */
export function keyAction(event, player) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const many = event.shiftKey ? 10 : 1;
  /** @type {Record<string, any[] | null>} */
  const does = {
    " ": ["toggle"],
    ArrowLeft: ["move", -many],
    ArrowRight: ["move", many],
    PageDown: ["nextEvent"],
    PageUp: ["previousEvent"],
    Home: ["jump", 0],
    End: ["jump", Infinity],
    "-": ["faster", -1],
    "−": ["faster", -1],
    "+": ["faster", 1],
    "=": ["faster", 1],
    w: ["show", "W"],
    e: ["show", "residual"],
    t: ["show", "truth"],
    o: ["show", "observed"],
    l: event.shiftKey ? ["setAxis", player.axisName, !player.logTime] : ["setLog", !player.log],
    a: ["nextAxis"],
    z: ["setEnlarging", !player.enlarging],
    r: ["loop"],
    f: ["hideFuture"],
    v: ["setOverlaid", !player.overlaid],
    p: ["project", !player.projector],
    y: ["layOver", !player.theory],
    k: ["showDepth"],
    "?": ["help"],
    Escape: player.canClose ? (player.canClose() ? ["closeOne"] : null) : player.helpOpen ? ["help"] : null,
  };
  const call = /^[0-9]$/.test(event.key)
    ? ["select", Number(event.key), true]
    : does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!call || !player[call[0]]) return null;
  return () => player[call[0]](...call.slice(1));
}

// Native elements keep their own keys: a field all of them, a menu its arrows, a button its Space.
/** @param {any} target @param {string} key */
export function keepsKey(target, key) {
  if (target.isContentEditable || /^(SELECT|INPUT|TEXTAREA)$/.test(target.tagName)) return key !== "Escape";
  return /^(BUTTON|A|SUMMARY)$/.test(target.tagName) && (key === " " || key === "Enter");
}
