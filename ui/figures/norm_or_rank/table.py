"""Every measure of run, minimum nuclear norm and truth, as an HTML table."""

from html import escape

from dmf_core.baselines.comparison import Comparison, Row, Smaller
from ui.figures import words
from ui.figures.norm_or_rank.text import side, verdict

UNITS = {"mean square over the observations": "mean square", "mean square over the entries held out": "mean square"}
UNITS |= {"mean square over all entries": "mean square", "relative Frobenius norm over all entries": "relative"}
LABELS = {
    "schatten": "Schatten-2/N",
    "observed_error": "error, observed",
    "unobserved_error": "error, unseen",
    "mean_squared_error": "error, all entries",
    "reconstruction_error": "distance to the truth",
}


def table(comparison: Comparison) -> str:
    """The smaller value of each row is bold; the last two columns say it in words."""
    rows = "".join(_row(row) for row in comparison.rows if row.run is not None or row.baseline is not None)
    closer = any(row.closer is not None for row in comparison.rows)
    last = '<th scope="col" class="nr-wide nr-word">closer to the truth</th>' if closer else ""
    narrow = '<span class="nr-narrow nr-left">which is closer to the truth</span>' if closer else ""
    return (
        '<table class="nr-table"><caption class="nr-hidden">Measures of the run, of the matrix of minimum nuclear norm, '
        "and of the truth. The smaller of the first two is bold.</caption><thead><tr>"
        f'<th scope="col"><span class="nr-hidden">measure</span>{narrow}</th><th scope="col">run</th>'
        '<th scope="col">minimum<br>nuclear norm</th><th scope="col">truth</th>'
        f'<th scope="col" class="nr-wide nr-word">smaller</th>{last}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(row: Row) -> str:
    unit = UNITS.get(row.unit, row.unit)
    name = escape(LABELS.get(row.key, row.label)) + (f' <span class="nr-unit">{escape(unit)}</span>' if unit else "")
    if row.closer is not None:  # on a phone, in place of the last two columns
        name += f'<span class="nr-narrow">closer: {escape(side(row.closer))}</span>'
    cells = _cell(row, row.run, Smaller.RUN) + _cell(row, row.baseline, Smaller.BASELINE)
    truth = f'<td class="nr-truth">{_number(row.truth, row.rounding)}</td>'
    sentence = "".join(f'<td class="nr-wide nr-word">{escape(text)}</td>' for text in (verdict(row), side(row.closer)))
    return f'<tr><th scope="row">{name}</th>{cells}{truth}{sentence}</tr>'


def _cell(row: Row, value: float | None, whose: Smaller) -> str:
    number = _number(value, row.rounding)
    return f"<td><b>{number}</b></td>" if row.smaller is whose else f"<td>{number}</td>"


def _number(value: float | None, rounding: float) -> str:
    if value is None:
        return "–"
    return "0" if value <= rounding else words.number(value, 4 if value >= 1 else 3)
