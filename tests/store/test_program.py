"""The digest of the engine: it changes with the code that numbers come from, and with nothing else."""

from collections.abc import Callable

import pytest

from dmf_core.store.program import ENGINE, engine_digest

CODE = '''"""Steps."""

SHARE = 0.5  # of the limit


class Stepper:
    """Takes steps."""

    size: float = 0.1
    """In units of time."""

    def step(self, x: float) -> float:
        """One step."""
        text = f"{x:.{3}g} # not a comment"
        return x + SHARE * self.size if text else x
'''


@pytest.fixture
def digest_of(tmp_path) -> Callable[[str], str]:
    """The digest of an engine whose every file holds the same code."""

    def digest(code: str) -> str:
        for name in ENGINE:
            file = tmp_path / name if name.endswith(".py") else tmp_path / name / "part.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(code)
        return engine_digest(tmp_path)

    return digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Steps."""', '"""How steps are taken."""'),
        ('"""Steps."""\n', ""),
        ("# of the limit", "# of what the stability limit allows"),
        ('    """Takes steps."""\n', "    # takes steps\n"),
        ('"""In units of time."""', '"""Seconds."""'),
        ('        """One step."""\n', ""),
        ("x + SHARE * self.size", "(x\n            + (SHARE * self.size))"),
    ],
)
def test_engine_digest_ignores_comments_docstrings_and_layout(digest_of, before: str, after: str) -> None:
    assert before in CODE
    assert digest_of(CODE.replace(before, after)) == digest_of(CODE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SHARE = 0.5", "SHARE = 0.25"),
        ("x + SHARE", "x - SHARE"),
        ("size: float", "size: int"),
        ("# not a comment", "# no comment"),
        ("if text else x", "if text else 0"),
    ],
)
def test_engine_digest_changes_with_the_code(digest_of, before: str, after: str) -> None:
    assert before in CODE
    assert digest_of(CODE.replace(before, after)) != digest_of(CODE)


def test_engine_digest_changes_when_a_file_is_renamed_or_added(digest_of, tmp_path) -> None:
    digest = digest_of(CODE)
    part = tmp_path / "integrators" / "part.py"
    part.rename(part.with_name("renamed.py"))
    renamed = engine_digest(tmp_path)
    part.write_text(CODE)
    assert len({digest, renamed, engine_digest(tmp_path)}) == 3
