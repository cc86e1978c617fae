"""The patches of Streamlit are on with a version that they were tried with, and can be switched off; then nothing is patched."""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.pages_manager import PagesManager

import ui
from ui import streamlit_patches
from ui.streamlit_patches import connection_note, enabled, packed_scripts
from ui.streamlit_patches.first_address import know_navigation
from ui.streamlit_patches.lasting_downloads import lasting_downloads
from ui.streamlit_patches.middleware import middleware

UI = Path(ui.__file__).parent


@pytest.fixture(params=["switched off", "unknown version"])
def off(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it: from then on, patches are off."""

    def switch() -> None:
        if request.param == "switched off":
            monkeypatch.setenv("DMF_PATCHES", "off")
        else:
            monkeypatch.setattr(streamlit, "__version__", "9.9.9")
        enabled.cache_clear()

    yield switch
    enabled.cache_clear()


def test_patches_are_on_with_the_installed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails with another Streamlit in requirements.txt: try the patches with it, or let them be off."""
    monkeypatch.delenv("DMF_PATCHES", raising=False)
    enabled.cache_clear()
    assert enabled()
    assert len(middleware()) == 2


def test_off_is_said_in_one_line(off: Callable[[], None], caplog: pytest.LogCaptureFixture) -> None:
    off()
    with caplog.at_level(logging.WARNING, logger=streamlit_patches.__name__):
        for _ in range(3):
            assert not enabled()
    assert len(caplog.messages) == 1
    assert "\n" not in caplog.text.strip()


def test_nothing_is_patched_when_off(off: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    before = MediaFileManager._remove_orphaned_deferred_callables
    monkeypatch.setattr(connection_note, "_component", lambda: pytest.fail("the note was mounted"))
    monkeypatch.setattr(packed_scripts, "packed", lambda name: pytest.fail(f"{name} was packed"))
    off()
    lasting_downloads()
    connection_note.connection_note()
    packed_scripts.pack()
    assert MediaFileManager._remove_orphaned_deferred_callables is before
    assert middleware() == []


@pytest.mark.parametrize("patched", [True, False])
def test_navigation_is_known_before_any_page_has_run(
    patched: bool, off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    if not patched:
        off()
    know_navigation()
    assert PagesManager.uses_pages_directory is False


def test_insides_of_streamlit_are_touched_in_one_folder() -> None:
    inside = re.compile(r"^\s*(from|import) streamlit\.(?!testing)|\bst\.runtime\b", re.MULTILINE)
    files = [file for file in UI.rglob("*.py") if UI / "streamlit_patches" not in file.parents]
    assert files
    assert [str(file) for file in files if inside.search(file.read_text())] == []
