"""Every field of a trajectory and every array of an archive has a rule by which it is compared, or a reason why not."""

import dataclasses

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.archive.accuracies import ERRORS
from dmf_core.archive.contents import FAMILIES, NOT_COMPARED, RULES, Unit, contents, rule_of
from dmf_core.archive.members import BOUNDS, CHECK, INSIGHT, insight_name
from dmf_core.measures import MEASURES
from dmf_core.trajectory import Accuracy, Bounds, Check, End, Insight, Snapshot, Start
from tests.archive.test_forgeries import KINDS, opened

FIELDS = {  # of a trajectory: the arrays that they are compared as, or why they are not
    Start: {
        "digest": "read compares it with the spec",
        "shape": "part of every array",
        "ground_truth": "ground_truth",
        "observed_mask": "observed_mask",
        "true_singular_values": "true_singular_values",
        "factors_first": "factors_first_",
        "end_to_end_first": "end_to_end_first",
        "picture_limit": "picture_limit",
        "main_spectrum": "a name that the model determines",
        "true_spectra": "true_spectrum_",
        "of_picture": "the account of the data determines it",
    },
    Snapshot: {
        "index": "index",
        "dropped": "a word between processes",
        "position": "position",
        "t": "t",
        "iteration": "iteration",
        "gradients": "gradients",
        "seconds": "wall clock",
        "loss": "loss",
        "singular_values": "singular_values",
        "measures": "see MEASURES",
        "picture": "pictures",
        "spectra": "spectrum_",
    },
    End: {
        "outcome": "compared by its word",
        "message": "message",
        "seconds": "wall clock",
        "gradients": "counts",
        "accepted": "counts",
        "rejected": "counts",
        "end_to_end_last": "end_to_end_last",
        "dropped": "a word between processes",
        "growth": "growth_",
        "headline": "a part of the message",
        "detail": "a part of the message",
        "advice": "a word for the page",
    },
    Insight: {key: insight_name(key) for key in INSIGHT}
    | {"depth": "the model determines it", "missing": "no theory", "bounds": "see BOUNDS", "check": "see CHECK"},
    Bounds: {key: f"bounds_{key}" for key in BOUNDS},
    Check: {key: f"check_{key}" for key in CHECK},
    Accuracy: {key: "see dmf_core.archive.accuracies" for key in (*ERRORS, "split")},
}


@pytest.mark.parametrize("part", list(FIELDS))
def test_field_of_a_trajectory_has_a_rule_or_a_reason(part: type) -> None:
    """Whoever adds a field gives it a line here, a rule in `contents`, and there its array."""
    assert {each.name for each in dataclasses.fields(part)} == set(FIELDS[part])
    for name in FIELDS[part].values():
        assert " " in name or name in RULES or name in FAMILIES


def test_measure_has_a_rule() -> None:
    assert set(MEASURES) <= set(RULES)


def test_name_without_a_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        rule_of("surprise")


@pytest.mark.parametrize("kind", list(KINDS))
def test_array_of_an_archive_is_compared_or_named_as_not_compared(kind: str) -> None:
    original = opened(kind)
    names = {name.removeprefix("measure_") for name in archive.to_arrays(original.trajectory, original.spec, original.inputs)}
    compared = contents(original.trajectory)
    assert {name for name in names if not name.startswith(tuple(NOT_COMPARED))} <= set(compared)
    rows = [values for name, values in compared.items() if rule_of(name).part.rows]
    assert {len(values) for values in rows} == {len(original.trajectory.snapshots)}


def test_float_is_never_compared_as_a_whole_number_but_in_columns_of_counts() -> None:
    for name, values in contents(opened("with its theory").trajectory).items():
        exact = rule_of(name).unit is Unit.EXACT
        assert exact == ((values.dtype.kind in "biu" and values.dtype != np.int8) or name in ("index", "iteration", "gradients"))
