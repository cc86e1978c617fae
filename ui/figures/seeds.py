"""Mean and range over the runs of several seeds, as an HTML table."""

from collections.abc import Sequence
from statistics import mean

from dmf_core.measures import MEASURES
from dmf_core.problems import PROBLEMS
from dmf_core.store import Row
from ui.figures.words import capital, number

SHOWN = ("observed_error", "unobserved_error", "reconstruction_error", "entropy_rank", "nuclear_norm")


def seeds_table(rows: Sequence[Row]) -> str:
    """One line for each measure that every run has. Runs that did not end as asked are counted apart."""
    done = [row for row in rows if row.outcome.done]
    listed = [str(row.spec["seed"]) for row in done]
    failed = len(rows) - len(done)
    note = f" {failed} of {len(rows)} runs did not end as asked and {'is' if failed == 1 else 'are'} left out." if failed else ""
    head = f"<h2>{len(done)} seeds</h2><p>Seeds {', '.join(listed)}. {_sampled(rows)}{note}</p>"
    lines = [line for key in SHOWN if (line := _line(key, done))]
    if not lines:
        return f"{head}<p>There is nothing to compare.</p>"
    columns = "".join(f'<th scope="col">{name}</th>' for name in ("mean", "smallest", "largest"))
    return (
        f'{head}<table class="nr-table"><caption class="nr-hidden">Mean and range over the seeds.</caption><thead><tr>'
        f'<th scope="col"><span class="nr-hidden">measure</span></th>{columns}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _sampled(rows: Sequence[Row]) -> str:
    """What a seed decides."""
    if not any(PROBLEMS[row.spec["problem"]["kind"]].needs_data for row in rows):
        return "What is sampled differs: the start, which entries are observed, and a truth that is not given."
    held_out = any(row.measures.get("unobserved_error") is not None for row in rows)
    return f"What is sampled differs: the start{', and which of your entries are held out for testing' if held_out else ''}."


def _line(key: str, rows: Sequence[Row]) -> str:
    values = [value for row in rows if (value := row.measures.get(key)) is not None]
    if not values or len(values) < len(rows):
        return ""
    cells = "".join(f"<td>{number(value, 3)}</td>" for value in (mean(values), min(values), max(values)))
    measure = MEASURES[key]
    unit = f' <span class="nr-unit">{measure.unit}</span>' if measure.unit else ""
    return f'<tr><th scope="row">{capital(measure.label)}{unit}</th>{cells}</tr>'
