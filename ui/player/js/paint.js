// @ts-check
// Canvas and colours: what all panels share.

/** @import { Axis, Box, Context, Tokens } from "./types.d.ts" */
/** @import { TimePanel } from "./time_panel.js" */

import { axisFrame } from "./axes.js";
import { MODES_COLOURED, TOKEN_NAMES } from "./constants.js";

// The tokens live in the style sheet; they are read once per theme.
/** @param {HTMLElement} root @returns {Tokens} */
function readTokens(root) {
  const style = getComputedStyle(root);
  /** @param {string} name */
  const get = (name) => style.getPropertyValue(name).trim();
  /** @type {any} */
  const tokens = { future: Number(get("--future")) };
  for (const name of ["bg", "ink", "ink2", "ink3", "ctl", "rule", "ok", "err", "negative", "zero", "positive"]) {
    tokens[name] = get(`--${name}`);
  }
  /** @param {string} kind */
  const six = (kind) => [1, 2, 3, 4, 5, 6].map((n) => get(`--${kind}${n}`));
  const lines = six("line"), texts = six("text"), lineRest = get("--line-rest"), textRest = get("--text-rest");
  tokens.line = (/** @type {number} */ mode) => (mode <= MODES_COLOURED ? lines[(mode - 1) % 6] : lineRest);
  tokens.text = (/** @type {number} */ mode) => (mode <= MODES_COLOURED ? texts[(mode - 1) % 6] : textRest);
  tokens.named = Object.fromEntries(TOKEN_NAMES.map((name) => [name, get(`--${name}`)]));
  tokens.font = style.fontFamily;
  return tokens;
}

// Dark when the page behind is: follows the theme menu, whatever the browser prefers.
/** @param {HTMLElement} root */
export function isDark(root) {
  const probe = document.createElement("i");
  probe.style.cssText = "display:none;color:var(--st-background-color,#fff)";
  root.append(probe);
  const rgb = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  probe.remove();
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] < 110;
}

// Reads the colours of the page. Whether they are others than before.
/** @param {{ root: HTMLElement, tokens: Tokens, dark: boolean }} view */
export function takeTheme(view) {
  const dark = isDark(view.root);
  if (view.tokens && dark === view.dark) return false;
  view.dark = dark;
  view.root.dataset.theme = dark ? "dark" : "light";
  view.tokens = readTokens(view.root);
  return true;
}

/** @type {Map<HTMLCanvasElement, [number, number]>} of canvases, while `withSizes` is at work */
const sizes = new Map();
/** @param {HTMLCanvasElement} canvas @returns {[number, number]} in CSS pixels */
export const sizeOf = (canvas) => sizes.get(canvas) || [canvas.clientWidth, canvas.clientHeight];

// Reads the sizes of all canvases before anything is changed: a size that is read after a change lays out the page once more.
/** @param {HTMLCanvasElement[]} canvases @param {() => void} work */
export function withSizes(canvases, work) {
  for (const canvas of canvases) sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);
  try {
    work();
  } finally {
    sizes.clear();
  }
}

/** @param {HTMLCanvasElement} canvas @param {number} height in CSS pixels */
export function setHeight(canvas, height) {
  canvas.style.height = `${height}px`;
  if (sizes.has(canvas)) sizes.set(canvas, [sizeOf(canvas)[0], height]);
}

// A canvas in CSS pixels, sharp on every display; with a zoom, in pixels that are so many times larger.
// Returns false while it has no size.
/** @param {HTMLCanvasElement} canvas @param {number} [zoom] */
export function fit(canvas, zoom = 1) {
  const ratio = (window.devicePixelRatio || 1) * zoom;
  const [wide, high] = sizeOf(canvas), width = wide / zoom, height = high / zoom;
  if (!width || !height) return false;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { ctx, width, height, ratio };
}

/** @param {number} width @param {number} height @param {number} ratio */
export function layer(width, height, ratio) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { canvas, ctx };
}

/**
 * @param {Context} ctx
 * @param {Tokens} tokens
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {{ size?: number, weight?: number, colour?: string, align?: CanvasTextAlign, halo?: boolean }} style
 */
export function write(ctx, tokens, text, x, y, { size = 12, weight = 400, colour, align = "left", halo = false } = {}) {
  ctx.font = `${weight} ${size}px ${tokens.font}`;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  if (halo) {
    ctx.strokeStyle = tokens.bg;
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour || tokens.ink3;
  ctx.fillText(text, x, y);
}

/** @param {Context} ctx @param {Tokens} tokens @param {string} text @param {number} [size] @param {number} [weight] */
export function measure(ctx, tokens, text, size = 12, weight = 400) {
  ctx.font = `${weight} ${size}px ${tokens.font}`;
  return ctx.measureText(text).width;
}

/**
 * @param {Context} ctx
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {string} colour
 * @param {number} [width]
 * @param {number[]} [dash]
 */
export function straight(ctx, x0, y0, x1, y1, colour, width = 1, dash = []) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
  ctx.setLineDash([]);
}

// The truth: ink, dashed, always.
/** @param {Context} ctx @param {Tokens} tokens @param {number} x0 @param {number} x1 @param {number} y */
export function dashed(ctx, tokens, x0, x1, y) {
  ctx.globalAlpha = 0.62;
  straight(ctx, x0, y, x1, y, tokens.ink, 1.2, [5, 4]);
  ctx.globalAlpha = 1;
}

/**
 * @param {Context} ctx
 * @param {Tokens} tokens
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} mode
 * @param {boolean} selected
 * @param {string} [text]
 */
export function disc(ctx, tokens, x, y, r, mode, selected, text = String(mode)) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = selected ? tokens.text(mode) : tokens.bg;
  ctx.fill();
  if (!selected) {
    ctx.strokeStyle = tokens.line(mode);
    ctx.lineWidth = 2;
    ctx.stroke();
  }
  write(ctx, tokens, text, x, y + 0.5, {
    size: r > 8 ? 11 : 10,
    weight: 600,
    colour: selected ? tokens.bg : tokens.ink,
    align: "center",
  });
}

/** @param {Context} ctx @param {Tokens} tokens @param {number} x @param {number} y */
export function dot(ctx, tokens, x, y) {
  ctx.fillStyle = tokens.ink;
  ctx.beginPath();
  ctx.arc(x, y, 3.2, 0, 7);
  ctx.fill();
}

// The height of a curve at every pixel column of a panel, NaN beyond the end of the run.
/** @param {TimePanel} panel @param {Axis} axis @param {(f: number) => number} heightAt */
export function pixelHeights(panel, axis, heightAt) {
  const span = panel.x1 - panel.x0;
  const column = new Float32Array(Math.ceil(span) + 1).fill(NaN);
  for (let i = 0; i < column.length; i++) {
    const u = Math.min(i / span, 1);
    if (axis.low + u * (axis.high - axis.low) <= axis.last + 1e-9) column[i] = heightAt(axisFrame(axis, u));
  }
  return column;
}

// Does a curve pass through a box?
/** @param {Float32Array} column @param {number} x0 @param {Box} box */
export function crosses(column, x0, box) {
  const from = Math.max(0, Math.floor(box[0] - x0)), to = Math.ceil(box[2] - x0);
  for (let i = from; i <= to && i < column.length; i++) {
    const a = column[i], b = i > 0 && !isNaN(column[i - 1]) ? column[i - 1] : a;
    if (Math.max(a, b) > box[1] && Math.min(a, b) < box[3]) return true;
  }
  return false;
}

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; // boxes [left, top, right, bottom]
