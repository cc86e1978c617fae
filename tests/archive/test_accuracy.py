"""The accuracy of a run is kept in its archive, shown again, and held against a new estimate."""

import json
import math
from dataclasses import replace
from functools import cache

import pytest

from dmf_core import archive
from dmf_core.analysis.accuracy import assessed, outline
from dmf_core.analysis.replay import returned
from dmf_core.archive.accuracies import accuracies_apart
from dmf_core.cli.words import as_json, summary
from dmf_core.errors import BadInput, Damaged
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Trajectory
from tests.archive.forgery import Members, forged
from tests.archive.test_forgeries import SIZE

SPEC = RunSpec().replaced({name: value for name, value in SIZE.items() if name != "stop.iterations"})


@cache
def estimated() -> Trajectory:
    made = run(SPEC)
    return replace(made, accuracy=returned(assessed(SPEC, Inputs(), outline(made))))


def test_accuracy_is_shown_by_the_archive_as_the_run_showed_it() -> None:
    opened = archive.read(archive.write(estimated(), SPEC)).trajectory
    assert opened.accuracy == estimated().accuracy and opened.accuracy is not None
    assert as_json(opened, SPEC, Inputs())["accuracy"] == as_json(estimated(), SPEC, Inputs())["accuracy"]
    assert "ccura" in summary(opened, SPEC)


@pytest.mark.parametrize("births", [None, math.inf, 0.25])
def test_every_accuracy_comes_back_from_its_archive(births: float | None) -> None:
    known = Accuracy(births, 0.125, None, 0.0, split=births is None)
    assert archive.read(archive.write(replace(run(SPEC), accuracy=known), SPEC)).trajectory.accuracy == known


def test_archive_without_an_accuracy_is_that_of_before_and_is_verified() -> None:
    content = archive.write(run(SPEC), SPEC)
    assert b"accuracy" not in content
    verdict = archive.verify(archive.read(content))
    assert verdict.word is archive.Word.EQUAL and "not estimated" not in verdict.message


def test_verify_estimates_the_accuracy_again_and_sees_a_changed_one() -> None:
    archived = archive.read(archive.write(estimated(), SPEC))
    fresh = archive.assessed_alike(archived, run(archive.again(archived)))
    honest = archive.decided(archived, fresh)
    assert honest is not None and honest.word is archive.Word.EQUAL
    known = estimated().accuracy
    assert known is not None and known.births and known.time
    for changed in (
        replace(known, births=1.04 * known.births),
        replace(known, births=None),
        replace(known, time=known.time / 2),
        replace(known, final=known.final + 1e-6),
        replace(known, split=True),
    ):
        verdict = archive.decided(replace(archived, trajectory=replace(archived.trajectory, accuracy=changed)), fresh)
        assert verdict is not None and verdict.word is archive.Word.DIFFERENT and "accuracy" in verdict.message
    unestimated = archive.decided(archived, replace(fresh, accuracy=None))
    assert unestimated is not None and "not estimated again" in unestimated.message


def test_estimates_of_two_machines_may_be_apart_by_what_each_may_err() -> None:
    """Each is right within a factor of three."""
    mine = Accuracy(0.004, 0.001, 0.01, None)
    assert not list(accuracies_apart(mine, Accuracy(0.02, 0.0003, 0.05, None), same_bits=False))
    assert list(accuracies_apart(mine, Accuracy(0.04, 0.001, 0.01, None), same_bits=False))
    assert list(accuracies_apart(mine, Accuracy(0.004, 0.001, None, None), same_bits=False))


@pytest.mark.parametrize(
    "change",
    [{"births": "many"}, {"final": None}, {"final": -1.0}, {"split": 1}, {"unseen": True}, {"time": "infinite"}, {"more": 1.0}],
)
def test_accuracy_of_a_stranger_is_refused_where_it_is_none(change: dict[str, object]) -> None:
    def changed(members: Members) -> None:
        members["accuracy.json"] = json.dumps(json.loads(members["accuracy.json"]) | change).encode()

    with pytest.raises(BadInput, match=r"accuracy\.json"):
        archive.read(forged(archive.write(estimated(), SPEC), changed))


def test_accuracy_of_a_run_that_has_none_is_damage() -> None:
    spec = SPEC.replaced({"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.1, "stop.iterations": 5})
    with pytest.raises(Damaged, match="accuracy"):
        archive.read(archive.write(replace(run(spec), accuracy=Accuracy(None, 0.0, None, None)), spec))
