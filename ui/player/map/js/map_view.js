// @ts-check
// A map on the page: what Plotly draws of it, the cell at the cursor, and what a press asks for. Python owns everything else.

/** @import { Json } from "../../js/types.d.ts" */
/** @typedef {[row: number, column: number]} Cell */
/** @typedef {(name: string, places: Json) => void} Send */

import { isDark } from "../../js/paint.js";
import { library, plotly } from "../../js/plotly.js";
import { paintedCells } from "./cells.js";
import { Pointing } from "./pointing.js";

const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false, staticPlot: true };
const MAP_TALL = 560, MAP_TALL_CURVES = 440, MAP_TALL_PHONE = 430, MAP_LOW = 400, MAP_BELOW = 84, MAP_PHONE = 520; // pixels
const MAP_SETTLED = 160; // milliseconds that the cursor rests before Python is asked for the curves of a cell
const MAP_SPOKEN = 500; // ... before it is read out
const MAP_ZOOM = 17 / 12; // of texts on the projector

/** @param {any} value @param {Record<string, string>} tokens @returns {any} */
const named = (value, tokens) => {
  if (Array.isArray(value)) return value.map((each) => named(each, tokens));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each, tokens)]));
  }
  return typeof value === "string" ? (tokens[value] ?? value) : value;
};

// Words beside a line, in its direction; `along` counts columns and rows.
/** @param {Json} name @param {number} wide @param {number} tall @param {number} zoom */
function turned(name, wide, tall, zoom) {
  const { along: [columns, rows], side } = name, length = Math.hypot(columns * wide, rows * tall) || 1;
  const x = (columns * wide) / length, y = (rows * tall) / length, away = 13 * zoom * side;
  name.font.size *= zoom;
  Object.assign(name, { textangle: (-Math.atan2(y, x) * 180) / Math.PI, xshift: -y * away, yshift: x * away });
  if (Math.abs(name.textangle) > 90) name.textangle -= 180 * Math.sign(name.textangle);
  delete name.along;
  delete name.side;
}

