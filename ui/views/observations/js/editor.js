// @ts-check
// The mask as a grid to paint on. Python owns the run: every stroke goes there as text (dmf_core.painted_mask), and what
// it makes of it (components, entries beyond recovery) comes back. Until then the strokes made meanwhile stay on the screen.

/** @import { Mask } from "./mask_picture.js" */

import { MaskPicture } from "./mask_picture.js";
import { pack, unpack } from "./mask_text.js";

const PAUSE = 300; // milliseconds without a stroke or a key: then Python is told
const UNDOABLE = 200; // changes that are kept
const HOLD = 350, SIDEWAYS = 8; // a finger that stays so many milliseconds, or moves sideways so many pixels, paints

class Editor {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.picture = new MaskPicture(root, this.canvas);
    /** @type {Mask} what Python has sent */
    this.data = null;
    /** @type {Uint8Array} */
    this.mask = null;
    /** @type {Uint8Array} entries that no method can recover */
    this.lost = null;
    this.row = this.column = 0;
    /** @type {Uint8Array[]} */
    this.undone = [];
    /** @type {Uint8Array[]} */
    this.done = [];
    /** @type {string[]} texts that Python has not yet answered */
    this.sent = [];
    /** @type {{ value: number } | null} what the pointer paints */
    this.stroke = null;
    this.canvas.onpointerdown = (/** @type {PointerEvent} */ event) => this.press(event);
    this.canvas.onpointermove = (/** @type {PointerEvent} */ event) => this.drag(event);
    this.canvas.onpointerup = (/** @type {PointerEvent} */ event) => this.release(event);
    this.canvas.onpointercancel = () => this.release(null);
    /** @type {PointerEvent | null} where a finger touched that does not paint yet */
    this.touched = null;
    this.held = 0; // timer
    this.canvas.addEventListener("touchmove", (/** @type {TouchEvent} */ event) => this.stroke && event.preventDefault(), {
      passive: false,
    });
    this.canvas.onkeydown = (/** @type {KeyboardEvent} */ event) => this.key(event);
    this.canvas.onfocus = this.canvas.onblur = () => this.draw();
    root.querySelector(".me-tools").addEventListener("click", (/** @type {any} */ event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.act(button.dataset.do);
    });
    new ResizeObserver(() => this.draw()).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  // What Python says: our own latest text with what it means, an earlier one of ours, or another mask altogether.
  /** @param {Mask} data @param {(text: string) => void} send */
  take(data, send) {
    this.send = send;
    const other = !this.data || this.data.rows !== data.rows || this.data.columns !== data.columns;
    this.data = data;
    this.lost = unpack(data.lost, data.rows * data.columns);
    const place = this.sent.indexOf(data.mask);
    if (other || (place < 0 && pack(this.mask) !== data.mask && !this.waiting && !this.stroke)) {
      this.mask = unpack(data.mask, data.rows * data.columns);
      this.done = [];
      this.undone = [];
      this.sent = [];
      this.row = Math.min(this.row, data.rows - 1);
      this.column = Math.min(this.column, data.columns - 1);
    } else if (place >= 0) {
      this.sent.splice(0, place + 1);
    }
    this.draw();
  }

  draw() {
    if (!this.data) return;
    this.picture.draw(this);
    this.words();
  }

