"""Verify without a browser: an opened archive gets a button, and a press of it a verdict with numbers."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core import archive, simulate
from dmf_core.spec import RunSpec
from tests.archive.forgery import array_in, forged, moved_start, npy
from ui.controls.start import _take
from ui.session.state import OWN, Session

ROOT = Path(__file__).parents[3]
SPEC = RunSpec().replaced({"problem.rows": 20, "problem.columns": 20, "problem.rank": 2, "problem.observations": 250})


pytestmark = pytest.mark.usefixtures("queue_ends")


@pytest.fixture(scope="module")
def content() -> bytes:
    return archive.write(simulate.run(SPEC), SPEC)


def opened(content: bytes) -> AppTest:
    visitor = Session(SPEC)
    _take(visitor, "run.zip", content)
    assert visitor.message == ""
    visitor.preset = OWN
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["session"] = visitor
    return app.run()


def verdict(app: AppTest) -> str:
    app.button(key="verify").click().run()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        sentences = [each.value for each in app.markdown if "run again" in each.value or "same bits" in each.value]
        if sentences:
            return str(sentences[0])
        time.sleep(0.2)
        app.run()
    raise AssertionError("no verdict")


def test_genuine_archive_is_not_called_different(content: bytes) -> None:
    """Not always equal: the worker has one thread, and another process may have rounded otherwise."""
    assert "Different" not in verdict(opened(content))


def test_archive_of_another_machine_is_within_tolerance_after_runs_from_rounded_starts(content: bytes) -> None:
    original = archive.read(content)
    start = moved_start(original.spec, original.inputs, original.trajectory, 5)
    moved = replace(simulate.run(*start), start=original.trajectory.start)
    words = verdict(opened(archive.write(moved, original.spec)))
    assert ":green[✓] Within tolerance: not the same bits" in words


def test_changed_archive_is_called_different_with_numbers(content: bytes) -> None:
    def change(members: dict[str, bytes]) -> None:
        truth = array_in(members, "ground_truth")
        members["arrays/ground_truth.npy"] = npy((truth * 1.5).astype(truth.dtype))

    sentences = verdict(opened(forged(content, change)))
    assert "Different" in sentences
    assert any(digit in sentences for digit in "123456789")


def test_run_that_was_not_opened_has_nothing_to_verify() -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert not [button for button in app.button if button.label.startswith("Verify")]


@pytest.mark.parametrize("name", ["a.svg", "a.gif", "a.html", "a.json"])
def test_file_without_settings_gets_a_sentence(name: str) -> None:
    visitor = Session(SPEC)
    _take(visitor, name, np.arange(9).tobytes())
    assert "holds no settings of a run" in visitor.message
    assert visitor.spec == SPEC
