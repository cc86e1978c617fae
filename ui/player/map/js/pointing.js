// @ts-check
// Pointer and keys over a map: hover, click, Shift and click, a drawn area; arrows, Enter, Shift and Enter, Z.

/** @import { Cell, MapView } from "./map_view.js" */

const DRAGGED = 6; // pixels from where a press began; nearer it is a click
const AROUND = 3; // cells to either side that Z refines
/** @type {Record<string, Cell>} */
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] };

export class Pointing {
  /** @param {MapView} map */
  constructor(map) {
    this.map = map;
    /** @type {{ x: number, y: number, cell: Cell, to: Cell, dragged: boolean, again: boolean } | null} where a press began */
    this.from = null;
    const plot = map.plot;
    plot.onpointermove = (/** @type {PointerEvent} */ event) => this.move(event);
    plot.onpointerdown = (/** @type {PointerEvent} */ event) => this.press(event);
    plot.onpointerup = (/** @type {PointerEvent} */ event) => this.release(event);
    plot.onpointercancel = plot.onpointerleave = () => this.leave();
    plot.onkeydown = (/** @type {KeyboardEvent} */ event) => this.key(event);
  }

  /** @param {PointerEvent} event */
  at(event) {
    const box = this.map.plot.getBoundingClientRect(), zoom = this.map.zoom;
    return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
  }

  /** @param {PointerEvent} event */
  move(event) {
    const [x, y] = this.at(event), cell = this.map.cellAt(x, y);
    if (this.from && Math.hypot(x - this.from.x, y - this.from.y) > DRAGGED) this.from.dragged = true;
    if (this.from?.dragged && event.pointerType !== "touch") {
      this.from.to = cell || this.from.to;
      this.map.overlay.tip(false);
      this.map.overlay.lay("area", this.from.cell, this.from.to);
      return;
    }
    this.map.choose(cell);
    this.map.overlay.tip(cell !== null);
  }

  /** @param {PointerEvent} event */
  press(event) {
    const [x, y] = this.at(event), cell = this.map.cellAt(x, y);
    if (event.button !== 0 || !cell) return;
    const before = this.map.cell;
    this.from = { x, y, cell, to: cell, dragged: false, again: before && before[0] === cell[0] && before[1] === cell[1] };
    if (event.pointerType !== "touch") this.map.plot.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { map, from } = this;
    this.from = null;
    map.overlay.lay("area", null);
    if (!from) return;
    if (from.dragged) {
      if (event.pointerType !== "touch" && (from.to[0] !== from.cell[0] || from.to[1] !== from.cell[1])) {
        map.press("area", { from: from.cell, to: from.to });
      }
      return;
    }
    map.choose(from.cell);
    if (event.pointerType === "touch" && !from.again) return; // the second tap opens
    map.press(event.shiftKey ? "compare" : "open", { at: from.cell });
  }

  leave() {
    this.from = null;
    this.map.overlay.lay("area", null);
    this.map.overlay.tip(false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { map } = this, { rows, columns } = map.data.cells, step = ARROWS[event.key];
    const [row, column] = map.cell || [Math.floor(rows / 2), Math.floor(columns / 2)];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) map.choose([clamp(row + step[0], rows), clamp(column + step[1], columns)]);
    else if (event.key === "Enter" && map.cell) map.press(event.shiftKey ? "compare" : "open", { at: map.cell });
    else if (event.key.toLowerCase() === "z" && map.cell) {
      const from = [clamp(row - AROUND, rows), clamp(column - AROUND, columns)];
      map.press("area", { from, to: [clamp(row + AROUND, rows), clamp(column + AROUND, columns)] });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {number} value @param {number} count */
const clamp = (value, count) => Math.min(count - 1, Math.max(0, value));