  words() {
    const { of_rows, of_columns, tied, columns } = this.data, k = this.row * columns + this.column;
    /** @type {(selector: string) => any} */
    const $ = (selector) => this.root.querySelector(selector);
    const where = `Row ${this.row + 1}, column ${this.column + 1}: `;
    /** @param {number} part */
    const named = (part) => (part < tied ? `component ${part + 1}` : "no component: nothing of it is seen");
    const a = of_rows[this.row], b = of_columns[this.column];
    const parts = a === b ? `in ${named(a)}` : `the row is in ${named(a)}, the column in ${named(b)}`;
    const fresh = this.sent.length || this.waiting || this.stroke;
    let text = where + (this.mask[k] ? "observed" : this.lost[k] ? "unseen, no method can recover it" : "unseen");
    text += fresh ? "." : `; ${parts}.`;
    if (!this.mask.includes(1)) text = "At least one entry must be observed; paint one.";
    if ($(".me-description").textContent !== text) $(".me-description").textContent = text;
    $("[data-row]").textContent = `Row ${this.row + 1}`;
    $("[data-column]").textContent = `Column ${this.column + 1}`;
    $('[data-do="undo"]').disabled = !this.done.length;
    $('[data-do="redo"]').disabled = !this.undone.length;
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button) return;
    clearTimeout(this.held);
    if (event.pointerType !== "touch") return this.begin(event);
    this.touched = event;
    this.held = setTimeout(() => this.begin(event), HOLD);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    clearTimeout(this.held);
    this.touched = null;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    [this.row, this.column] = this.picture.entryAt(this.data, event);
    this.keep();
    this.stroke = { value: this.mask[this.row * this.data.columns + this.column] ? 0 : 1 };
    this.paint(this.row, this.column, this.stroke.value);
    this.draw();
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { touched } = this;
    if (touched) {
      const dx = Math.abs(event.clientX - touched.clientX), dy = Math.abs(event.clientY - touched.clientY);
      if (dx > SIDEWAYS && dx > dy) this.begin(touched);
    }
    if (!this.stroke) return;
    for (const each of event.getCoalescedEvents?.() || [event]) {
      const [row, column] = this.picture.entryAt(this.data, each),
        steps = Math.max(Math.abs(row - this.row), Math.abs(column - this.column));
      for (let s = 1; s <= steps; s++) {
        /** @param {number} from @param {number} to */
        const along = (from, to) => Math.round(from + ((to - from) * s) / steps);
        this.paint(along(this.row, row), along(this.column, column), this.stroke.value);
      }
      [this.row, this.column] = [row, column];
    }
    this.draw();
  }

  /** @param {PointerEvent | null} event null: the finger scrolls */
  release(event) {
    clearTimeout(this.held);
    if (event && this.touched) this.begin(this.touched); // a tap
    this.touched = null;
    if (!this.stroke) return;
    this.stroke = null;
    this.tell(0);
  }

  /** @param {number} row @param {number} column @param {number} value */
  paint(row, column, value) {
    this.mask[row * this.data.columns + column] = value;
  }

  keep() {
    this.done.push(this.mask.slice());
    if (this.done.length > UNDOABLE) this.done.shift();
    this.undone = [];
  }

  // To Python, once the person pauses: a burst of keys is one change.
  /** @param {number} [pause] */
  tell(pause = PAUSE) {
    this.draw();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = 0;
      const text = pack(this.mask);
      if (!this.mask.includes(1) || text === this.data.mask || this.sent.at(-1) === text) return this.draw();
      this.sent.push(text);
      this.send(text);
    }, pause);
  }

  /** @param {string} action */
  act(action) {
    const { rows, columns } = this.data, [verb, line] = action.split("-");
    if (verb === "undo" || verb === "redo") {
      const [from, to] = verb === "undo" ? [this.done, this.undone] : [this.undone, this.done];
      if (!from.length) return;
      to.push(this.mask);
      this.mask = from.pop();
    } else {
      this.keep();
      const count = line === "row" ? columns : rows, value = verb === "fill" ? 1 : 0;
      for (let k = 0; k < count; k++) line === "row" ? this.paint(this.row, k, value) : this.paint(k, this.column, value);
    }
    this.tell();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { columns } = this.data, name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -columns],
      End: [0, columns],
    };
    /** @type {Record<string, string>} */
    const acts = {
      r: event.shiftKey ? "clear-row" : "fill-row",
      c: event.shiftKey ? "clear-column" : "fill-column",
      z: "undo",
      y: "redo",
    };
    if (event.altKey || ((event.ctrlKey || event.metaKey) && name !== "z" && name !== "y")) return;
    if (moves[name]) this.move(...moves[name], event.shiftKey);
    else if (name === " " || name === "Enter") this.toggle();
    else if (acts[name]) this.act(name === "z" && event.shiftKey ? "redo" : acts[name]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} down @param {number} right @param {boolean} carrying */
  move(down, right, carrying) {
    const { rows, columns } = this.data, value = this.mask[this.row * columns + this.column];
    const [row, column] = [
      Math.max(0, Math.min(rows - 1, this.row + down)),
      Math.max(0, Math.min(columns - 1, this.column + right)),
    ];
    if (carrying && this.mask[row * columns + column] !== value) {
      this.keep();
      this.paint(row, column, value);
      this.tell();
    }
    [this.row, this.column] = [row, column];
    this.draw();
  }

  toggle() {
    this.keep();
    this.paint(this.row, this.column, this.mask[this.row * this.data.columns + this.column] ? 0 : 1);
    this.tell();
  }
}

/** @param {{ parentElement: HTMLElement, data: any, setTriggerValue: (name: string, value: any) => void }} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  /** @type {(HTMLElement & { editor?: Editor }) | null} */
  const root = parentElement.querySelector(".me");
  if (!root || !data) return;
  root.editor ??= new Editor(root);
  root.editor.take(data, (/** @type {string} */ text) => setTriggerValue("mask", text));
}
