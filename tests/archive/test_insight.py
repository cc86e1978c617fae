"""The theory of a run goes into its archive and comes back; archives without it stay what they were."""

import dataclasses

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.analysis.replay import explained, nothing
from dmf_core.archive.members import CHECK, INSIGHT
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory


@pytest.fixture(scope="module")
def explained_run(trajectory: Trajectory, spec: RunSpec) -> Trajectory:
    return explained(trajectory, spec)


def test_archive_gives_back_the_insight(explained_run: Trajectory, spec: RunSpec) -> None:
    insight = archive.read(archive.write(explained_run, spec, Inputs())).trajectory.insight
    assert insight is not None
    assert explained_run.insight is not None
    for key in INSIGHT:
        assert getattr(insight, key).tobytes() == getattr(explained_run.insight, key).tobytes()
    assert (insight.depth, insight.missing) == (3, "")
    assert insight.check is not None and explained_run.insight.check is not None
    for key in CHECK:
        assert getattr(insight.check, key).tobytes() == getattr(explained_run.insight.check, key).tobytes()


def test_archive_of_components_gives_back_how_many_factors_they_have() -> None:
    """The power of the law is 2 - 2 / order; depth 1 would make it 0."""
    changes = {"problem.kind": "tensor_completion", "problem.shape": [4, 4, 4], "problem.rank": 1, "problem.observations": 50}
    spec = RunSpec().replaced({**changes, "model.kind": "cp", "stop.loss": 1e-2, "save.snapshots": 8})
    made = explained(run(spec), spec)
    insight = archive.read(archive.write(made, spec, Inputs())).trajectory.insight
    assert made.insight is not None and insight is not None
    assert made.insight.depth == insight.depth == 3


def test_archive_without_insight_still_opens(content: bytes) -> None:
    assert archive.read(content).trajectory.insight is None


def test_archive_from_before_there_were_checks_still_opens(explained_run: Trajectory, spec: RunSpec) -> None:
    assert explained_run.insight is not None
    before = dataclasses.replace(explained_run, insight=dataclasses.replace(explained_run.insight, check=None))
    opened = archive.read(archive.write(before, spec, Inputs()))
    assert opened.trajectory.insight is not None
    assert opened.trajectory.insight.check is None
    assert archive.verify(opened).word is archive.Word.EQUAL


def test_check_that_is_not_whole_is_refused(explained_run: Trajectory, spec: RunSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmf_core.archive.pack.CHECK", {"speed": "T"})
    with pytest.raises(BadInput, match="only sigma"):
        archive.read(archive.write(explained_run, spec, Inputs()))


@pytest.mark.parametrize("depth", [1, 2])
def test_archive_holds_a_drift_for_every_link(depth: int, spec: RunSpec) -> None:
    deeper = spec.replaced({"model.depth": depth})
    insight = archive.read(archive.write(explained(run(deeper), deeper), deeper, Inputs())).trajectory.insight
    assert insight is not None and insight.check is not None
    assert insight.check.drift.shape == (len(insight.check.speed), depth - 1)


def test_csv_is_the_same_with_and_without_insight(trajectory: Trajectory, explained_run: Trajectory) -> None:
    assert archive.to_csv(explained_run) == archive.to_csv(trajectory)


def test_verify_computes_the_insight_again(explained_run: Trajectory, spec: RunSpec) -> None:
    assert explained_run.insight is not None
    opened = archive.read(archive.write(explained_run, spec, Inputs()))
    assert archive.verify(opened).word is archive.Word.EQUAL
    pull = explained_run.insight.pull.copy()
    pull[np.unravel_index(np.nanargmax(np.abs(pull)), pull.shape)] *= 1.001
    forged = dataclasses.replace(explained_run, insight=dataclasses.replace(explained_run.insight, pull=pull))
    verdict = archive.verify(archive.read(archive.write(forged, spec, Inputs())))
    assert verdict.word is archive.Word.DIFFERENT
    assert [each.array for each in verdict.differences] == ["insight_pull"]


@pytest.mark.parametrize("slow_here", [True, False])
def test_insight_that_one_machine_was_too_slow_for_is_not_compared(
    explained_run: Trajectory, spec: RunSpec, slow_here: bool
) -> None:
    slow = dataclasses.replace(explained_run, insight=nothing("This run took too long."))
    old, fresh = (explained_run, slow) if slow_here else (slow, explained_run)
    verdict = archive.decided(archive.read(archive.write(old, spec, Inputs())), fresh)
    assert verdict is not None
    assert verdict.word is archive.Word.EQUAL


def test_insight_that_is_not_whole_is_refused(explained_run: Trajectory, spec: RunSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmf_core.archive.pack.INSIGHT", {"sigma": "TR"})
    with pytest.raises(BadInput, match="only sigma"):
        archive.read(archive.write(explained_run, spec, Inputs()))


def test_infinite_speed_is_refused(explained_run: Trajectory, spec: RunSpec) -> None:
    assert explained_run.insight is not None
    wild = dataclasses.replace(explained_run.insight, measured=np.full_like(explained_run.insight.measured, np.inf))
    with pytest.raises(BadInput, match="not finite"):
        archive.read(archive.write(dataclasses.replace(explained_run, insight=wild), spec, Inputs()))
