"""A download button that was on the page when it was pressed gives its file, whatever reruns meanwhile."""

from collections.abc import Iterator

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from ui.streamlit_patches import lasting_downloads


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[MediaFileManager]:
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "one session")
    before = MediaFileManager._remove_orphaned_deferred_callables
    lasting_downloads.lasting_downloads()
    yield MediaFileManager(MemoryMediaFileStorage("/media"))
    MediaFileManager._remove_orphaned_deferred_callables = before


def rerun(manager: MediaFileManager) -> str:
    """What Streamlit does in a rerun of a page with one button. Returns the button's number."""
    manager.clear_session_refs()
    number = manager.add_deferred(lambda: b"made", "text/plain", "place", "file.txt")
    manager.remove_orphaned_files()
    return number


def test_button_from_before_a_rerun_still_gives_its_file(manager: MediaFileManager) -> None:
    pressed = rerun(manager)
    for _ in range(3):
        assert rerun(manager) != pressed
    assert manager.execute_deferred(pressed).startswith("/media/")


def test_old_buttons_are_forgotten_in_the_end(manager: MediaFileManager, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = rerun(manager), rerun(manager)
    now = lasting_downloads.time.monotonic()
    monkeypatch.setattr("ui.streamlit_patches.lasting_downloads.time.monotonic", lambda: now + lasting_downloads.SECONDS + 1)
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(old)
    assert manager.execute_deferred(new)
