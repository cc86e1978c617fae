"""A file that is missing from its table does not exist for anyone."""

import re
from pathlib import Path

import pytest

import dmf_core
from dmf_core.integrators import INTEGRATORS
from dmf_core.models import MODELS
from dmf_core.problems import PROBLEMS
from dmf_core.reproductions import REPRODUCTIONS, WITH_DATA
from dmf_core.reproductions.arora_2019.ratings import AroraRatings
from dmf_core.spec import RunSpec, example

ROOT = Path(dmf_core.__file__).parent


@pytest.mark.parametrize(("folder", "table"), [("problems", PROBLEMS), ("models", MODELS), ("integrators", INTEGRATORS)])
def test_every_file_with_a_kind_is_in_its_table(folder: str, table: dict[str, type]) -> None:
    named = {file.stem for file in (ROOT / folder).glob("*.py") if "    kind: Literal" in file.read_text()}
    assert named == set(table)


@pytest.mark.parametrize("section", ["problem", "model", "integrator"])
def test_every_kind_makes_a_spec_that_survives_json(section: str) -> None:
    for kind in {"problem": PROBLEMS, "model": MODELS, "integrator": INTEGRATORS}[section]:
        spec = example(section, kind)
        assert RunSpec.from_json(spec.to_json()) == spec
        assert RunSpec.from_json(spec.to_json()).digest() == spec.digest()


def test_every_file_with_a_reproduction_is_in_its_table() -> None:
    files = (ROOT / "reproductions").rglob("*.py")
    named = {name for file in files for name in re.findall(r'^    name = "([a-z0-9-]+)"', file.read_text(), re.MULTILINE)}
    assert named == set(REPRODUCTIONS)
    assert WITH_DATA["arora-figure-3"] is AroraRatings
