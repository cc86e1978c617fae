// @ts-check
// A slider that reports while it is dragged. One value is under way at a time: the next one leaves when the page has been run for
// the one before, and only the latest one; so what is shown at the end is what the slider says.

// `heard`: the count of what Python heard last.
/** @typedef {{ label: string, words: string[], place: number, heard: number }} Shown */
// What was chosen, as it was seen: meanwhile the page may give the slider other values.
/** @typedef {{ place: number, text: string }} Choice */
/** @typedef {(sent: Choice & { count: number }) => void} Send */

const PATIENCE = 4000; // milliseconds after which an answer is no longer waited for
const SOON = 100; // milliseconds between two looks at what is under way
const CALM = 16; // milliseconds that the page gets to clear away what the run before has left
const LONG = 1500; // milliseconds after which the next value no longer waits for the end of a run

class Slider {
  /** @type {string[]} */
  words = [];
  /** @type {number | null} the count of what was sent and is not answered yet */
  under = null;
  /** @type {Choice | null} what is to be sent next */
  waiting = null;
  count = 0; // of what was sent
  heard = 0;
  sent = 0; // moments, in milliseconds
  moved = 0;
  released = false;
  timer = 0;
  /** @type {Send} */
  send = () => {};

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.input = /** @type {HTMLInputElement} */ (root.querySelector("input"));
    this.input.addEventListener("input", () => this.take());
    for (const type of ["change", "blur"]) this.input.addEventListener(type, () => this.release());
    this.app = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stApp]"));
    this.running = new MutationObserver(() => {
      this.moved = performance.now();
      this.next();
    });
    if (this.app) this.running.observe(this.app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  }

  close() {
    this.running.disconnect();
    clearTimeout(this.timer);
    this.rest();
  }

  // What the page says. A value of the hand that the page has not heard of yet stays.
  /** @param {Shown} shown @param {Send} send */
  update({ label, words, place, heard }, send) {
    Object.assign(this, { words, send, heard });
    /** @type {HTMLElement} */ (this.root.querySelector("b")).textContent = label;
    this.input.setAttribute("aria-label", label);
    this.input.max = String(words.length - 1);
    if (this.waiting === null && heard >= this.count) this.input.value = String(place);
    this.show();
    this.next();
  }

  show() {
    const place = Number(this.input.value), most = Number(this.input.max) || 1, text = this.words[place];
    /** @type {HTMLElement} */ (this.root.querySelector("output")).textContent = text;
    this.input.setAttribute("aria-valuetext", text);
    this.input.style.setProperty("--share", `${(100 * place) / most}%`);
  }

  // The hand has moved it. Meanwhile the player shows every run whole, and plays none.
  take() {
    const place = Number(this.input.value);
    this.waiting = { place, text: this.words[place] };
    this.released = false;
    document.documentElement.dataset.dragging = "1";
    this.show();
    this.next();
  }

  release() {
    this.released = true;
    this.next();
  }

  rest() {
    this.released = false;
    delete document.documentElement.dataset.dragging;
  }

  // Until the page has been run for what was sent, and the player has its picture or needs long for it.
  busy() {
    if (this.under === null) return false;
    if (this.heard < this.under || (this.app && this.app.dataset.testScriptState !== "notRunning")) return true;
    const player = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=player]"));
    const state = player ? player.dataset.state : "";
    return (state === "growing" || state === "empty") && performance.now() - this.sent < LONG;
  }

  next() {
    if (this.under !== null && performance.now() - this.sent < PATIENCE && this.busy()) return this.again(SOON);
    this.under = null;
    if (this.waiting === null) return this.released ? this.rest() : undefined;
    const calm = performance.now() - this.moved;
    if (calm < CALM) return this.again(CALM - calm);
    const choice = this.waiting;
    this.waiting = null;
    this.under = this.count = Math.max(this.count, this.heard) + 1;
    this.sent = performance.now();
    this.send({ ...choice, count: this.under });
    return this.again(SOON);
  }

  // Looks again by itself: nothing says that a run takes too long.
  /** @param {number} milliseconds */
  again(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), milliseconds);
  }
}

/** @type {WeakMap<Element, Slider>} */
const sliders = new WeakMap();

/** @param {{ parentElement: Element, data: Shown, setStateValue: (name: string, value: unknown) => void }} page */
export default function mount({ parentElement, data, setStateValue }) {
  const root = /** @type {HTMLElement | null} */ (parentElement.querySelector(".dmf-slider"));
  if (!root || !data) return undefined;
  const slider = sliders.get(root) || new Slider(root);
  sliders.set(root, slider);
  slider.update(data, (sent) => setStateValue("sent", sent));
  return () => {
    slider.close();
    sliders.delete(root);
  };
}
