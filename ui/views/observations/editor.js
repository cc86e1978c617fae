// @ts-check
// The mask as a grid to paint on. Python owns the run: every stroke goes there as text (dmf_core.problems.painted_mask), and what
// it makes of it (components, entries beyond recovery) comes back. Until then the strokes made meanwhile stay on the screen.

/**
 * @typedef {object} Mask what Python sends; masks as text, of rows and columns the component of each
 * @property {number} rows
 * @property {number} columns
 * @property {string} mask
 * @property {string} lost
 * @property {number[]} of_rows
 * @property {number[]} of_columns
 * @property {number} tied components with more than one row or column
 */

const GUTTER = 18, TALLEST = 520, LEAST = 3, PAUSE = 300;
const HOLD = 350, SIDEWAYS = 8; // a finger that stays so many milliseconds, or moves sideways so many pixels, paints

/** @param {string} text @param {number} count */
function unpack(text, count) {
  const bytes = atob(text.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from({ length: count }, (_, k) => (bytes.charCodeAt(k >> 3) >> (7 - (k & 7))) & 1);
}

/** @param {Uint8Array} mask */
function pack(mask) {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((seen, k) => {
    if (seen) bytes[k >> 3] |= 128 >> (k & 7);
  });
  return "m" + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

class Editor {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.ctx = this.canvas.getContext("2d");
    /** @type {Mask} what Python has sent */
    this.data = null;
    /** @type {Uint8Array} */
    this.mask = null;
    /** @type {Uint8Array} entries that no method can recover */
    this.lost = null;
    /** @type {any} colours */
    this.colours = null;
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

  layout() {
    const { rows, columns } = this.data, width = this.root.clientWidth - GUTTER;
    this.cell = Math.max(LEAST, Math.min(width / columns, TALLEST / rows, 28));
    if (this.cell > 8) this.cell = Math.floor(this.cell);
    const across = GUTTER + this.cell * columns + 1, down = GUTTER + this.cell * rows + 1, zoom = devicePixelRatio || 1;
    Object.assign(this.canvas.style, { width: `${across}px`, height: `${down}px` });
    this.canvas.width = Math.round(across * zoom);
    this.canvas.height = Math.round(down * zoom);
    this.ctx.setTransform(zoom, 0, 0, zoom, 0, 0);
  }

  tokens() {
    const probe = document.createElement("i");
    this.root.append(probe);
    /** @param {string} name */
    const of = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    /** @type {any} */
    const colours = Object.fromEntries(
      ["ink", "ink3", "ctl", "rule", "warn", "bg", "focus", "rest"].map((name) => [name, of(name)]),
    );
    colours.parts = [1, 2, 3, 4, 5, 6].map((k) => of(`c${k}`));
    probe.remove();
    return colours;
  }

  /** @param {number} part */
  colour(part) {
    return part >= this.data.tied ? this.colours.ctl : this.colours.parts[part] || this.colours.rest;
  }

  draw() {
    if (!this.data || !this.root.clientWidth) return;
    this.colours = this.tokens();
    this.layout();
    const { ctx, cell } = this, { rows, columns } = this.data;
    ctx.save();
    ctx.translate(GUTTER, GUTTER);
    this.hatch((k) => !this.mask[k] && !this.lost[k], this.colours.ctl, 0.5, 1, 1);
    this.hatch((k) => !this.mask[k] && Boolean(this.lost[k]), this.colours.warn, 0.9, 1.2, -1);
    const inset = cell >= 6 ? 1 : 0;
    for (let k = 0; k < this.mask.length; k++) {
      if (!this.mask[k]) continue;
      const i = Math.floor(k / columns), j = k % columns;
      ctx.fillStyle = this.colour(this.part(i, j));
      ctx.fillRect(j * cell + inset, i * cell + inset, cell - inset + (inset ? 0 : 0.3), cell - inset + (inset ? 0 : 0.3));
    }
    ctx.strokeStyle = this.colours.ctl;
    ctx.strokeRect(0, 0, columns * cell, rows * cell);
    this.strip(this.data.of_rows, true);
    this.strip(this.data.of_columns, false);
    const focused = /** @type {Document | ShadowRoot} */ (this.root.getRootNode()).activeElement === this.canvas;
    ctx.strokeStyle = focused ? this.colours.focus : this.colours.ink;
    ctx.lineWidth = focused ? 3 : 1.4;
    ctx.strokeRect(this.column * cell, this.row * cell, Math.max(cell, 5), Math.max(cell, 5));
    ctx.restore();
    this.words();
  }

  // A newly painted entry has the component of its row, until Python has looked; an empty row that of its column.
  /** @param {number} i @param {number} j */
  part(i, j) {
    const { of_rows, of_columns, tied } = this.data;
    return of_rows[i] < tied ? of_rows[i] : of_columns[j];
  }

  /**
   * @param {(k: number) => boolean} chosen
   * @param {string} colour
   * @param {number} alpha
   * @param {number} width
   * @param {number} slope
   */
  hatch(chosen, colour, alpha, width, slope) {
    const { ctx, cell } = this, { rows, columns } = this.data, across = columns * cell, down = rows * cell;
    ctx.save();
    ctx.beginPath();
    let any = false;
    for (let k = 0; k < this.mask.length; k++) {
      if (!chosen(k)) continue;
      any = true;
      ctx.rect((k % columns) * cell, Math.floor(k / columns) * cell, cell, cell);
    }
    if (any) {
      ctx.clip();
      ctx.beginPath();
      for (let x = -down; x < across + down; x += 4) {
        ctx.moveTo(x, slope > 0 ? down : 0);
        ctx.lineTo(x + down, slope > 0 ? 0 : down);
      }
      Object.assign(ctx, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
      ctx.stroke();
    }
    ctx.restore();
  }

  // Beside the rows and above the columns: the component of each, with its number where a stretch has room for it.
  /** @param {number[]} of @param {boolean} down */
  strip(of, down) {
    const { ctx, cell } = this;
    ctx.font = "600 11px system-ui, sans-serif";
    Object.assign(ctx, { textAlign: "center", textBaseline: "middle" });
    for (let start = 0, k = 0; k <= of.length; k++) {
      if (k < of.length && of[k] === of[start]) continue;
      const from = start * cell, length = (k - start) * cell, seen = of[start] < this.data.tied;
      ctx.fillStyle = this.colour(of[start]);
      if (seen && down) ctx.fillRect(-4, from, 3, length);
      else if (seen) ctx.fillRect(from, -4, length, 3);
      if (seen && length >= 12) {
        const middle = from + length / 2;
        ctx.fillText(String(of[start] + 1), down ? -11 : middle, down ? middle : -11);
      }
      start = k;
    }
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
    let said = where + (this.mask[k] ? "observed" : this.lost[k] ? "unseen, no method can recover it" : "unseen");
    said += fresh ? "." : `; ${parts}.`;
    if (!this.mask.includes(1)) said = "At least one entry must be observed; paint one.";
    if ($(".me-said").textContent !== said) $(".me-said").textContent = said;
    $("[data-row]").textContent = `Row ${this.row + 1}`;
    $("[data-column]").textContent = `Column ${this.column + 1}`;
    $('[data-do="undo"]').disabled = !this.done.length;
    $('[data-do="redo"]').disabled = !this.undone.length;
  }

  /** @param {PointerEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect(), { rows, columns } = this.data;
    /** @param {number} x @param {number} most */
    const place = (x, most) => Math.max(0, Math.min(most - 1, Math.floor((x - GUTTER) / this.cell)));
    return [place(event.clientY - box.top, rows), place(event.clientX - box.left, columns)];
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
    [this.row, this.column] = this.at(event);
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
      const [row, column] = this.at(each), steps = Math.max(Math.abs(row - this.row), Math.abs(column - this.column));
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
    if (this.done.length > 200) this.done.shift();
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

  /** @param {string} what */
  act(what) {
    const { rows, columns } = this.data, [verb, line] = what.split("-");
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
