// @ts-check
// The table "At the cursor": the same numbers of every run, the truth in the last column.

import { between, betweenLog, modeAt } from "../../js/data.js";
import { printed } from "../../js/numbers.js";
import { atWords } from "./common_axis.js";

export const lowerFirst = (text) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const largestOf = (run, f) => modeAt(run, 0, f);
const CURSOR_ROWS = [
  [
    "Effective rank (entropy)",
    (run, f) => run.series.entropy_rank && betweenLog(run.series.entropy_rank, f),
    "entropy_rank",
    (v) => printed(v, 3, true),
  ],
  [
    "Effective rank (ratio)",
    (run, f) => run.series.ratio_rank && betweenLog(run.series.ratio_rank, f),
    "ratio_rank",
    (v) => printed(v, 3, true),
  ],
  // the ratio rank is the nuclear norm over the largest singular value
  [
    "Nuclear norm",
    (run, f) => run.series.ratio_rank && betweenLog(run.series.ratio_rank, f) * largestOf(run, f),
    "nuclear_norm",
    (v) => printed(v, 3),
  ],
  [
    "Error on observed entries",
    (run, f) => run.series.observed_error && betweenLog(run.series.observed_error, f),
    "observed_error",
    (v) => printed(v, 2),
  ],
  [
    "Error on unseen entries",
    (run, f) => run.series.unobserved_error && betweenLog(run.series.unobserved_error, f),
    "unobserved_error",
    (v) => printed(v, 2),
  ],
  [
    "Error on all entries",
    (run, f) => run.series.mean_squared_error && betweenLog(run.series.mean_squared_error, f),
    "mean_squared_error",
    (v) => printed(v, 2),
  ],
  ["", (run, f) => between(run.t, f), "time", (v) => printed(v)],
];

export class AtCursor {
  constructor(table) {
    this.table = table;
  }

  // `truths`: of every run the numbers of its truth, or null; `measured`: the observations are no entries.
  layout(runs, heads, measured) {
    this.runs = runs;
    const drawn = runs.filter((run) => run.frames > 0);
    const truths = heads.map((head) => head.truth);
    const known = truths.filter((truth, i) => truth || runs[i].frames);
    const same = known.length > 0 && known.every((truth) => truth && JSON.stringify(truth) === JSON.stringify(known[0]));
    const clock = `${upperFirst(atWords("time", runs))} to get here`;
    const unseen = drawn.some((run) => run.series.unobserved_error);
    this.rows = CURSOR_ROWS.filter(([, , key]) =>
      !(key === "nuclear_norm" && drawn.some((run) => run.spectra.length)) && !(key === "unobserved_error" && !unseen) &&
      !(key === "mean_squared_error" && (unseen || !drawn.some((run) => run.series.mean_squared_error)))
    );
    const cell = (tag, text, scope) => {
      const element = document.createElement(tag);
      element.textContent = text;
      if (scope) element.scope = scope;
      return element;
    };
    const line = (cells) => {
      const row = document.createElement("tr");
      row.append(...cells);
      return row;
    };
    const top = line([
      cell("th", "At the cursor", "col"),
      ...heads.map((head) => cell("th", head.name, "col")),
      ...(same ? [cell("th", "truth", "col")] : []),
    ]);
    this.cells = this.rows.map(() => runs.map(() => cell("td", "")));
    const words = (name) => (measured && name.includes("observed") ? "Error on measurements" : name || clock);
    const body = this.rows.map(([name, , key, say], i) => {
      const row = line([
        cell("th", words(name), "row"),
        ...this.cells[i],
        ...(same ? [cell("td", known[0][key] === undefined || known[0][key] === null ? "" : say(known[0][key]))] : []),
      ]);
      if (same) row.lastChild.className = "dmf-true";
      if (!same) {
        this.cells[i].forEach((each, j) => {
          const value = truths[j] && truths[j][key];
          if (value) each.title = each.dataset.truth = `truth ${say(value)}`;
        });
      }
      return row;
    });
    this.table.replaceChildren(top, ...body);
    this.said = "";
  }

  // `frames`: of every run the frame at the cursor; `ended`: whether the run ended before it.
  draw(frames, ended) {
    this.rows.forEach(([, read, key, say], i) =>
      this.runs.forEach((run, j) => {
        const cell = this.cells[i][j];
        const value = run.frames ? read(run, frames[j]) : null;
        let text = value === null || value === undefined ? "" : say(value);
        if (text && ended[j] && key === "time") text += run.growing ? " (so far)" : " (its end)";
        if (cell.textContent !== text) cell.textContent = text;
        cell.classList.toggle("dmf-past", ended[j]);
      })
    );
  }
}
