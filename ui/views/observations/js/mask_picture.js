// @ts-check
// The mask on its canvas: observed entries in the colour of their component, the others hatched, the cursor's outline.

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

/**
 * @typedef {object} Painted what is on the screen
 * @property {Mask} data
 * @property {Uint8Array} mask 1 where an entry is observed
 * @property {Uint8Array} lost 1 where no method can recover it
 * @property {number} row of the cursor
 * @property {number} column
 */

const GUTTER = 18; // CSS pixels beside the rows and above the columns, for the components
const TALLEST = 520, LEAST = 3, LARGEST = 28; // CSS pixels: the whole grid at most, a side of a cell at least and at most
const WHOLE = 8; // cells larger than this have a whole number of pixels
const HATCH = 4; // pixels between two lines
const TOKENS = ["ink", "ink3", "ctl", "rule", "warn", "bg", "focus", "rest"];

export class MaskPicture {
  /** @param {HTMLElement} root @param {HTMLCanvasElement} canvas */
  constructor(root, canvas) {
    this.root = root;
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
    /** @type {any} */
    this.colours = null;
    this.cell = 0; // CSS pixels
  }

  /** @param {Painted} painted */
  draw({ data, mask, lost, row, column }) {
    if (!this.root.clientWidth) return;
    this.colours = this.tokens();
    this.layout(data);
    const { ctx, cell } = this, { rows, columns } = data;
    ctx.save();
    ctx.translate(GUTTER, GUTTER);
    this.hatch(data, (k) => !mask[k] && !lost[k], { colour: this.colours.ctl, alpha: 0.5, width: 1, slope: 1 });
    this.hatch(data, (k) => !mask[k] && Boolean(lost[k]), { colour: this.colours.warn, alpha: 0.9, width: 1.2, slope: -1 });
    const inset = cell >= 6 ? 1 : 0, side = cell - inset + (inset ? 0 : 0.3);
    for (let k = 0; k < mask.length; k++) {
      if (!mask[k]) continue;
      const i = Math.floor(k / columns), j = k % columns;
      ctx.fillStyle = this.colour(data, component(data, i, j));
      ctx.fillRect(j * cell + inset, i * cell + inset, side, side);
    }
    ctx.strokeStyle = this.colours.ctl;
    ctx.strokeRect(0, 0, columns * cell, rows * cell);
    this.strip(data, data.of_rows, true);
    this.strip(data, data.of_columns, false);
    const focused = /** @type {Document | ShadowRoot} */ (this.root.getRootNode()).activeElement === this.canvas;
    ctx.strokeStyle = focused ? this.colours.focus : this.colours.ink;
    ctx.lineWidth = focused ? 3 : 1.4;
    ctx.strokeRect(column * cell, row * cell, Math.max(cell, 5), Math.max(cell, 5));
    ctx.restore();
  }

  /**
   * The entry at a point of the window, or the nearest one.
   * @param {Mask} data @param {{ clientX: number, clientY: number }} point
   * @returns {[number, number]} row, column
   */
  entryAt({ rows, columns }, point) {
    const box = this.canvas.getBoundingClientRect();
    /** @param {number} x @param {number} count */
    const place = (x, count) => Math.max(0, Math.min(count - 1, Math.floor((x - GUTTER) / this.cell)));
    return [place(point.clientY - box.top, rows), place(point.clientX - box.left, columns)];
  }

  /** @param {Mask} data */
  layout({ rows, columns }) {
    const width = this.root.clientWidth - GUTTER;
    this.cell = Math.max(LEAST, Math.min(width / columns, TALLEST / rows, LARGEST));
    if (this.cell > WHOLE) this.cell = Math.floor(this.cell);
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
    const colours = Object.fromEntries(TOKENS.map((name) => [name, of(name)]));
    colours.parts = [1, 2, 3, 4, 5, 6].map((k) => of(`c${k}`));
    probe.remove();
    return colours;
  }

  /** @param {Mask} data @param {number} part */
  colour(data, part) {
    return part >= data.tied ? this.colours.ctl : this.colours.parts[part] || this.colours.rest;
  }

  /**
   * @param {Mask} data
   * @param {(k: number) => boolean} chosen
   * @param {{ colour: string, alpha: number, width: number, slope: number }} lines
   */
  hatch({ rows, columns }, chosen, { colour, alpha, width, slope }) {
    const { ctx, cell } = this, across = columns * cell, down = rows * cell;
    ctx.save();
    ctx.beginPath();
    let any = false;
    for (let k = 0; k < rows * columns; k++) {
      if (!chosen(k)) continue;
      any = true;
      ctx.rect((k % columns) * cell, Math.floor(k / columns) * cell, cell, cell);
    }
    if (any) {
      ctx.clip();
      ctx.beginPath();
      for (let x = -down; x < across + down; x += HATCH) {
        ctx.moveTo(x, slope > 0 ? down : 0);
        ctx.lineTo(x + down, slope > 0 ? 0 : down);
      }
      Object.assign(ctx, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
      ctx.stroke();
    }
    ctx.restore();
  }

  /**
   * Beside the rows and above the columns: the component of each, with its number where a stretch has room for it.
   * @param {Mask} data @param {number[]} of @param {boolean} down
   */
  strip(data, of, down) {
    const { ctx, cell } = this;
    ctx.font = "600 11px system-ui, sans-serif";
    Object.assign(ctx, { textAlign: "center", textBaseline: "middle" });
    for (let start = 0, k = 0; k <= of.length; k++) {
      if (k < of.length && of[k] === of[start]) continue;
      const from = start * cell, length = (k - start) * cell, tied = of[start] < data.tied;
      ctx.fillStyle = this.colour(data, of[start]);
      if (tied && down) ctx.fillRect(-4, from, 3, length);
      else if (tied) ctx.fillRect(from, -4, length, 3);
      if (tied && length >= 12) {
        const middle = from + length / 2;
        ctx.fillText(String(of[start] + 1), down ? -11 : middle, down ? middle : -11);
      }
      start = k;
    }
  }
}

/**
 * A newly painted entry has the component of its row, until Python has read the mask; one in an empty row that of its column.
 * @param {Mask} data @param {number} i @param {number} j
 */
function component({ of_rows, of_columns, tied }, i, j) {
  return of_rows[i] < tied ? of_rows[i] : of_columns[j];
}
