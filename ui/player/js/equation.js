// @ts-check
// Beside the player: the equation that moves one mode, with this run's numbers at the cursor.

/** @import { Law, LawNow, Run, View } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { fillSwitch } from "./controls.js";
import { decodeLaw, INCOMPARABLE, lawAt, offBy, STILL } from "./law.js";
import { printed, THIN } from "./numbers.js";
import { writeText } from "./text.js";

export const EQUATION_PAUSE = 100; // milliseconds between two texts while playing: numbers that change faster cannot be read
const EQUATION_MODES = 5; // in the picker
const DIGITS = 4; // of a number in the equation

/** @param {number} x */
const rounded = (x) => Number(x.toPrecision(DIGITS));

const MATRIX_PULL = '⟨ −∇ℓ, <i>u</i><sub></sub><i>v</i><span class="dmf-pair"><sup>⊤</sup><sub></sub></span> ⟩';
const COMPONENT_PULL = "⟨ −∇ℓ, <i>w</i><sub></sub>/<i>s</i><sub></sub> ⟩";

/** @param {string} symbol @param {string} meaning @param {string} [classes] */
const term = (symbol, meaning, classes = "") =>
  `<div class="dmf-term${classes}"><span class="dmf-symbol">${symbol}</span><b></b><small>${meaning}</small></div>`;
/** @param {string} symbol */
const sign = (symbol) => `<div class="dmf-sign"><span class="dmf-symbol">${symbol}</span><b>${symbol}</b><small></small></div>`;
const SPEED = '<span class="dmf-over"><span><i>d</i><i class="dmf-own">σ<sub></sub></i></span><span><i>dt</i></span></span>';
const SIZE = '<i class="dmf-own">σ</i><span class="dmf-pair"><sup>2 − 2/<i>N</i></sup><sub class="dmf-own"></sub></span>';

const EQUATION_HTML = `
  <div class="dmf-head"><h2>Why <i></i> <b></b> <span></span></h2>
    <div class="dmf-switch" role="radiogroup" aria-label="Mode of the equation"></div></div>
  <div class="dmf-law" role="math">
    ${term(SPEED, "speed").replace("<b>", '<b class="dmf-own">')}
    ${sign("=")}
    ${term("<i>N</i>", "depth").replace("<small>", "<small data-layers>")}
    ${sign("·")}
    ${term(SIZE, "its size so far")}
    ${sign("·")}
    ${term(MATRIX_PULL, "pull of the data", " dmf-wide")}
  </div>
  <p class="dmf-measured"></p>
  <p class="dmf-verdict"><span></span> <span></span></p>
  <p class="dmf-bounds"></p>`;

// [mark, words as HTML]: does Theorem 3 speak about this moment of this run?
/** @param {Run} run @param {Law} law @param {number} mode @param {LawNow | null} now */
function verdictOf(run, law, mode, now) {
  if (!now) return ["", law.missing || (law.modes ? `There are numbers for the first ${law.modes} modes.` : "")];
  /** @param {number} x */
  const percent = (x) => (x > 10 ? `${printed(x, 2)} times` : `${printed(100 * x, 2)}${THIN}% of`);
  if (!isFinite(now.measured) || !isFinite(now.pull)) {
    return ["△", `Mode ${mode} is as large as a neighbour here, so it has no direction of its own.`];
  }
  if (law.components) return componentVerdict(law, mode, now, percent);
  if (law.covered === "none") {
    return [
      "△",
      `Theorem 3 does not cover ${law.who}: it ${law.because}. Here W leaves the flow by ${percent(now.off)} its speed.`,
    ];
  }
  if (now.off > law.small_step) {
    return ["△", `Theorem 3 assumes small steps; here W leaves the flow by ${percent(now.off)} its speed.`];
  }
  const steps = "small steps";
  if (run.depth === 1) return ["✓", `At depth 1 only the data pull; this holds for every start and ${steps}.`];
  if (!(now.share <= law.balanced)) {
    const own = `σ<sub>${mode}</sub><sup>2/<i>N</i></sup>`;
    return ["△", `Theorem 3 assumes balanced factors; here they differ by ${percent(now.share)} ${own}.`];
  }
  const balance = law.balanced_start ? "balanced start" : "factors nearly balanced by now";
  return ["✓", `Theorem 3 applies here: ${balance}, ${steps}.`];
}

