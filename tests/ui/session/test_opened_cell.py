"""A run that was opened from a map says whether it ends as its cell does."""

from dataclasses import replace

from dmf_core.simulate import run
from dmf_core.store import row_of
from dmf_core.trajectory import Outcome
from tests.sweep.fields import SQUARE
from ui.session.opened_cell import compared


def test_end_is_compared_with_the_cell():
    trajectory = run(SQUARE)
    row = row_of(trajectory, SQUARE)
    error = row.measures["reconstruction_error"]
    assert compared(row, trajectory) == "It ends as its cell on the map says, within 1 %."
    near = replace(row, measures=row.measures | {"reconstruction_error": error * 1.005})
    assert compared(near, trajectory) == "It ends as its cell on the map says, within 1 %."
    far = replace(row, measures=row.measures | {"reconstruction_error": error * 1.1})
    assert f"reconstruction error {error:.4g} here, {error * 1.1:.4g} there" in compared(far, trajectory)
    other = replace(row, outcome=Outcome.DIVERGED, message="It diverged.")
    assert compared(other, trajectory) == "On the map this run ended otherwise: diverged. It diverged."
