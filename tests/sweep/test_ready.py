"""Ready maps are maps, and what their sentences say is so."""

import pytest

from dmf_core import limits
from dmf_core.simulate import run
from dmf_core.sweep.ready import READY


@pytest.mark.parametrize("name", READY)
def test_ready_map_is_a_sweep_without_a_refused_cell(name):
    planned = READY[name].field().plan()
    assert len(planned.runs) <= limits.SWEEP_RUNS
    assert [cell.refused for cell in planned.cells if cell.spec is None] == []


def test_noisy_observations_have_a_best_time_to_stop():
    question = READY["noise-by-time"].field()
    errors = [
        run(question.base.replaced({"problem.noise": 0.3, "stop.time": time})).snapshots[-1].measures["unobserved_error"]
        for time in (100.0, 500.0, 100_000.0)
    ]
    assert errors[1] < 0.5 * errors[0] and errors[1] < 0.5 * errors[2]
