"""The address: every spec survives it, and nonsense in it is said and left out."""

import pytest

from dmf_core.spec import RunSpec
from ui.session.state import from_address, to_address

SPECS = [
    {},
    {"model.depth": 5, "seed": 12},
    {"problem.kind": "matrix_sensing", "problem.rows": 20, "problem.observations": 90},
    {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.25, "stop.iterations": 900},
    {"stop.loss": None, "stop.time": 3.5, "problem.symmetric": True},
    {"problem.rows": 2, "problem.columns": 3, "problem.rank": 1, "problem.pattern": "drawn", "problem.mask": "m2A"},
    {"model.width": 7, "init.kind": "balanced", "init.scale": 1e-7, "dtype": "float64"},
]


@pytest.mark.parametrize("changes", SPECS, ids=str)
def test_address_gives_back_the_same_run(changes: dict[str, object]) -> None:
    spec = RunSpec().replaced(changes)
    assert from_address(to_address(spec)).spec == spec


def test_address_of_the_default_run_names_only_its_version() -> None:
    assert to_address(RunSpec()) == {"version": "1"}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"model.depth": "99"}, "model.depth is 99"),
        ({"problem.rank": "NaN"}, "problem.rank is nan"),
        ({"problem.observations": "1e99"}, "problem.observations"),
        ({"problem.kind": "<script>"}, "problem.kind"),
        ({"utm_source": "mail"}, "utm_source"),
        ({"seed": "[" * 5000}, "seed"),
    ],
)
def test_nonsense_in_the_address_is_said_and_left_out(parameters: dict[str, str], words: str) -> None:
    session = from_address(parameters | {"model.depth": parameters.get("model.depth", "2"), "init.scale": "0.01"})
    assert words in session.message
    assert session.spec.init.scale == 0.01
    assert len(session.message) < 400


def test_bad_change_is_said_and_changes_nothing() -> None:
    session = from_address({"version": "1"})
    session.change({"problem.rank": 500})
    assert session.spec == RunSpec()
    assert "problem.rank is 500" in session.message
