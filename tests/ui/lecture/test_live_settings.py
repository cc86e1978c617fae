"""The settings that a lecturer can move: every one of the scenes that come with the program, within its limits, and back."""

import json

import pytest

from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from ui.fields import FIELDS
from ui.lecture.live_settings import LEFT_OUT, changed_words, differences, live_settings, moved
from ui.lecture.script import read, ready

SPECS = {
    f"{spec.problem.kind} {spec.model.kind}": spec
    for text in ready().values()
    for spec in (scene.spec for scene in read(text).lecture.scene)
}
ELSEWHERE = {"version", "dtype", "device", "save.snapshots", "problem.data", *LEFT_OUT}
OTHER = {"problem.shape": [5, 6, 7], "problem.rank": 2, "problem.observations": 50, "model.depth": 2}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_every_setting_of_a_run_is_reachable(spec: RunSpec) -> None:
    parts = live_settings(spec)
    paths = [part["path"] for part in parts]
    assert len(set(paths)) == len(paths) and json.loads(json.dumps(parts))
    own = {
        path
        for path in FIELDS.keys() - ELSEWHERE
        if "." not in path or hasattr(getattr(spec, path.partition(".")[0]), path.partition(".")[2])
    }
    single = {path for path in own - set(paths) if path.endswith(".kind") or path == "integrator.method"}
    assert own - single == set(paths) - {path for path in paths if path not in FIELDS}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_changes_make_the_run_that_was_moved(spec: RunSpec) -> None:
    """Also after several moves, of kinds too, whose settings are others; with a sentence where a run cannot be so."""
    for part in live_settings(spec):
        if part["kind"] == "choice":
            values = [choice for choice, _ in part["choices"]]
        elif part["kind"] == "switch":
            values = [not part["value"]]
        else:
            values = [OTHER.get(part["path"], part["low"] if part["kind"] == "number" else 2)]
        for value in values:
            try:
                once = moved(spec, part["path"], value)
                twice = moved(once, "seed", 8)
            except BadInput as error:
                assert str(error)
                continue
            changes = json.loads(json.dumps(differences(spec, twice)))
            assert spec.replaced(changes) == twice
            assert moved(spec, "seed", 8).digest() != spec.digest() and "seed 8" in changed_words(spec, twice)
            assert bool(changed_words(spec, once)) == (once != spec)


def test_ranks_and_counts_follow_the_size() -> None:
    spec = RunSpec()
    smaller = moved(spec, "problem.rows", 4)
    assert smaller.problem.rank == 4 and smaller.problem.observations == round(spec.problem.observations * 4 / 100)
    assert changed_words(spec, smaller).startswith("Changed by hand: rank of the truth 4, observed entries")
