// @ts-check
// The words of a comparison: title, summary, notice, captions, and what is said aloud at rest.

/** @import { Comparison } from "./comparison.js" */

import { between, betweenLog } from "../../js/data.js";
import { printed } from "../../js/numbers.js";
import { writeSentences } from "../../js/sentences.js";
import { lowerFirst } from "./at_cursor.js";
import { atWords } from "./common_axis.js";

/** @type {Record<string, string>} */
const NOTICE_MARKS = { error: "✕", stale: "△" };

// Words that come from Python.
/** @param {Comparison} comparison */
export function writeWords(comparison) {
  const { head } = comparison;
  comparison.$(".dmf-title").textContent = comparison.$(".dmf-title").title = head.title; // a long one is cut
  writeSentences(comparison.$(".dmf-summary"), head.summary);
  comparison.$(".dmf-foot").textContent = head.provenance;
  const tensor = comparison.runs.some((run) => run.picture && run.picture.sides);
  comparison.$(".dmf-picture span").textContent = tensor ? "First slice" : "Matrix";
  const shownRun = comparison.runs.find((run) => run.frames) || comparison.runs[0];
  const axis = `${shownRun && shownRun.word !== "mode" ? lowerFirst(shownRun.head) : "singular values"}, by ${
    atWords(comparison.at, comparison.runs)
  }`;
  comparison.columns.forEach((column, i) =>
    column.tell(head.runs[i], i === 0 ? axis : "", comparison.runs[i], comparison.overlaid ? i : null)
  );
  for (const column of comparison.columns) column.fitNote();
  comparison.overlay.canvas.setAttribute("aria-label", `All runs in one picture: ${axis}. ${head.summary.join(" ")}`);
  comparison.root.setAttribute("aria-label", `Comparison, to be played: ${head.title}`);
  const { notice } = head, box = comparison.$(".dmf-notice");
  comparison.root.dataset.notice = notice.kind;
  box.hidden = notice.kind === "none";
  comparison.$(".dmf-summary").hidden = !box.hidden;
  box.querySelector("b").textContent = notice.lead;
  box.querySelector(".dmf-more").textContent = notice.text;
  box.querySelector(".dmf-mark").textContent = NOTICE_MARKS[notice.kind] || "";
  box.querySelector(".dmf-buttons").replaceChildren(...notice.buttons.map((/** @type {string[]} */ [action, words]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.action = action;
    button.textContent = words;
    return button;
  }));
}

// For screen readers: the moment, and the effective rank of each run.
/** @param {Comparison} comparison */
export function speakMoment(comparison) {
  if (!comparison.run.frames || comparison.clock.playing) return;
  const now = comparison.axes.cursor.kind.say(between(comparison.axes.cursor.column, comparison.clock.f));
  const each = comparison.runs.map((
    run,
    i,
  ) => (run.series.entropy_rank
    ? `${comparison.head.runs[i].name}: effective rank ${
      printed(betweenLog(run.series.entropy_rank, comparison.columns[i].f), 3)
    }`
    : "")
  );
  comparison.$(".dmf-spoken").textContent = [now, ...each.filter(Boolean)].join(". ") + ".";
}

// What tests and style sheets read, and the slider of the track says.
/** @param {Comparison} comparison */
export function stampState(comparison) {
  const { root, run, clock } = comparison;
  const state = !run.frames ? "empty" : run.growing ? "growing" : clock.playing ? "playing" : "paused";
  const values = {
    runs: comparison.runs.map((each) => each.run).join(),
    at: comparison.at,
    frame: Math.floor(clock.f + 1e-6),
    frames: run.frames,
    state,
    playing: clock.playing ? 1 : 0,
  };
  for (const [key, value] of Object.entries(values)) if (root.dataset[key] !== String(value)) root.dataset[key] = String(value);
  const track = comparison.$(".dmf-track");
  track.setAttribute("aria-valuenow", values.frame);
  track.setAttribute("aria-valuemax", Math.max(run.frames - 1, 0));
  if (run.frames) {
    track.setAttribute("aria-valuetext", comparison.axes.cursor.kind.say(between(comparison.axes.cursor.column, clock.f)));
  }
  if (comparison.wasPlaying !== clock.playing) {
    comparison.wasPlaying = clock.playing;
    comparison.$(".dmf-play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
  }
}
