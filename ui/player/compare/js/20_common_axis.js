// One axis for several runs: what is equal in all columns at the cursor.

const EQUAL = {
  error: AXES.error,
  time: AXES.time,
  progress: { name: "relative progress", column: shareOfRun, say: (v) => `${printed(100 * v, 3)}${THIN}% of each run`, tick: (v) => `${printed(100 * v, 3)}${THIN}%` },
  iterations: AXES.iterations,
};

// What is equal in all columns, in words; t is not the same for every method.
function atWords(key, runs) {
  if (key !== "time") return EQUAL[key].name;
  const clocks = [...new Set(runs.map(clockOf))];
  return clocks.length === 1 ? clocks[0] : "time t";
}

// The share of each run's own length in t.
function shareOfRun(run) {
  const last = run.t[run.t.length - 1];
  return last > 0 ? run.t.map((t) => t / last) : run.t;
}

// The axes of the runs on one common range, and the axis of the cursor, which stops where any run has a snapshot.
// `before`: the same of the same runs when they were shorter; then nothing may jump.
function commonAxes(name, runs, before) {
  const kind = EQUAL[name];
  const drawn = runs.filter((run) => run.frames > 0);
  if (!drawn.length) {
    const axis = { name, kind, column: new Float64Array([0]), low: 0, high: 1, last: 0, empty: true };
    return { each: runs.map(() => axis), cursor: axis };
  }
  const columns = runs.map((run) => (run.frames ? kind.column(run) : null));
  const low = Math.min(...columns.filter(Boolean).map((column) => column[0]));
  const last = Math.max(...columns.filter(Boolean).map((column) => column[column.length - 1]));
  const open = runs.some((run) => run.growing) && name !== "progress";
  let high = last;
  if (open && before && !before.cursor.empty && before.cursor.high > last) high = before.cursor.high;
  else if (open) high = kind.log ? Math.ceil(last + 0.5) : low + roomBeyond(last - low);
  if (!(high > low)) high = low + 1;
  const each = columns.map((column) => ({ name, kind, column: column || new Float64Array([low]), low, high, last: column ? column[column.length - 1] : low, empty: !column }));
  return { each, cursor: { name, kind, column: unionOf(columns.filter(Boolean)), low, high, last } };
}

function unionOf(columns) {
  const all = columns.flatMap((column) => [...column]).sort((a, b) => a - b);
  return Float64Array.from(all.filter((v, i) => i === 0 || v > all[i - 1]));
}
