// @ts-check
// The table "At the cursor": the same numbers of every run, the truth in the last column.

/** @import { Run, RunHead } from "../../js/types.d.ts" */

import { between, betweenLog, modeAt } from "../../js/data.js";
import { printed } from "../../js/numbers.js";
import { writeText } from "../../js/text.js";
import { atWords } from "./common_axis.js";

/** @param {string} text */
export const lowerFirst = (text) => text.charAt(0).toLowerCase() + text.slice(1);
/** @param {string} text */
const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A number of every run in a row of the table, by its name among those of the truth.
 * @typedef {object} Row
 * @property {string} name in the first column; "": the time
 * @property {string} key
 * @property {(run: Run, f: number) => number | null | undefined} read
 * @property {(v: number) => string} say
 */

/** @param {string} name @param {string} key @param {(v: number) => string} say @returns {Row} */
const recorded = (name, key, say) => ({ name, key, say, read: ({ series }, f) => series[key] && betweenLog(series[key], f) });

/** @type {Row[]} */
const CURSOR_ROWS = [
  recorded("Effective rank (entropy)", "entropy_rank", (v) => printed(v, 3, true)),
  recorded("Effective rank (ratio)", "ratio_rank", (v) => printed(v, 3, true)),
  { // the ratio rank is the nuclear norm over the largest singular value
    name: "Nuclear norm",
    key: "nuclear_norm",
    read: (run, f) => run.series.ratio_rank && betweenLog(run.series.ratio_rank, f) * modeAt(run, 0, f),
    say: (v) => printed(v, 3),
  },
  recorded("Error on observed entries", "observed_error", (v) => printed(v, 2)),
  recorded("Error on unseen entries", "unobserved_error", (v) => printed(v, 2)),
  recorded("Error on all entries", "mean_squared_error", (v) => printed(v, 2)),
  { name: "", key: "time", read: (run, f) => between(run.t, f), say: (v) => printed(v) },
];

/** @param {"td" | "th"} tag @param {string} text @param {string} [scope] */
function cell(tag, text, scope) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (scope) element.scope = scope;
  return element;
}

/** @param {HTMLElement[]} cells */
function line(cells) {
  const row = document.createElement("tr");
  row.append(...cells);
  return row;
}

export class AtCursor {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.table = table;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Run[]} */
    this.runs = [];
    /** @type {HTMLTableCellElement[][]} of every row the cells of the runs */
    this.cells = [];
  }

  // `truths`: of every run the numbers of its truth, or null; `measured`: the observations are no entries.
  /** @param {Run[]} runs @param {RunHead[]} heads @param {boolean} measured */
  layout(runs, heads, measured) {
    this.runs = runs;
    const withFrames = runs.filter((run) => run.frames > 0);
    const truths = heads.map((head) => head.truth);
    const known = truths.filter((truth, i) => truth || runs[i].frames);
    const same = known.length > 0 && known.every((truth) => truth && JSON.stringify(truth) === JSON.stringify(known[0]));
    const clock = `${upperFirst(atWords("time", runs))} to get here`;
    const unseen = withFrames.some((run) => run.series.unobserved_error);
    this.rows = CURSOR_ROWS.filter(({ key }) =>
      !(key === "nuclear_norm" && withFrames.some((run) => run.spectra.length)) && !(key === "unobserved_error" && !unseen) &&
      !(key === "mean_squared_error" && (unseen || !withFrames.some((run) => run.series.mean_squared_error)))
    );
    const top = line([
      cell("th", "At the cursor", "col"),
      ...heads.map((head) => cell("th", head.name, "col")),
      ...(same ? [cell("th", "truth", "col")] : []),
    ]);
    this.cells = this.rows.map(() => runs.map(() => cell("td", "")));
    /** @param {string} name */
    const words = (name) => (measured && name.includes("observed") ? "Error on measurements" : name || clock);
    const body = this.rows.map(({ name, key, say }, i) => {
      const row = line([
        cell("th", words(name), "row"),
        ...this.cells[i],
        ...(same ? [cell("td", known[0][key] === undefined || known[0][key] === null ? "" : say(known[0][key]))] : []),
      ]);
      if (same) row.cells[row.cells.length - 1].className = "dmf-true";
      if (!same) {
        this.cells[i].forEach((each, j) => {
          const value = truths[j] && truths[j][key];
          if (value) each.title = each.dataset.truth = `truth ${say(value)}`;
        });
      }
      return row;
    });
    this.table.replaceChildren(top, ...body);
  }

  // `frames`: of every run the frame at the cursor; `ended`: whether the run ended before it.
  /** @param {number[]} frames @param {boolean[]} ended */
  draw(frames, ended) {
    this.rows.forEach(({ read, key, say }, i) =>
      this.runs.forEach((run, j) => {
        const cell = this.cells[i][j];
        const value = run.frames ? read(run, frames[j]) : null;
        let text = value === null || value === undefined ? "" : say(value);
        if (text && ended[j] && key === "time") text += run.growing ? " (so far)" : " (its end)";
        writeText(cell, text);
        cell.classList.toggle("dmf-past", ended[j]);
      })
    );
  }
}
