"""Spectra that a second thread computes are those that the thread of the steps computes."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from dmf_core.prepare import prepare
from dmf_core.recording import sampling, second_thread
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.snapshots import Costly, Points, Recorder
from dmf_core.simulate import run, simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Progress, Snapshot, Start, Trajectory

SMALL = RunSpec().replaced(
    {"problem.rows": 13, "problem.columns": 12, "problem.rank": 2, "problem.observations": 90, "init.scale": 1e-2}
)
SPECS = {
    "few moments": SMALL,
    "more moments than are kept": SMALL.replaced({"save.snapshots": 30}),  # some are dropped after they were handed over
    "float64": SMALL.replaced({"dtype": "float64", "model.depth": 2}),
}


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[second_thread.Batch]]:
    """Every run uses the second thread; the batches that it was given."""
    batches: list[second_thread.Batch] = []
    first = second_thread.Batch.__init__

    def begun(self: second_thread.Batch, *arguments: object) -> None:
        first(self, *arguments)  # type: ignore[arg-type]
        batches.append(self)

    monkeypatch.setattr(second_thread.Batch, "__init__", begun)
    monkeypatch.setattr(sampling, "useful", lambda prepared: True)
    return batches


def by_one_thread(spec: RunSpec) -> Trajectory:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "useful", lambda prepared: False)
        return run(spec)


def assert_same(a: Trajectory, b: Trajectory) -> None:
    assert [each.index for each in a.snapshots] == [each.index for each in b.snapshots]
    for one, other in zip(a.snapshots, b.snapshots, strict=True):
        np.testing.assert_equal((one.t, one.loss, one.measures), (other.t, other.loss, other.measures))
        np.testing.assert_array_equal(one.singular_values, other.singular_values)
        np.testing.assert_array_equal(one.picture, other.picture)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_run_with_a_second_thread_has_the_same_bits(spec: RunSpec, handed: list[second_thread.Batch]) -> None:
    assert_same(run(spec), by_one_thread(spec))
    assert len(handed) >= 3


def test_bits_do_not_depend_on_when_bundles_are_handed_out(
    handed: list[second_thread.Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = by_one_thread(SMALL)
    monkeypatch.setattr(sampling, "BUNDLE_SECONDS", 1e-3)  # some moments are handed out before there are enough for a batch
    assert_same(run(SMALL), expected)


def test_run_whose_second_thread_gets_no_core_computes_the_spectra_itself(
    handed: list[second_thread.Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, here, go_on, begun = by_one_thread(SMALL), threading.current_thread(), threading.Event(), threading.Event()
    costly = Recorder.costly

    def slow(self: Recorder, moments: Points) -> Costly:
        if threading.current_thread() is not here:
            begun.set()
            go_on.wait()
        return costly(self, moments)

    share = second_thread.Ahead.share
    monkeypatch.setattr(Recorder, "costly", slow)
    monkeypatch.setattr(second_thread.Ahead, "share", lambda self: begun.wait(60) and share(self))
    try:
        assert_same(run(SMALL), expected)  # one batch was begun and is given up, the others are cancelled
    finally:
        go_on.set()
    assert begun.is_set()


def test_run_that_nobody_follows_to_its_end_leaves_nothing_to_compute(
    handed: list[second_thread.Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, costly, bundle = threading.Event(), threading.Event(), Recorder.costly, sampling.Sampler.bundle

    def slow(self: Recorder, moments: Points) -> Costly:
        begun.set()
        go_on.wait()
        return costly(self, moments)

    def third(self: sampling.Sampler, plateau: Plateau) -> Iterator[Snapshot | Progress]:
        return bundle(self, plateau) if len(handed) < 3 else iter([Progress(0.0, 0, 0, 0.0, 0.0)])

    monkeypatch.setattr(Recorder, "costly", slow)
    monkeypatch.setattr(sampling.Sampler, "bundle", third)
    try:
        events = simulate(SMALL)
        assert [type(next(events)) for _ in range(2)] == [Start, Progress]
        assert begun.wait(60)
        events.close()
    finally:
        go_on.set()
    assert [each._spectra.cancelled() for each in handed] == [False, True, True]


def test_error_while_measuring_ends_the_run(handed: list[second_thread.Batch], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Recorder, moments: Points) -> Costly:
        raise RuntimeError("no memory")

    monkeypatch.setattr(Recorder, "costly", broken)
    with pytest.raises(RuntimeError, match="no memory"):
        run(SMALL)


def test_second_thread_is_used_where_one_thread_computes_products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_thread, "_cores", lambda: 2)
    large = prepare(SMALL.replaced({"problem.rows": 70, "problem.columns": 64, "problem.observations": 900}))
    assert second_thread.useful(large)
    assert not second_thread.useful(prepare(SMALL))
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    assert not second_thread.useful(large)