// The power law needs balanced vectors; the identity holds for all, and how unequal they are bounds the law's error.
/** @param {Law} law @param {number} mode @param {LawNow} now @param {(x: number) => string} percent */
function componentVerdict(law, mode, now, percent) {
  if (law.covered === "none") {
    return [
      "△",
      `These laws do not cover ${law.who}: it ${law.because}. Here W leaves the flow by ${percent(now.off)} its speed.`,
    ];
  }
  if (now.off > law.small_step) {
    return ["△", `These laws assume small steps; here W leaves the flow by ${percent(now.off)} its speed.`];
  }
  if (!(now.share <= law.balanced)) {
    return [
      "△",
      `The power law assumes vectors of equal length; here their squares differ by ${
        percent(now.share)
      } <i>s</i><sub>${mode}</sub><sup>2/<i>N</i></sup>. The identity holds.`,
    ];
  }
  return ["✓", "The power law applies here: vectors of nearly equal length, small steps."];
}

// Of a component: the identity that holds for every start, and the speeds that unequal vectors allow.
/** @param {LawNow | null | false} now */
function boundsOf(now) {
  if (!now || !("exact" in now) || !isFinite(now.exact)) return "";
  const tooSlow = Math.abs(now.measured) < INCOMPARABLE * now.fastest;
  const identity = tooSlow ? "" : `The identity without balance is${offBy(now, now.exact).replace(",", "")}. `;
  return `${identity}Unequal vectors allow ${printed(now.low, DIGITS)} to ${printed(now.high, DIGITS)}.`;
}

export class Equation {
  /** @param {HTMLElement} root @param {Player} player */
  constructor(root, player) {
    this.root = root;
    this.player = player;
    root.innerHTML = EQUATION_HTML;
    /** @type {HTMLElement} */
    this.law = root.querySelector(".dmf-law");
    this.numbers = [...root.querySelectorAll(".dmf-term > b")];
    this.signs = [...root.querySelectorAll(".dmf-sign > b")];
    this.subs = [...root.querySelectorAll(".dmf-law sub")];
    this.measured = root.querySelector(".dmf-measured");
    /** @type {NodeListOf<HTMLElement>} */
    this.verdict = root.querySelectorAll(".dmf-verdict span");
    /** @type {Record<string, string | number>} texts on the page by their place */
    this.shownText = {};
  }

  /** @param {View} view */
  layout(view) {
    this.view = view;
    this.data = decodeLaw(view.run);
    this.letters(this.data.components);
    this.last = 0;
    /** @type {Record<string, string | number>} texts on the page by their place */
    this.shownText = {};
  }

  // Of a component: s for sigma, the order for the depth, the outer product of its vectors for u v^T.
  /** @param {boolean} components */
  letters(components) {
    if (this.ofComponents === Boolean(components)) return;
    this.ofComponents = Boolean(components);
    for (const own of this.root.querySelectorAll(".dmf-law i.dmf-own")) own.firstChild.textContent = components ? "s" : "σ";
    this.root.querySelector("[data-layers]").textContent = components ? "order" : "depth";
    this.root.querySelector(".dmf-wide .dmf-symbol").innerHTML = components ? COMPONENT_PULL : MATRIX_PULL;
    this.subs = [...this.root.querySelectorAll(".dmf-law sub")];
  }

