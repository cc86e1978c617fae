"""`norm-or-rank`: a run compared with the minimum nuclear norm of the same observations; a tensor with its baselines."""

import argparse
import json
import math
from collections.abc import Callable
from typing import Any

from dmf_core.archive import data_of_run
from dmf_core.baselines.comparison import Comparison, Row, Smaller, baseline, baseline_spec, compare
from dmf_core.baselines.comparison.tensors import baseline_rows, check_observed_entries
from dmf_core.baselines.minimum_nuclear_norm import USUAL
from dmf_core.cli.baselines import as_json, as_table
from dmf_core.cli.follow import follow, watch
from dmf_core.cli.requested import data_of, spec_of
from dmf_core.cli.words import model, scale
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Progress, Snapshot, Trajectory

HEAD = f"{'measure':<24}{'run':>12}{'minimum nuclear norm':>22}{'truth':>12}  smaller"


def norm_or_rank(options: argparse.Namespace) -> int:
    """Runs, solves, prints. Returns the exit status."""
    given = data_of(options)
    inputs = Inputs(given.array, account=given.account.as_json(None)) if given else Inputs()
    spec = spec_of(options, inputs)
    if spec.problem.tensor:
        return _tensors(spec, inputs, given.words if given else "", options.json)
    run = _finished(follow(spec, inputs))
    least = _finished(watch(baseline(baseline_spec(spec), inputs), _closing_gap()))
    comparison = compare(run, least, spec.model.degree(run.start.shape))
    if options.json:
        print(json.dumps(_object(spec, run, least, comparison) | data_of_run(run, inputs), allow_nan=False))
    else:
        if given:
            print(given.words)
        print(_table(spec, run, least, comparison))
    assert run.end is not None and least.end is not None
    return 0 if run.end.outcome.done and least.end.outcome.done else 1


def _tensors(spec: RunSpec, inputs: Inputs, words: str, wants_json: bool) -> int:
    check_observed_entries(spec)
    run = _finished(follow(spec, inputs))
    assert run.end is not None
    rows = baseline_rows(spec, inputs, run)
    if wants_json:
        print(json.dumps(as_json(spec, run, rows) | data_of_run(run, inputs), allow_nan=False))
    else:
        print("\n".join([*([words] if words else []), as_table(spec, run, rows)]))
    return 0 if run.end.outcome.done else 1


def _finished(trajectory: Trajectory) -> Trajectory:
    """The trajectory of a part; a cancelled part ends the command, because half a comparison has no result."""
    if trajectory.end is None or trajectory.end.outcome is Outcome.CANCELLED:
        raise KeyboardInterrupt
    return trajectory


def _closing_gap() -> Callable[[Progress | Snapshot], tuple[float, str]]:
    """How far the gap has come on its way to the tolerance, on a logarithmic scale."""
    gaps = [1.0]

    def line_and_gap(now: Progress | Snapshot) -> tuple[float, str]:
        if isinstance(now, Snapshot):
            gaps.append(max(now.measures["gap"] or 0.0, USUAL.tolerance))
        return math.log(min(gaps)) / math.log(USUAL.tolerance), f"minimum nuclear norm, gap {min(gaps):.1e}"

    return line_and_gap


def _object(spec: RunSpec, run: Trajectory, least: Trajectory, comparison: Comparison) -> dict[str, Any]:
    assert run.end is not None and least.end is not None
    return {
        "digest": spec.digest(),
        "outcome": run.end.outcome.value,
        "message": run.end.message,
        "minimum_nuclear_norm": {
            "outcome": least.end.outcome.value,
            "message": least.end.message,
            "bound": comparison.bound,
            "gap": comparison.gap,
            "infeasibility": comparison.infeasibility,
            "iterations": least.end.accepted,
            "seconds": least.end.seconds,
        },
        "measures": {row.key: _verdict(row) for row in comparison.rows},
    }


def _verdict(row: Row) -> dict[str, float | str | None]:
    smaller, closer = (None if side is None else side.value for side in (row.smaller, row.closer))
    values = {"run": row.run, "baseline": row.baseline, "truth": row.truth}
    return {**values, "smaller": smaller, "factor": row.factor, "closer": closer}


def _table(spec: RunSpec, run: Trajectory, least: Trajectory, comparison: Comparison) -> str:
    assert run.end is not None and least.end is not None
    rows, columns = run.start.shape
    kind = spec.problem.kind.replace("_", " ").capitalize()
    lines = [
        f"{kind}, {rows} x {columns}, {model(spec)}, {spec.init.kind} start of scale {scale(spec)}.",
        run.end.message,
        least.end.message,
    ]
    if least.end.outcome.done:
        lines += ["", HEAD, *(_line(row) for row in comparison.rows if row.run is not None)]
    else:
        norm = least.snapshots[-1].measures["nuclear_norm"]
        lines += [f"The minimum nuclear norm was not reached; it lies between {comparison.bound:.5g} and {norm:.5g}."]
    return "\n".join([*lines, "", f"Run {spec.digest()[:8]}, seed {spec.seed}."])


def _line(row: Row) -> str:
    run, least, truth = (_number(value, row.rounding) for value in (row.run, row.baseline, row.truth))
    return f"{row.label:<24}{run:>12}{least:>22}{truth:>12}  {_words(row)}".rstrip()


def _number(value: float | None, rounding: float) -> str:
    return "-" if value is None else f"{value:.5g}" if value > rounding else "0"


def _words(row: Row) -> str:
    if row.smaller is None:
        return ""
    if row.smaller is Smaller.NEITHER:
        return "the same"
    return f"{row.smaller.value}, {_factor(row.factor)}" if row.factor is not None else str(row.smaller.value)


def _factor(factor: float) -> str:
    return f"by {100 - 100 / factor:.2g} %" if factor < 2 else f"{factor:.3g} times"
