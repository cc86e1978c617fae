// @ts-check
// The run in words: for the page, for the screen reader, for whoever cannot see the pictures.

/** @import { Line, Run } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

import { axisSays } from "./axes.js";
import { MODES_COLOURED } from "./constants.js";
import { betweenLog, modeAt, titleAt } from "./data.js";
import { eventWords } from "./events.js";
import { printed } from "./numbers.js";
import { depthWords } from "./preconditioner.js";
import { writeSentences } from "./sentences.js";
import { writeText } from "./text.js";

// The title, the count, the live sentence and the three numbers follow the cursor; each is written only when it changes.
/** @param {Player} player */
export function nowWords(player) {
  const { run, clock, hidden } = player;
  let live = run.live[0];
  for (const each of run.live) if (each[0] <= clock.f + 1e-9) live = each;
  const parts = hidden || !live[2] ? [live[1]] : [live[1], live[2]];
  const frame = Math.floor(clock.f + 1e-6);
  return {
    ".dmf-title": titleAt(run, clock.f),
    ".dmf-judged": hidden ? "" : verdictAt(run, frame),
    ".dmf-live": `${parts.join(", ")}.`,
    ".dmf-count": run.frames ? `${printed(frame + 1, 9)} of ${printed(run.frames, 9)}` : "",
  };
}

// The verdict is about the end of the run, and says so while the cursor is elsewhere.
/** @param {Run} run @param {number} frame */
function verdictAt(run, frame) {
  const [mark, atEnd, before] = run.verdict;
  return `${mark} ${frame >= run.frames - 1 ? atEnd : before}`.trim();
}

// The strips of the projector: name and number.
/** @param {Player} player @returns {Line[]} */
function threeNumbers({ run, clock }) {
  const s = run.series, truth = run.true_levels.entropy_rank;
  /** @type {[string, Float32Array][]} */
  const rows = [
    ["Error, observed", s.observed_error],
    s.unobserved_error ? ["Error, unseen", s.unobserved_error] : ["Error, all entries", s.mean_squared_error],
    [`Effective rank${truth ? ` (truth ${printed(truth, 2, true)})` : ""}`, s.entropy_rank],
  ];
  const known = rows.filter(([, column]) => column && run.frames);
  return known.map(([name, column], i) => [name, printed(betweenLog(column, clock.f), 2, i === 2)]);
}

/** @param {Player} player */
export function writeNumbers(player) {
  const rows = threeNumbers(player), list = player.$(".dmf-numbers");
  if (list.childElementCount !== 2 * rows.length) {
    list.replaceChildren(...rows.flatMap(() => [document.createElement("dt"), document.createElement("dd")]));
  }
  rows.flat().forEach((text, i) => {
    writeText(list.children[i], text);
  });
}

// Words that change with the run only.
/** @param {Player} player */
export function describe(player) {
  const { run, root } = player;
  writeSentences(player.$(".dmf-summary"), run.summary, run.glossary);
  player.$(".dmf-judged").dataset.mark = run.verdict[0];
  player.$(".dmf-runline").textContent = run.run_line;
  player.$(".dmf-foot").textContent = run.provenance;
  const track = player.$(".dmf-track");
  track.setAttribute("aria-valuemin", 0);
  track.setAttribute("aria-valuemax", Math.max(run.frames - 1, 0));
  root.setAttribute("aria-label", `Run, to be played: ${run.run_line}`);
}

// How the data of the visitor were read, beside the digest.
/** @param {Player} player */
export function describeData({ $, data }) {
  const place = $(".dmf-data");
  place.hidden = !data;
  place.textContent = data ? `Data: ${data.sentence}` : "";
}

// Alt texts: what each picture shows at the cursor. Written when the cursor rests, not sixty times a second.
/** @param {Player} player */
export function describePictures(player) {
  const { run, clock, hidden, shown, axis } = player;
  /** @param {string} selector @param {string} text */
  const about = (selector, text) => player.$(selector).setAttribute("aria-label", text);
  const story = hidden || !run.summary.length
    ? nowWords(player)[".dmf-live"]
    : `${run.verdict[1] ? `${run.verdict[1]}. ` : ""}${run.summary.join(" ")}`;
  about(
    ".dmf-curves canvas",
    `${run.head} over time. ${story}${player.theory && player.words ? ` Theory: ${player.words.sentence()}` : ""}`,
  );
  const picture = run.picture, noun = picture && picture.sides ? "tensor" : "matrix";
  about(
    ".dmf-matrix canvas",
    shown === "K"
      ? depthWords(player)
      : `${shown === "W" ? `The ${noun} W` : `The ${noun}: ${shown}`}${run.frames ? ` at ${axisSays(axis, clock.f)}` : ""}. ${
        picture ? picture.captions[shown] : ""
      }`,
  );
  if (!run.frames) {
    about(".dmf-spectrum canvas", `${run.head}; no run yet.`);
    about(".dmf-strips canvas", "Errors and effective rank over time; no run yet.");
    return;
  }
  const most = Math.min(Math.max(run.learned, 1), MODES_COLOURED);
  const values = Array.from({ length: most }, (_, k) => {
    const truth = run.true_values && run.true_values[k];
    return `${run.word} ${k + 1} ${printed(modeAt(run, k, clock.f))}${truth ? ` (true ${printed(truth)})` : ""}`;
  });
  about(".dmf-spectrum canvas", `${run.head} at ${axisSays(axis, clock.f)}: ${values.join(", ")}.`);
  const strips = player.strips.strips.map((strip) => {
    const lines = strip.lines.map(({ name, column }) => `${name ? `${name} ` : ""}${printed(strip.value(column, clock.f), 2)}`);
    return `${strip.about.name}: ${lines.join(", ")}`;
  });
  about(".dmf-strips canvas", `Over time; now ${strips.join("; ")}.`);
}

/** @param {Player} player */
export function speak(player) {
  const { run, axis, clock } = player;
  if (!run || !run.frames || clock.playing) return;
  const error = run.series.observed_error;
  const text = `${eventWords(player)}${axisSays(axis, clock.f)}. ${titleAt(run, clock.f)}.${
    error ? ` Observed error ${printed(betweenLog(error, clock.f), 2)}.` : ""
  }`;
  player.$(".dmf-spoken").textContent = text;
  describePictures(player);
}