  // The mode of the panel: the selected one, else the one that grows next, else the last that grew.
  /** @param {number} f */
  modeAt(f) {
    const { run, selected } = this.view;
    if (this.player.chosen) return this.player.chosen;
    if (selected) return Math.min(selected, this.data.modes || selected);
    const next = run.growths.filter(([, starts]) => starts > f).sort((a, b) => a[1] - b[1])[0];
    return next ? next[0] : Math.max(1, run.learned);
  }

  /** @param {number} f @param {boolean} playing */
  draw(f, playing) {
    if (!this.view) return;
    const now = performance.now();
    const mode = this.modeAt(f);
    if (playing && mode === this.mode && now - this.last < EQUATION_PAUSE) return;
    this.last = now;
    this.head(mode);
    const known = mode <= this.data.modes;
    this.fill(mode, known ? lawAt(this.data, mode, f) : null, playing);
  }

  /** @param {number} mode */
  head(mode) {
    this.say("mode", mode, () => {
      this.mode = mode;
      this.root.style.setProperty("--own", this.view.tokens.text(mode));
      this.root.querySelector("h2 i").textContent = this.view.run.word;
      this.root.querySelector("h2 b").textContent = String(mode);
      for (const sub of this.subs) sub.textContent = String(mode);
      const count = Math.min(EQUATION_MODES, Math.max(this.view.run.learned, 1));
      const modes = Array.from({ length: count }, (_, k) => (k === count - 1 && mode > count ? mode : k + 1));
      fillSwitch(
        this.root.querySelector(".dmf-switch"),
        modes.map((m) => [String(m), String(m)]),
        String(mode),
        (key) => this.player.select(Number(key)),
      );
    });
  }

  /** @param {number} mode @param {LawNow | null} now @param {boolean} playing */
  fill(mode, now, playing) {
    const { run } = this.view;
    this.law.hidden = Boolean(run.spectra.length) && !this.data.modes;
    const size = now && rounded(now.size), pull = now && rounded(now.pull);
    const exists = now && isFinite(now.measured) && isFinite(now.pull);
    const N = this.data.layers;
    const values = exists ? [N * size * pull, N, size, pull] : [];
    const texts = exists
      ? values.map((v, i) => (i === 1 || (i === 2 && N === 1) ? String(v) : printed(v, DIGITS, true)))
      : ["", "", "", ""];
    this.numbers.forEach((place, i) => this.say(`number${i}`, texts[i], (text) => writeText(place, text)));
    this.signs.forEach((place, i) => this.say(`sign${i}`, exists ? (i ? "·" : "=") : "", (text) => writeText(place, text)));
    const moving = !exists || Math.abs(now.measured) > STILL * now.fastest;
    this.say("moves", moving ? "moves now" : "hardly moves now", (text) => {
      writeText(this.root.querySelector("h2 span"), text);
    });
    this.say("measured", exists ? `measured <b>${printed(now.measured, DIGITS, true)}</b>${offBy(now)}` : "", (html) => {
      this.measured.innerHTML = html;
    });
    this.say("bounds", boundsOf(exists && now), (text) => {
      writeText(this.root.querySelector(".dmf-bounds"), text);
    });
    const [mark, words] = verdictOf(run, this.data, mode, now);
    this.say("verdict", mark + words, () => {
      writeText(this.verdict[0], mark);
      this.verdict[0].dataset.mark = mark;
      this.verdict[1].innerHTML = words;
    });
    if (!playing) {
      const name = this.data.components ? "s" : "sigma";
      const formula =
        `d ${name} ${mode} by d t equals N times ${name} ${mode} to the power 2 minus 2 over N times the pull of the data`;
      this.say(
        "aria",
        exists ? `${formula}; now ${texts[0]} equals ${texts.slice(1).join(" times ")}` : formula,
        (text) => this.law.setAttribute("aria-label", text),
      );
    }
  }

  // Touches the page only where something has changed.
  /** @param {string} key @param {string | number} value @param {(value: any) => void} write */
  say(key, value, write) {
    if (this.shownText[key] === value) return;
    this.shownText[key] = value;
    write(value);
  }
}
