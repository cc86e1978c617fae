"""A tensor run and its baselines as an HTML table."""

from collections.abc import Sequence
from html import escape

from dmf_core.baselines.comparison.tensors import WITHIN, BaselineRow
from ui.figures import words

HEADS = {  # and whether a narrow page has no room for it
    "error, observed": True,
    "error, unseen": False,
    "distance to the truth": True,
    "effective rank of each unfolding": True,
    "components": False,
    "seconds": True,
}


def baselines_table(rows: Sequence[BaselineRow]) -> str:
    """One row for each way, the run first; the smallest error on unseen entries, the truth aside, is bold."""
    unseen = [row.unobserved_error for row in rows if row.key != "truth" and row.unobserved_error is not None]
    best = min(unseen, default=None)
    head = "".join(f'<th scope="col"{_wide(wide)}>{escape(text)}</th>' for text, wide in HEADS.items())
    body = "".join(_row(row, best) for row in rows)
    return (
        '<table class="nr-table"><caption class="nr-hidden">The run and other ways to complete the same entries. The smallest '
        f'error on unseen entries is bold.</caption><thead><tr><th scope="col"><span class="nr-hidden">way</span></th>{head}'
        f'</tr></thead><tbody>{body}</tbody></table><p class="nr-proof">{_notes(rows)}</p>'
    )


def _row(row: BaselineRow, best: float | None) -> str:
    knowledge = f' <span class="nr-unit">told that {escape(row.extra_information)}</span>' if row.extra_information else ""
    least = row.unobserved_error is not None and row.unobserved_error == best and row.key != "truth"
    cells = [
        _error(row, "observed_error"),
        f"<b>{_error(row, 'unobserved_error')}</b>" if least else _error(row, "unobserved_error"),
        _error(row, "reconstruction_error"),
        ", ".join(words.number(rank, 2) for rank in row.unfolding_ranks),
        _components(row.components),
        "" if row.key == "truth" else words.number(row.seconds, 2),
    ]
    return (
        f'<tr><th scope="row">{escape(row.label)}{knowledge}</th>'
        + "".join(f"<td{_wide(wide)}>{cell}</td>" for cell, wide in zip(cells, HEADS.values(), strict=True))
        + "</tr>"
    )


def _wide(wide: bool) -> str:
    return ' class="nr-wide"' if wide else ""


def _components(bounds: tuple[int, int | None]) -> str:
    least, most = bounds
    if most is None:
        return f"at least {least}"
    return str(least) if least == most else f"{least} to {most}"


def _notes(rows: Sequence[BaselineRow]) -> str:
    ended = [
        f"{escape(words.capital(row.label))}: {escape(row.message)}" for row in rows if row.key in ("als", "unfolding_norms")
    ]
    counted = (
        f"Errors are mean squares; the distance is relative. Components: so many outer products are needed to come within "
        f"{100 * WITHIN:g}{words.THIN}%; the lower number is proved by the unfoldings, the upper one by a fit that was found."
    )
    return " ".join([counted, *ended])


def _error(row: BaselineRow, name: str) -> str:
    value: float | None = getattr(row, name)
    if value is None:
        return "–"
    return "0" if value <= row.rounding[name] else words.number(value, 3)
