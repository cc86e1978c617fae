"""Moments that a second thread measures are those that one thread measures."""

import numpy as np
import pytest

from dmf_core.recording import ahead, sampling
from dmf_core.simulate import run, simulate
from dmf_core.spec import RunSpec

SMALL = RunSpec().replaced(
    {"problem.rows": 12, "problem.columns": 12, "problem.rank": 2, "problem.observations": 90, "init.scale": 1e-2}
)
SPECS = {
    "few moments": SMALL,
    "more moments than are kept": SMALL.replaced({"save.snapshots": 30}),  # some are dropped after they were submitted
}


@pytest.fixture
def two_threads(monkeypatch):
    monkeypatch.setattr(sampling, "useful", lambda prepared: True)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_run_with_a_second_thread_has_the_same_bits(spec, monkeypatch):
    monkeypatch.setattr(sampling, "useful", lambda prepared: False)
    one = run(spec)
    submitted = []
    submit = ahead.Ahead.submit
    monkeypatch.setattr(ahead.Ahead, "submit", lambda self, samples: (submitted.extend(samples), submit(self, samples)))
    monkeypatch.setattr(sampling, "useful", lambda prepared: True)
    two = run(spec)
    assert len(submitted) >= 16 and [each.index for each in two.snapshots] == [each.index for each in one.snapshots]
    assert np.array_equal(two.singular_values, one.singular_values) and np.array_equal(two.pictures, one.pictures)
    assert [(each.t, each.loss, each.measures) for each in two.snapshots] == [
        (each.t, each.loss, each.measures) for each in one.snapshots
    ]


def test_run_that_nobody_follows_to_its_end_leaves_nothing_to_measure(two_threads, monkeypatch):
    monkeypatch.setattr(sampling, "BUNDLE_SECONDS", 0.0)  # something is handed out after every step
    made = []
    monkeypatch.setattr(sampling, "Ahead", lambda recorder: made.append(ahead.Ahead(recorder)) or made[-1])
    events = simulate(SMALL.replaced({"stop.loss": 1e-12}))
    for _, event in zip(range(40), events, strict=False):
        assert event is not None
    (own,) = made
    own.submit([sampling.Sample(1000, 0.0, None, 0, 0.0)])
    events.close()
    assert not own._pending


def test_error_while_measuring_ends_the_run(two_threads, monkeypatch):
    def broken(self, ways):
        raise RuntimeError("no memory")

    monkeypatch.setattr(sampling.Recorder, "record", broken)
    with pytest.raises(RuntimeError, match="no memory"):
        run(SMALL)