export class MapView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.part = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`.map-${name}`));
    this.plot = this.part("plot");
    this.drawing = this.part("drawing");
    /** @type {Cell | null} at the cursor */
    this.cell = null;
    this.text = "";
    /** @type {any} the latest data from Python */
    this.data = null;
    /** @type {Send} a press: of two that wait for Python the later one counts */
    this.send = () => {};
    /** @type {Send} what is so from now on; it takes no press away that waits for Python */
    this.report = () => {};
    this.pressed = false; // Python has not answered yet
    this.dark = false;
    /** @type {Record<string, string>} colours by name, of the theme */
    this.tokens = {};
    this.cutShown = ""; // which row stands below the map ..
    /** @type {any} .. in which traces */
    this.cutOf = null;
    this.settling = this.speaking = 0; // timers
    this.pointing = new Pointing(this);
    new ResizeObserver(() => this.draw()).observe(this.plot);
  }

  // What Python says; the same again draws nothing anew.
  /** @param {any} data @param {Send} send @param {Send} report */
  take(data, send, report) {
    this.send = send;
    this.report = report;
    this.pressed = false;
    const { cell, ...rest } = data, text = JSON.stringify(rest), dark = isDark(this.root);
    if (text === this.text && dark === this.dark) return;
    const other = !this.data || this.data.name !== data.name;
    this.data = data;
    this.text = text;
    this.dark = dark;
    this.root.dataset.theme = dark ? "dark" : "light";
    if (other) {
      this.cell = null;
      this.tip(null);
      clearTimeout(this.settling); // they are about a cell of another map
      clearTimeout(this.speaking);
    }
    this.cell ||= cell; // where the cursor was when this page was left
    this.root.querySelector(".map-head h1").textContent = data.title;
    this.root.querySelector(".map-head p").textContent = data.sentence;
    this.part("note").textContent = data.note;
    this.plot.setAttribute("aria-label", `${data.described} ${data.keys}`);
    plotly(data.plotly).then(() => this.draw());
  }

  get projector() {
    return this.root.dataset.projector === "on";
  }

  /** @param {boolean} on */
  setProjector(on) {
    this.root.dataset.projector = on ? "on" : "";
    this.draw();
  }

  height() {
    if (this.projector) return Math.max(360, window.innerHeight - this.plot.offsetTop - 80);
    if (this.plot.clientWidth < MAP_PHONE) return MAP_TALL_PHONE;
    const room = window.innerHeight - this.plot.getBoundingClientRect().top - window.scrollY - MAP_BELOW;
    return Math.max(MAP_LOW, Math.min(this.data.curves ? MAP_TALL_CURVES : MAP_TALL, room));
  }

  draw() {
    const drawer = library.plotly, width = this.plot.clientWidth;
    if (!drawer || !this.data || !width) return;
    const height = this.height(), zoom = this.projector ? MAP_ZOOM : 1;
    if (this.plot.style.height !== `${height}px`) this.plot.style.height = `${height}px`;
    this.tokens = this.data.tokens[this.dark ? "dark" : "light"];
    const { data, layout } = named(this.data.figure, this.tokens), colours = this.data.colours[this.dark ? "dark" : "light"];
    const { rows, columns } = this.data.cells;
    layout.font.size *= zoom;
    for (const axis of [layout.xaxis, layout.yaxis, layout.yaxis2]) if (axis) axis.tickfont.size *= zoom;
    layout.xaxis.title.font.size *= zoom;
    const margin = { l: 48 * zoom, r: 8, t: 4, b: 40 * zoom };
    Object.assign(layout, { width, height, margin });
    const [low, high] = (layout.yaxis2 || layout.yaxis).domain;
    const tall = ((high - low) * (height - margin.t - margin.b)) / rows, wide = (width - margin.l - margin.r) / columns;
    for (const each of layout.annotations || []) turned(each, wide, tall, zoom);
    if (!this.data.curves) {
      const source = paintedCells(this.data.cells, colours, this.tokens, wide, tall);
      const place = { xref: "x", yref: "y2", x: -0.5, y: rows - 0.5, sizex: columns, sizey: rows, sizing: "stretch" };
      layout.images = [{ source, ...place, layer: "below" }];
    }
    drawer.react(this.drawing, data, layout, CONFIG);
    this.bar(colours);
    this.root.dataset.drawn = this.data.name;
    this.show();
  }

  // The scale of colours stands at the axis of the measure.
  /** @param {string[]} colours */
  bar(colours) {
    const { l, yaxis } = this.places(), bar = this.part("bar");
    const stops = colours.filter((_, i) => i % 4 === 0 || i === colours.length - 1).reverse().join(",");
    Object.assign(bar.style, {
      left: `${l - 10}px`,
      top: `${yaxis._offset}px`,
      height: `${yaxis._length}px`,
      background: `linear-gradient(${stops})`,
    });
  }

  places() {
    const { xaxis, yaxis, yaxis2 } = this.drawing._fullLayout;
    return { xaxis, yaxis, up: this.data.curves ? yaxis : yaxis2, l: xaxis._offset, width: xaxis._length };
  }

  // Pixels of the plot -> [row, column]; null outside.
  /** @param {number} x @param {number} y @returns {Cell | null} */
  cellAt(x, y) {
    if (!this.root.dataset.drawn) return null;
    const { xaxis, yaxis, up, l, width } = this.places(), { rows, columns } = this.data.cells;
    const column = Math.floor(((x - l) / width) * columns), last = yaxis._offset + yaxis._length;
    if (column < 0 || column >= columns || y < up._offset || y > last || xaxis === undefined) return null;
    if (this.data.curves) return [0, column];
    if (y > up._offset + up._length) return this.cell ? [this.cell[0], column] : null;
    return [Math.min(rows - 1, Math.max(0, rows - 1 - Math.floor(((y - up._offset) / up._length) * rows))), column];
  }

  /** @param {Cell} cell @param {Cell} [other] */
  box([row, column], [otherRow, otherColumn] = [row, column]) {
    const { up, l, width } = this.places(), { rows, columns } = this.data.cells;
    const [left, right] = [Math.min(column, otherColumn), Math.max(column, otherColumn) + 1];
    const [low, high] = [Math.min(row, otherRow), Math.max(row, otherRow) + 1];
    const wide = width / columns, tall = up._length / (this.data.curves ? 1 : rows);
    const top = this.data.curves ? up._offset : up._offset + up._length - high * tall;
    return { left: l + left * wide, top, width: (right - left) * wide, height: (this.data.curves ? 1 : high - low) * tall };
  }

  // Asks Python for something. No cell is reported before the answer: it could call back the page that a press has left.
  /** @param {string} action @param {Json} places */
  press(action, places) {
    this.pressed = true;
    this.send(action, places);
  }

  // Another cell, by pointer or key.
  /** @param {Cell | null} cell */
  choose(cell) {
    if (!cell || (this.cell && cell[0] === this.cell[0] && cell[1] === this.cell[1])) return;
    this.cell = cell;
    this.show();
    clearTimeout(this.settling);
    clearTimeout(this.speaking);
    this.settling = setTimeout(() => this.pressed || this.report("cell", { at: cell, map: this.data.name }), MAP_SETTLED);
    this.speaking = setTimeout(() => (this.part("spoken").textContent = this.sentence()), MAP_SPOKEN);
  }

  sentence() {
    const [row, column] = this.cell, { up, across, words } = this.data.cells;
    return `${this.data.curves ? "" : `${up[row]}, `}${across[column]}: ${words[row][column]}`;
  }

  show() {
    const shown = this.cell && this.root.dataset.drawn && this.cell[0] < this.data.cells.rows &&
      this.cell[1] < this.data.cells.columns;
    for (const name of ["row", "column", "cell"]) this.part(name).style.display = shown ? "block" : "none";
    if (!shown) return;
    const box = this.box(this.cell), { yaxis, l, width } = this.places(), px = (/** @type {number} */ value) => `${value}px`;
    const middle = box.left + box.width / 2, bottom = yaxis._offset + yaxis._length;
    Object.assign(this.part("column").style, {
      left: px(middle),
      top: px(box.top + box.height),
      height: px(bottom - box.top - box.height),
    });
    Object.assign(this.part("row").style, { left: px(l), top: px(box.top + box.height / 2), width: px(width) });
    const cell = this.part("cell");
    Object.assign(cell.style, { left: px(box.left), top: px(box.top), width: px(box.width), height: px(box.height) });
    if (this.data.curves) {
      cell.style.display = this.part("row").style.display = "none";
      Object.assign(this.part("column").style, { top: px(box.top), height: px(box.height) });
    } else this.cut(this.cell[0]);
  }

  // The row at the cursor, below the map.
  /** @param {number} row */
  cut(row) {
    const now = `${row} ${this.text.length} ${this.data.version}`;
    if (this.cutShown === now && this.cutOf === this.drawing.data) return;
    const { median, low, high } = this.data.cells, count = this.drawing.data.length;
    const x = median[row].map((/** @type {number | null} */ value, /** @type {number} */ i) => (value === null ? -1 : i))
      .filter((/** @type {number} */ i) => i >= 0);
    /** @param {number[][]} values */
    const pick = (values) => x.map((/** @type {number} */ i) => values[row][i]);
    const traces = [count - 3, count - 2, count - 1];
    library.plotly.restyle(this.drawing, { x: [x, x, x], y: [pick(low), pick(high), pick(median)] }, traces);
    this.cutShown = now;
    this.cutOf = this.drawing.data;
  }

  /** @param {number | null} x */
  tip(x) {
    const tip = this.part("tip");
    tip.style.display = x === null || !this.cell ? "none" : "block";
    if (x === null || !this.cell) return;
    tip.textContent = this.sentence();
    const box = this.box(this.cell), width = tip.offsetWidth, right = box.left + box.width + 10;
    tip.style.left = `${right + width > this.plot.clientWidth ? Math.max(0, box.left - width - 10) : right}px`;
    tip.style.top = `${Math.max(0, box.top - 8)}px`;
  }

  /** @param {Cell | null} from @param {Cell} [to] */
  area(from, to) {
    const area = this.part("area"), px = (/** @type {number} */ value) => `${value}px`;
    area.style.display = from ? "block" : "none";
    if (!from) return;
    const { left, top, width, height } = this.box(from, to);
    Object.assign(area.style, { left: px(left), top: px(top), width: px(width), height: px(height) });
  }
}
