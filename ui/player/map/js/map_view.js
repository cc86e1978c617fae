// @ts-check
// A map on the page: what Plotly draws of it, the cell at the cursor, and what a press asks for. Python owns everything else.

/** @import { Json } from "../../js/types.d.ts" */
/** @typedef {[row: number, column: number]} Cell */
/** @typedef {(name: string, places: Json) => void} Send */

import { isDark } from "../../js/paint.js";
import { library, plotly } from "../../js/plotly.js";
import { paintedCells } from "./cells.js";
import { Overlay } from "./overlay.js";
import { Pointing } from "./pointing.js";

const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false, staticPlot: true };
const MAP_TALL = 560,
  MAP_TALL_CURVES = 440,
  MAP_TALL_PHONE = 430,
  MAP_LOW = 400,
  MAP_BELOW = 84,
  MAP_PHONE = 520,
  MAP_PROJECTED = 250; // pixels
const MAP_SETTLED = 160; // milliseconds that the cursor rests before Python is asked for the curves of a cell
const MAP_SPOKEN = 500; // ... before it is read out
const MAP_LEFT = 48, MAP_LETTER = 6.5, MAP_HALF = 0.4; // pixels left of the cells, more for long words; of the width at most

/** @param {any} value @param {Record<string, string>} tokens @returns {any} */
const named = (value, tokens) => {
  if (Array.isArray(value)) return value.map((each) => named(each, tokens));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each, tokens)]));
  }
  return typeof value === "string" ? (tokens[value] ?? value) : value;
};

// Words beside a line, in its direction; `along` counts columns and rows.
/** @param {Json} name @param {number} wide @param {number} tall */
function turned(name, wide, tall) {
  const { along: [columns, rows], side } = name, length = Math.hypot(columns * wide, rows * tall) || 1;
  const x = (columns * wide) / length, y = (rows * tall) / length, away = 13 * side;
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
    this.text = this.hint = "";
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
    this.settling = this.speaking = 0; // timers
    this.overlay = new Overlay(this);
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
      this.overlay.tip(false);
      clearTimeout(this.settling); // they are about a cell of another map
      clearTimeout(this.speaking);
    }
    this.cell ||= cell; // where the cursor was when this page was left
    this.part("note").textContent = `${data.hint} ${data.note}`;
    if (!other && data.hint !== this.hint) this.part("spoken").textContent = data.hint;
    this.hint = data.hint;
    this.plot.setAttribute("aria-label", `${data.described} ${data.keys}`);
    plotly(data.plotly).then(() => this.draw());
  }

  // How much larger the page is shown, as by the projector: pointers and the window count in larger pixels than the plot does.
  get zoom() {
    return this.plot.getBoundingClientRect().width / this.plot.offsetWidth || 1;
  }

  height() {
    const zoom = this.zoom, { top } = this.plot.getBoundingClientRect();
    if (this.plot.clientWidth < MAP_PHONE) return MAP_TALL_PHONE;
    const room = (window.innerHeight - top - window.scrollY) / zoom - MAP_BELOW;
    return Math.max(zoom > 1.01 ? MAP_PROJECTED : MAP_LOW, Math.min(this.data.curves ? MAP_TALL_CURVES : MAP_TALL, room));
  }

  draw() {
    const drawer = library.plotly, width = this.plot.clientWidth;
    if (!drawer || !this.data || !width) return;
    const height = this.height();
    if (this.plot.style.height !== `${height}px`) this.plot.style.height = `${height}px`;
    this.tokens = this.data.tokens[this.dark ? "dark" : "light"];
    const { data, layout } = named(this.data.figure, this.tokens), colours = this.data.colours[this.dark ? "dark" : "light"];
    const { rows, columns } = this.data.cells;
    const letters = Math.max(0, ...(layout.yaxis2?.ticktext || []).map((/** @type {string} */ text) => text.length));
    const left = Math.max(MAP_LEFT, Math.min(MAP_HALF * width, letters * MAP_LETTER + 6));
    const margin = { l: left, r: 8, t: 24, b: 40 };
    Object.assign(layout, { width, height, margin });
    const [low, high] = (layout.yaxis2 || layout.yaxis).domain;
    const tall = ((high - low) * (height - margin.t - margin.b)) / rows, wide = (width - margin.l - margin.r) / columns;
    for (const each of layout.annotations || []) turned(each, wide, tall);
    if (!this.data.curves) {
      const source = paintedCells(this.data.cells, colours, this.tokens, wide, tall);
      const place = { xref: "x", yref: "y2", x: -0.5, y: rows - 0.5, sizex: columns, sizey: rows, sizing: "stretch" };
      layout.images = [{ source, ...place, layer: "below" }];
    }
    drawer.react(this.drawing, data, layout, CONFIG);
    this.overlay.bar(colours);
    this.root.dataset.drawn = this.data.name;
    this.overlay.show();
  }

  // Pixels of the plot -> [row, column]; null outside.
  /** @param {number} x @param {number} y @returns {Cell | null} */
  cellAt(x, y) {
    if (!this.root.dataset.drawn) return null;
    const { xaxis, yaxis, up, l, width } = this.overlay.places(), { rows, columns } = this.data.cells;
    const column = Math.floor(((x - l) / width) * columns), last = yaxis._offset + yaxis._length;
    if (column < 0 || column >= columns || y < up._offset || y > last || xaxis === undefined) return null;
    if (this.data.curves) return [0, column];
    if (y > up._offset + up._length) return this.cell ? [this.cell[0], column] : null;
    return [Math.min(rows - 1, Math.max(0, rows - 1 - Math.floor(((y - up._offset) / up._length) * rows))), column];
  }

  // Asks Python for something. No cell is reported before the answer: it could call back the page that a press has left.
  /** @param {string} action @param {Json} places */
  press(action, places) {
    this.pressed = true;
    clearTimeout(this.speaking); // what the press does is read out instead
    this.send(action, places);
  }

  // Another cell, by pointer or key.
  /** @param {Cell | null} cell */
  choose(cell) {
    if (!cell || (this.cell && cell[0] === this.cell[0] && cell[1] === this.cell[1])) return;
    this.cell = cell;
    this.overlay.show();
    clearTimeout(this.settling);
    clearTimeout(this.speaking);
    this.settling = setTimeout(() => this.pressed || this.report("cell", { at: cell, map: this.data.name }), MAP_SETTLED);
    this.speaking = setTimeout(() => (this.part("spoken").textContent = this.sentence()), MAP_SPOKEN);
  }

  sentence() {
    const [row, column] = this.cell, { up, across, words } = this.data.cells;
    return `${this.data.curves ? "" : `${up[row]}, `}${across[column]}: ${words[row][column]}`;
  }
}
