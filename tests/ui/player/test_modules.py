"""The joiner of ES modules, the modules of the player, and what every script, style sheet and piece of markup keeps to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ui.player import HERE, scripts
from ui.player.compare import compare_scripts
from ui.player.constants import FILE, constants
from ui.player.modules import BrokenModule, alone, imported, joined

UI = HERE.parent
LONGEST = 130
ONE = "export const one = 1;\n"


def test_joined_modules_stand_once_and_after_what_they_import(tmp_path: Path) -> None:
    (tmp_path / "numbers.js").write_text("export const TWO = 2;\nconst own = 3;\n")
    (tmp_path / "sums.js").write_text('import { TWO } from "./numbers.js";\n\nexport function four() {\n  return TWO + TWO;\n}\n')
    imports = 'import {\n  four,\n} from "./sums.js";\nimport { TWO } from "./numbers.js";\n'
    (tmp_path / "entry.js").write_text(imports + "\nexport default function mount() {\n  four(TWO);\n}\n")
    text = joined(tmp_path / "entry.js")
    assert text.index("const TWO") < text.index("function four") < text.index("export default function mount")
    assert text.count("const TWO") == 1
    assert "import" not in text
    assert text.count("export") == 1


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a": 'import { one } from "./b.js";\n', "b": "const one = 1;\n"}, "a.js imports one, which b.js does not export"),
        ({"a": 'import { one } from "./b.js";\n'}, "a.js imports b.js, which does not exist"),
        (
            {
                "a": 'import { one } from "./b.js";\nexport const two = 2;\n',
                "b": 'import { two } from "./a.js";\nexport const one = 1;\n',
            },
            "a.js imports itself by way of a.js, b.js",
        ),
        (
            {"a": 'import { one } from "./b.js";\nconst two = 2;\n', "b": "export const one = 1;\nfunction two() {}\n"},
            "two stands at the top of b.js and of a.js",
        ),
        (
            {"a": 'import { ONE } from "./b.js";\nconst ANY = 2, TWO = 2;\n', "b": "export const ONE = 1, TWO = 3;\n"},
            "TWO stands at the top of b.js and of a.js",
        ),
    ],
)
def test_joined_modules_are_refused_with_what_is_wrong(files: dict[str, str], message: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / f"{name}.js").write_text(text)
    with pytest.raises(BrokenModule, match=message):
        joined(tmp_path / "a.js")


def test_a_module_alone_loses_imports_and_comments_only() -> None:
    head = '// @ts-check\n// What it does.\n\n/** @import { Run } from "./types.d.ts" */\n\nimport { a } from "./a.js";\n\n'
    body = 'export const b = "// c"; // why\n  /**\n   * @param {number} x\n   */\nexport default function mount() {}\n'
    assert alone(head + body).strip() == 'const b = "// c"; // why\nexport default function mount() {}'


@pytest.mark.parametrize(("folder", "script"), [(HERE / "js", scripts), (HERE / "compare" / "js", compare_scripts)])
def test_every_module_of_a_folder_is_used(folder: Path, script: Callable[[], str]) -> None:
    used = {folder / "mount.js"}
    while more := {path for module in used for path in imported(module)} - used:
        used |= more
    assert {path for path in used if path.parent == folder} == set(folder.glob("*.js"))
    assert script().count("export default function mount") == 1


def test_scripts_of_the_map_are_joined_with_all_of_its_modules() -> None:
    folder = HERE / "map" / "js"
    used = {folder / "mount.js"}
    while more := {path for module in used for path in imported(module)} - used:
        used |= more
    assert set(folder.glob("*.js")) <= used
    assert joined(folder / "mount.js").count("export default function mount") == 1


def test_constants_are_those_of_the_pictures() -> None:
    assert FILE.read_text(encoding="utf-8") == constants(), "write it anew: python -m ui.player.constants"


def test_no_line_of_a_script_a_style_sheet_or_markup_is_longer_than_130_characters() -> None:
    sources = [path for ending in ("js", "ts", "css", "html") for path in UI.rglob(f"*.{ending}")]
    long = [
        f"{path.relative_to(UI)}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert len(sources) > 30
    assert not long


def test_no_text_of_a_style_sheet_goes_over_the_end_of_a_line() -> None:
    """A broken text is an error in CSS: the rule is left out, and a browser says nothing."""
    sheets = [path.read_text(encoding="utf-8") for path in UI.rglob("*.css")]
    assert len(sheets) > 10
    assert [line for sheet in sheets for line in sheet.splitlines() if line.count('"') % 2] == []


def test_components_are_all_made_where_they_are_made_to_last() -> None:
    makers = [path.name for path in UI.rglob("*.py") if "components.v2.component(" in path.read_text(encoding="utf-8")]
    assert makers == ["lasting_components.py"]
