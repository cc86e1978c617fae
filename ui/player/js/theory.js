// @ts-check
// The theory in words, in place of the summary: what is dashed, how far it is off in this run and now, whether it applies.

/** @import { ModeNow, Overlay, Run, View } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { between, frameAt } from "./data.js";
import { EQUATION_PAUSE } from "./equation.js";
import { decodeLaw, lawColumn, offBy } from "./law.js";
import { printed, THIN } from "./numbers.js";
import { movingModes } from "./tangents.js";
import { writeText } from "./text.js";

const MOST_NAMED = 3; // modes at the cursor

// How far off at the cursor, for every mode that moves, and how the vectors of one of them turn.
/** @param {Player} player @param {number} f */
function theoryNow(player, f) {
  const { run } = player, moving = run.over && !run.over.why ? movingModes(run, f) : null;
  if (!moving) return ["", ""];
  if (!moving.length) return [`At the cursor no ${run.word} moves.`, ""];
  const own = moving.find(({ mode }) => mode === player.equation.mode) || moving[moving.length - 1];
  return [`At the cursor: ${residuals(run, moving)}.`, turningWords(run, own.mode, f)];
}

// "mode 3 off by 2 %, mode 4 off by 7 %", or once what holds for all of them.
/** @param {Run} run @param {ModeNow[]} moving */
function residuals(run, moving) {
  const each = moving.map((now) => offBy(now).replace(/^,/, "")), modes = moving.map(({ mode }) => mode);
  if (each.every((text) => text === each[0])) {
    return `${modes.length > 1 ? run.words : run.word} ${modes.join(", ").replace(/, (\d+)$/, " and $1")}${each[0]}`;
  }
  const more = moving.length > MOST_NAMED ? `, and ${moving.length - MOST_NAMED} more` : "";
  return `${modes.slice(0, MOST_NAMED).map((mode, i) => `${run.word} ${mode}${each[i]}`).join(", ")}${more}`;
}

/** @param {Run} run @param {number} mode @param {number} f */
function turningWords(run, mode, f) {
  const law = decodeLaw(run);
  if (!law.turning.length) return "";
  const g = frameAt(law.frames, f),
    [speed, off] = ["turning", "turning_off"].map((key) => between(lawColumn(law, key, mode - 1), g));
  if (!isFinite(speed) || !isFinite(off)) return "";
  const deviation = off < 0.001
    ? `off by less than 0.1${THIN}%`
    : off < 10
    ? `off by ${printed(100 * off, 2)}${THIN}%`
    : "far off";
  return `The vectors of ${run.word} ${mode} turn at ${printed(speed, 2)} radians per time, ${deviation}.`;
}

/** @type {Overlay} of a run that has none */
const NO_OVERLAY = { why: "", depths: false, shades: [], caption: "", mark: "", text: "", badge: "", births: "" };

export class Theory {
  /** @param {HTMLElement} root @param {Player} player */
  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.places = [...root.querySelectorAll("span")]; // mark, residual, badge, at the cursor, turning, births
    this.button = player.$(".dmf-theory-on");
    this.button.addEventListener("click", () => player.layOver(!player.theory));
    this.link = root.querySelector("a");
    this.link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a page of its own
      event.preventDefault(); // this visit keeps its run, own data included
      player.send({ action: "theory", run: player.run.run, count: ++player.sent });
    });
  }

  /** @param {View} view */
  layout(view) {
    const { run, theory } = view, over = run.over || NO_OVERLAY;
    this.view = view;
    this.root.hidden = !theory || !run.frames;
    this.player.root.dataset.theory = this.root.hidden ? "off" : over.why ? "why" : "on";
    this.button.setAttribute("aria-pressed", String(Boolean(theory)));
    this.button.disabled = !run.frames;
    this.places[0].dataset.mark = over.mark || "△";
    this.write([over.mark || "△", over.why || over.text, over.badge, "", "", over.births]);
    this.link.hidden = !this.player.app || run.spectra.length > 0; // a page by itself has no other; that of tensors says nothing
    this.link.href = `theory${window.location.search}`;
    this.last = 0;
  }

  /** @param {number} f @param {boolean} playing */
  draw(f, playing) {
    if (!this.view || this.root.hidden) return;
    const now = performance.now();
    if (playing && now - this.last < EQUATION_PAUSE) return;
    this.last = now;
    this.write(theoryNow(this.player, f), 3);
  }

  // Touches the page only where something has changed.
  /** @param {string[]} texts @param {number} [from] */
  write(texts, from = 0) {
    texts.forEach((text, i) => writeText(this.places[from + i], text || ""));
  }

  // For the screen reader.
  sentence() {
    return this.places.slice(1).map((each) => each.textContent).filter(Boolean).join(" ");
  }
}
