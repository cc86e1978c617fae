"""The table "to add X, touch Y" of CONTRIBUTING.md is true: it names what exists, and nothing else needs to be touched."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmf_core.analysis.replay import THEORIES
from dmf_core.integrators import INTEGRATORS
from dmf_core.models import MODELS
from dmf_core.problems import PROBLEMS
from dmf_core.theory.statements import STATEMENTS
from ui.controls.navigation import MENU, VIEWS
from ui.export import EXPORTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
TABLE = dict(re.findall(r"^\| ((?:add|change) [^|]+?) \| (.+) \|$", TEXT, re.MULTILINE))
FOLDERS = ("dmf_core/problems/", "dmf_core/models/", "dmf_core/integrators/")
ALLOWED = re.search(r"only\s+these\s+files\s+name\s+a\s+kind\s+at\s+all(.*?)\n\n", TEXT, re.DOTALL)


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def product_files() -> Iterator[Path]:
    yield ROOT / "app.py"
    for folder in ("dmf_core", "ui", "pages"):
        yield from (ROOT / folder).rglob("*.py")


def named_kinds(file: Path) -> set[str]:
    """The kinds that a file names: as a text of its own, or by importing their class. Docstrings and sentences do not count."""
    table = {**PROBLEMS, **MODELS, **INTEGRATORS}
    classes, settings = (
        {each.__name__ for each in table.values()},
        {name for each in table.values() for name in each.model_fields},
    )
    kinds = table.keys() - settings  # "symmetric" and "momentum" are names of settings too
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in kinds:
            names.add(node.value)
        if isinstance(node, ast.ImportFrom):
            names |= {each.name for each in node.names} & classes
    return names


@pytest.mark.parametrize("row", TABLE)
def test_every_path_that_the_table_names_exists(row: str) -> None:
    paths = [each for each in quoted(TABLE[row]) if "/" in each or each.endswith(".py")]
    for path in paths:
        assert list(ROOT.glob(path)) or list(ROOT.glob(f"dmf_core/**/{path}")), path


def test_only_the_files_that_the_table_names_name_a_kind() -> None:
    assert ALLOWED is not None
    allowed = quoted(ALLOWED[1])
    for path in allowed:
        assert (ROOT / path).exists(), path
    used = set()
    for file in product_files():
        name = file.relative_to(ROOT).as_posix()
        if not name.startswith(FOLDERS) and (kinds := named_kinds(file)):
            reason = next((path for path in allowed if name == path or (path.endswith("/") and name.startswith(path))), None)
            assert reason is not None, f"{name} names {sorted(kinds)}; let the class say it, see CONTRIBUTING.md"
            used.add(reason)
    assert used == set(allowed)  # what is no longer needed goes


def test_kinds_are_looked_for_where_they_stand() -> None:
    """The search finds what it is to find."""
    assert named_kinds(ROOT / "dmf_core" / "spec.py") == {"DeepMatrix", "GradientFlow", "MatrixCompletion"}
    assert "razin_cohen" in named_kinds(ROOT / "dmf_core" / "presets" / "table.py")


def test_every_theory_that_a_model_names_has_its_line_and_statements_that_exist() -> None:
    named = {model().theory for model in MODELS.values()} - {""}
    assert named <= set(THEORIES)
    assert all(set(theory.statements) <= set(STATEMENTS) for theory in THEORIES.values())


def test_every_page_has_its_place_in_the_navigation() -> None:
    named = {name.lower() for name in MENU} | {file for views in VIEWS.values() for file in views.values()}
    assert named == {file.stem for file in (ROOT / "pages").glob("*.py")}


def test_every_export_is_a_function_of_its_folder() -> None:
    assert {each.make.__module__.rpartition(".")[0] for each in EXPORTS} == {"ui.export"}


def test_every_command_has_a_file_of_its_own() -> None:
    folder = ROOT / "dmf_core" / "cli"
    commands = re.findall(r'commands\.add_parser\(\s*"([a-z-]+)"', (folder / "arguments.py").read_text())
    files = set(re.findall(r"from dmf_core\.cli\.(\w+) import", (folder / "__init__.py").read_text())) - {
        "arguments",
        "exit_status",
        "record",  # an option of reproduce
    }
    assert len(commands) == len(set(commands)) == len(files) > 5
