"""Births predicted and measured, as a table."""

from collections.abc import Sequence

from ui.figures import words
from ui.figures.theory.readings import Birth
from ui.words import MINUS


def births(events: Sequence[Birth]) -> str:
    """A row for every learned mode; what was not predicted, or not measured, is marked."""
    if not events:
        return '<p class="th-none">No mode was learned in this run.</p>'
    return (
        '<table class="nr-table"><thead><tr><th scope="col">mode</th><th scope="col">predicted t</th>'
        '<th scope="col">measured t</th><th scope="col">off by</th></tr></thead>'
        f"<tbody>{''.join(map(_row, events))}</tbody></table>"
    )


def _row(birth: Birth) -> str:
    predicted = "not predicted" if birth.predicted is None else words.number(birth.predicted)
    measured = "from the start" if birth.measured is None else words.number(birth.measured)
    off = ""
    if birth.predicted is not None and birth.measured:
        share = 100 * (birth.predicted / birth.measured - 1)
        off = f"{'+' if share >= 0 else MINUS}{words.number(abs(share), 2)}{words.THIN}%"
    return f'<tr><th scope="row">mode {birth.mode}</th><td>{predicted}</td><td>{measured}</td><td>{off}</td></tr>'
