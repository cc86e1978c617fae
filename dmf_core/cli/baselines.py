"""`norm-or-rank` of a tensor: a run compared with memorizing, alternating least squares and the nuclear norms."""

from dataclasses import asdict
from typing import Any

from dmf_core.baselines.comparison.tensors import WITHIN, BaselineRow
from dmf_core.cli.words import title
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

RANKS = "entropy ranks of the unfoldings"
HEAD = f"{'':<42}{'all entries':>12}{'unseen':>11}{'observed':>11}  {'components':<12}{RANKS:<34}{'seconds':>8}"


def as_json(spec: RunSpec, run: Trajectory, rows: tuple[BaselineRow, ...]) -> dict[str, Any]:
    """One object: how the run ended, and every method by its key."""
    assert run.end is not None
    result = {"digest": spec.digest(), "outcome": run.end.outcome.value, "message": run.end.message}
    methods = {row.key: {name: value for name, value in asdict(row).items() if name not in ("key", "rounding")} for row in rows}
    return {**result, "methods": methods}


def as_table(spec: RunSpec, run: Trajectory, rows: tuple[BaselineRow, ...]) -> str:
    """What was run, a line for each method, how each ended, and what the columns are."""
    given = [f"{_capital(row.label)} is told that {row.extra_information}." for row in rows if row.extra_information]
    ended = [f"{_capital(row.label)}: {row.message}" for row in rows if row.message]
    lines = [title(run, spec), "", HEAD, *map(_line, rows), "", *ended, *given]
    lines += [
        "All entries: relative error; unseen and observed: mean squared errors. Components: the fewest that come within "
        f"{100 * WITHIN:g} % of the tensor; 8 to 9: 8 are needed and 9 were found; 8+: 8 are needed, none were found.",
        f"Run {spec.digest()[:8]}, seed {spec.seed}.",
    ]
    return "\n".join(lines)


def _line(row: BaselineRow) -> str:
    every, unseen, observed = (_error(row, name) for name in ("reconstruction_error", "unobserved_error", "observed_error"))
    ranks = ", ".join(f"{rank:.3g}" for rank in row.unfolding_ranks)
    took = f"{row.seconds:.2f}" if row.key != "truth" else ""
    return f"{row.label:<42}{every:>12}{unseen:>11}{observed:>11}  {_components(row):<12}{ranks:<34}{took:>8}".rstrip()


def _error(row: BaselineRow, name: str) -> str:
    error: float | None = getattr(row, name)
    return "-" if error is None else f"{error:.3g}" if error > row.rounding[name] else "0"


def _components(row: BaselineRow) -> str:
    least, most = row.components
    return f"{least}+" if most is None else f"{least}" if least == most else f"{least} to {most}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
