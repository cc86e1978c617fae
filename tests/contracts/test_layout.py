"""A folder has a place for every idea: few modules stand loose beside the packages."""

from pathlib import Path
from types import ModuleType

import pytest

import dmf_core
import ui

SPECIAL = {"__init__", "__main__"}


@pytest.mark.parametrize(("package", "most"), [(dmf_core, 16), (ui, 8)], ids=["dmf_core", "ui"])
def test_top_level_has_few_modules(package: ModuleType, most: int) -> None:
    folder = Path(str(package.__file__)).parent
    loose = {file.stem for file in folder.glob("*.py")} - SPECIAL
    assert len(loose) <= most, sorted(loose)


@pytest.mark.parametrize("package", [dmf_core, ui], ids=["dmf_core", "ui"])
def test_every_folder_of_modules_is_a_package_that_says_what_it_holds(package: ModuleType) -> None:
    folder = Path(str(package.__file__)).parent
    folders = {file.parent for file in folder.rglob("*.py")} - {folder}
    silent = [str(each) for each in folders if not (each / "__init__.py").is_file() or not (each / "__init__.py").read_text()]
    assert silent == []
