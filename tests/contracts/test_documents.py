"""What README.md, CONTRIBUTING.md and docs/ tell a reader to type exists, and the house that they draw is the one that stands."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from dmf_core.cli.arguments import EXAMPLES, parse
from dmf_core.cli.requested import spec_of
from dmf_core.inputs import Inputs
from dmf_core.sweep.axes import parse_axis
from dmf_core.sweep.plan import plan

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
PROGRAM = "python -m dmf_core "
CALL = re.compile(rf"^ *{re.escape(PROGRAM)}((?:.*\\\n)*.*)$", re.MULTILINE)  # a line, and those that a backslash joins to it


def calls(text: str) -> list[str]:
    return [call.replace("\\\n", " ") for call in CALL.findall(text)]


ALL = [(file.name, call) for file in DOCUMENTS for call in calls(file.read_text())] + [
    ("--help", call) for call in calls(EXAMPLES)
]


def test_calls_are_looked_for_where_they_stand() -> None:
    assert len(ALL) > 40 and len({name for name, _ in ALL}) > 5
    assert any("--axis seed=0:39" in call for _, call in ALL)  # the second line of a call


@pytest.mark.parametrize(("name", "call"), ALL, ids=[f"{name}: {call[:50]}" for name, call in ALL])
def test_documented_call_is_one_that_the_command_line_understands(name: str, call: str) -> None:
    options = parse(shlex.split(call, comments=True))
    files = [getattr(options, each, None) for each in ("spec", "data", "mask", "plugin")]
    if hasattr(options, "set") and not any(files):
        axes = [parse_axis(each) for each in getattr(options, "axis", [])]
        first = [f"{path}={json.dumps(axis.values[0])}" for axis in axes for path in axis.paths]
        options.set += first  # what the base lacks may come from the axes
        spec = spec_of(options, Inputs())
        assert not axes or plan(spec, axes).cells


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_documented_file_or_link_exists(file: Path) -> None:
    text = file.read_text()
    linked = [file.parent / link.partition("#")[0] for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text)]
    named = [ROOT / path for path in re.findall(r"`((?:dmf_core|ui|pages|tests|docs|deploy|benchmarks|checks)/[\w./-]*)`", text)]
    assert [str(each) for each in linked + named if not each.exists()] == []


def test_make_targets_that_are_documented_exist() -> None:
    targets = set(re.findall(r"^([a-z.]\S*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        each for file in DOCUMENTS for each in re.findall(r"(?:^|`|sudo )make (\S+?)(?=[`\s])", file.read_text(), re.MULTILINE)
    }
    assert {"run", "test", "check"} <= named <= targets


@pytest.mark.parametrize("package", ["ui", "dmf_core"])
def test_layers_that_contributing_draws_are_the_enforced_ones(package: str) -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [rule["layers"] for rule in rules if rule["type"] == "layers" and rule.get("containers") == [package]]
    diagram = re.search(rf"^{package}: +(.*?)(?:\n\n|```)", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    assert diagram is not None and " ".join(diagram[1].split()) == " -> ".join(layers)


@pytest.mark.parametrize("package", ["ui", "dmf_core"])
def test_house_that_contributing_draws_has_every_folder(package: str) -> None:
    house = re.search(rf"^{package}/(.*?)^\w", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    assert house is not None
    named = set(re.findall(r"(\w+)/", house[1]))
    folders = {each.name for each in (ROOT / package).iterdir() if each.is_dir() and not each.name.startswith("_")}
    assert folders - named == set()
