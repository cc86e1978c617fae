// @ts-check
// What lies over the chart of a map: the cell at the cursor with its row and column, the marked cell, the tip, a drawn area, the
// scale of colours, and what the two parts of the picture show.

/** @import { Cell, MapView } from "./map_view.js" */

import { library } from "../../js/plotly.js";

const TIP_AWAY = 10; // pixels between a cell and its tip
const ALONG_ABOVE = 2; // pixels between the words and the row at the cursor

/** @param {number} value */
const px = (value) => `${value}px`;

export class Overlay {
  /** @param {MapView} map */
  constructor(map) {
    this.map = map;
    this.part = map.part;
    this.rowShown = ""; // which row stands below the map ..
    /** @type {any} .. in which traces */
    this.rowOf = null;
  }

  places() {
    const { xaxis, yaxis, yaxis2 } = this.map.drawing._fullLayout;
    return { xaxis, yaxis, up: this.map.data.curves ? yaxis : yaxis2, l: xaxis._offset, width: xaxis._length };
  }

  /** @param {Cell} cell @param {Cell} [other] */
  box([row, column], [otherRow, otherColumn] = [row, column]) {
    const { up, l, width } = this.places(), { curves, cells: { rows, columns } } = this.map.data;
    const [left, right] = [Math.min(column, otherColumn), Math.max(column, otherColumn) + 1];
    const [low, high] = [Math.min(row, otherRow), Math.max(row, otherRow) + 1];
    const wide = width / columns, tall = up._length / (curves ? 1 : rows);
    const top = curves ? up._offset : up._offset + up._length - high * tall;
    return { left: l + left * wide, top, width: (right - left) * wide, height: (curves ? 1 : high - low) * tall };
  }

  // Lays an element over these cells; hides it where there are none.
  /** @param {string} name @param {Cell | null | undefined} from @param {Cell} [to] */
  lay(name, from, to) {
    const part = this.part(name), { rows, columns } = this.map.data.cells;
    const inside = from && this.map.root.dataset.drawn && from[0] < rows && from[1] < columns;
    part.style.display = inside ? "block" : "none";
    if (!inside) return;
    const { left, top, width, height } = this.box(from, to);
    Object.assign(part.style, { left: px(left), top: px(top), width: px(width), height: px(height) });
  }

  // The scale of colours stands at the axis of the measure; curves have none.
  /** @param {string[]} colours */
  bar(colours) {
    const { l, yaxis } = this.places();
    const stops = colours.filter((_, i) => i % 4 === 0 || i === colours.length - 1).reverse().join(",");
    const place = {
      display: this.map.data.curves ? "none" : "block",
      left: px(l - 10),
      top: px(yaxis._offset),
      height: px(yaxis._length),
    };
    Object.assign(this.part("bar").style, { ...place, background: `linear-gradient(${stops})` });
  }

  show() {
    const { cell, data, root } = this.map, { rows, columns } = data.cells, curves = data.curves;
    this.lay("marked", data.marked);
    this.lay("cell", curves ? null : cell);
    const shown = cell && root.dataset.drawn && cell[0] < rows && cell[1] < columns;
    for (const name of ["row", "column"]) {
      this.part(name).style.display = shown && (name === "column" || !curves) ? "block" : "none";
    }
    if (root.dataset.drawn) this.names(shown ? cell : null);
    if (!shown) return;
    const box = this.box(cell), { yaxis, l, width } = this.places();
    const top = curves ? box.top : box.top + box.height, bottom = yaxis._offset + yaxis._length;
    Object.assign(this.part("column").style, { left: px(box.left + box.width / 2), top: px(top), height: px(bottom - top) });
    Object.assign(this.part("row").style, { left: px(l), top: px(box.top + box.height / 2), width: px(width) });
    if (!curves) this.row(cell[0]);
  }

  // What the map shows, above it; what its row shows, above that.
  /** @param {Cell | null} cell */
  names(cell) {
    const { data } = this.map, { yaxis, l } = this.places(), along = this.part("along");
    Object.assign(this.part("name").style, { left: px(l), display: "block" });
    this.part("name").textContent = data.above;
    along.style.display = data.curves ? "none" : "block";
    along.textContent = cell ? `Along ${data.cells.up[cell[0]]}: ${data.below}` : data.below;
    const bottom = this.map.plot.clientHeight - yaxis._offset + ALONG_ABOVE; // of two lines the second one stands at the row
    Object.assign(along.style, { left: px(l), bottom: px(bottom) });
  }

  // The row at the cursor, below the map.
  /** @param {number} row */
  row(row) {
    const { drawing, text, data } = this.map, now = `${row} ${text.length} ${data.version}`;
    if (this.rowShown === now && this.rowOf === drawing.data) return;
    const { middle, low, high } = data.cells, count = drawing.data.length;
    const x = middle[row].map((/** @type {number | null} */ value, /** @type {number} */ i) => (value === null ? -1 : i))
      .filter((/** @type {number} */ i) => i >= 0);
    /** @param {number[][]} values */
    const pick = (values) => x.map((/** @type {number} */ i) => values[row][i]);
    const traces = [count - 3, count - 2, count - 1];
    library.plotly.restyle(drawing, { x: [x, x, x], y: [pick(low), pick(high), pick(middle)] }, traces);
    this.rowShown = now;
    this.rowOf = drawing.data;
  }

  // Beside its cell, or above or below it where there is no room: never over it, nor over the words of the rows.
  /** @param {boolean} on */
  tip(on) {
    const tip = this.part("tip"), { cell, plot } = this.map;
    tip.style.display = on && cell ? "block" : "none";
    if (!on || !cell) return;
    tip.textContent = this.map.sentence();
    const { l, width } = this.places(), box = this.box(cell), end = l + width;
    tip.style.maxWidth = px(width);
    const { offsetWidth: wide, offsetHeight: tall } = tip,
      right = box.left + box.width + TIP_AWAY,
      left = box.left - wide - TIP_AWAY;
    const aside = right + wide <= plot.clientWidth ? right : left >= l ? left : null;
    const above = box.top - tall - TIP_AWAY, top = above >= 0 ? above : box.top + box.height + TIP_AWAY;
    tip.style.left = px(aside ?? Math.max(l, Math.min(box.left, end - wide)));
    tip.style.top = px(aside === null ? top : box.top);
  }
}
