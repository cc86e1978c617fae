"""Everything that is installed is under a licence that is allowed, and in the table."""

import pytest
from packaging.utils import canonicalize_name

from checks.licences import FILES, ROOT, RUN, TABLE, Package, closure, complaints, installed, requirements


def test_table_is_what_is_installed() -> None:
    assert complaints(installed(), TABLE.read_text()) == []


@pytest.mark.parametrize("file", FILES.values())
def test_table_has_all_that_the_files_ask_for(file: str) -> None:
    text = TABLE.read_text()
    assert [each.name for each in requirements(ROOT / file) if f"| {canonicalize_name(each.name)} |" not in text] == []


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND (BSD-2-Clause OR MIT)", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("unknown", False),
        ("Proprietary", False),
    ],
)
def test_a_licence_that_is_not_on_the_list_is_refused(licence: str, allowed: bool) -> None:
    package = Package("x", licence, RUN)
    assert package.allowed is allowed and (complaints([package], package.line) == []) is allowed


def test_a_package_that_the_table_lacks_is_named() -> None:
    assert complaints([Package("x", "MIT", RUN)], TABLE.read_text()) == ["docs/licences.md lacks: | x | MIT | run |"]


def test_packages_that_others_need_are_followed() -> None:
    run = closure(requirements(ROOT / FILES[RUN]))
    assert {"streamlit", "starlette", "anyio"} <= run.keys() and "pytest" not in run
