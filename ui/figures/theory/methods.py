"""Integrators on the same problem: what each reached, and which statements cover it."""

from collections.abc import Mapping
from html import escape

from dmf_core.integrators import INTEGRATORS
from dmf_core.registry import title_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.births import at, grown
from ui.figures.theory.badge import badge, method, percent
from ui.figures.theory.page import mark
from ui.figures.theory.readings import Readings

SHORT = {
    "theorem_3": "Theorem 3",
    "equation": "equation",
    "vectors": "vectors",
    "balance": "constant",
    "births": "births",
    "portrait": "two modes",
}
NOTE = (
    "Under “constant” stands what was lost at worst. Two modes against each other also takes pulls in a constant ratio, which "
    "is a matter of the problem."
)
Runs = Mapping[str, tuple[RunSpec, Trajectory]]  # by kind of integrator


def did(runs: Runs) -> str:
    """Final errors, rank, births and cost of each."""
    heads = (
        "error, seen",
        "error, unseen",
        "effective rank (entropy)",
        "modes",
        "first born",
        "last born",
        "gradients",
        "seconds",
        "ended",
    )
    rows = "".join(f'<tr><th scope="row">{_title(kind)}</th>{_did(run)}</tr>' for kind, (_, run) in runs.items())
    return f"{_table('method', heads, rows)}<p>{best(runs)}</p>"


def best(runs: Runs) -> str:
    """Which run was cheapest and which closest, among those that ended as their spec asks; empty for fewer than two."""
    done = {kind: run for kind, (_, run) in runs.items() if run.end is not None and run.end.outcome.done}
    if len(done) < 2:
        return ""
    gradients = {kind: run.end.gradients for kind, run in done.items() if run.end is not None}
    cheap = min(gradients, key=lambda kind: gradients[kind])
    sentence = f"{_title(cheap)} took the fewest gradients ({words.whole(gradients[cheap])})"
    unseen = {kind: run.snapshots[-1].measures.get("unobserved_error") for kind, run in done.items()}
    known = {kind: error for kind, error in unseen.items() if error is not None}
    if len(known) < len(done):
        return f"{sentence}."
    close = min(known, key=lambda kind: known[kind])
    return f"{sentence}; {_title(close)} ended with the smallest error on unseen entries ({words.number(known[close])})."


def says(runs: Runs) -> str:
    """For each statement whether it covers each method here, and by how much it is off; then why not."""
    read = {kind: Readings(run, spec) if _comparable(run) else None for kind, (spec, run) in runs.items()}
    rows = "".join(
        f'<tr><th scope="row">{_title(kind)}</th>{_nothing(runs[kind][1]) if readings is None else _says(readings)}</tr>'
        for kind, readings in read.items()
    )
    why = "".join(f"<p>{mark(each)} {escape(each.text)}</p>" for each in (method(*pair) for pair in read.items()))
    return f"{_table('off by, in the median', tuple(SHORT.values()), rows)}{why}<p>{NOTE}</p>"


def _title(kind: str) -> str:
    return title_of(INTEGRATORS[kind])


def _did(run: Trajectory) -> str:
    last, end, t = run.snapshots[-1], run.end, run.column("t")
    modes = grown(run)
    born = [at(t, g.born) for g in modes if g.born is not None]
    cells = [
        _number(last.measures.get("observed_error")),
        _number(last.measures.get("unobserved_error")),
        _number(last.measures.get("entropy_rank")),
        str(len(modes)),
        _number(min(born)) if born else "",
        _number(max(born)) if born else "",
        "" if end is None else words.whole(end.gradients),
        "" if end is None else words.number(end.seconds, 2),
        "" if end is None else end.outcome.value.replace("_", " "),
    ]
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _says(readings: Readings) -> str:
    return "".join(f"<td>{_cell(statement, readings) if statement in readings.statements else ''}</td>" for statement in SHORT)


def _cell(statement: str, readings: Readings) -> str:
    off = readings.off.get(statement)
    share = "" if off is None else percent(off.worst if statement == "balance" else off.median)
    return f"{mark(badge(statement, readings))} {share}"


def _nothing(run: Trajectory) -> str:
    why = run.insight.missing if run.insight is not None else "There are no numbers for this run."
    return f'<td colspan="{len(SHORT)}" class="th-none">{escape(why)}</td>'


def _comparable(run: Trajectory) -> bool:
    return run.insight is not None and not run.insight.missing


def _number(value: float | None) -> str:
    return "" if value is None else words.number(value)


def _table(corner: str, heads: tuple[str, ...], rows: str) -> str:
    columns = "".join(f'<th scope="col">{head}</th>' for head in (corner, *heads))
    caption = f'<caption class="nr-hidden">Methods: {", ".join(heads)}</caption>'
    table = f'<table class="nr-table">{caption}<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="th-methods" tabindex="0" role="region" aria-label="Methods">{table}</div>'
