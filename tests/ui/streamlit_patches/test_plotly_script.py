"""Plotly in pieces: a third of the installed file, each piece defined; nothing of a file that is built otherwise."""

import re
from pathlib import Path

import pytest
from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from ui.streamlit_patches import plotly_script
from ui.streamlit_patches.plotly_script import PACKAGE, plotly_address, plotly_pieces


def test_pieces_are_those_of_the_core_in_the_order_in_which_they_need_each_other() -> None:
    source, made = PACKAGE.read_text(encoding="utf-8"), plotly_pieces()
    assert len(made) < len(source) / 3
    listed = re.search(r"return \{steps:\[([\w$,]+)\],all:([\w$]+)\};", made)
    assert listed is not None
    steps = listed[1].split(",")
    assert steps[-1] == listed[2]  # the whole comes last
    assert len(set(steps)) == len(steps) > 200
    where = {name: made.index(f"var {name}=W(") for name in steps}
    done: set[str] = set()
    for name in steps:
        body = made[where[name] : made.find("});var ", where[name])]
        needed = {other for other in re.findall(r"=([\w$]+)\(\)", body) if other in where}
        assert len(needed - done - {name}) <= 2, name  # but for the few that need each other
        done.add(name)


def test_nothing_is_served_of_a_plotly_that_is_built_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = tmp_path / "plotly.min.js"
    other.write_text("window.Plotly = Plotly;")
    monkeypatch.setattr(plotly_script, "PACKAGE", other)
    assert plotly_pieces.__wrapped__() == ""
    assert "charts stay stills" in caplog.text


class Server:
    def __init__(self) -> None:
        self.storage = MemoryMediaFileStorage("/media")
        self.media_file_mgr = MediaFileManager(self.storage)


def test_pieces_stay_while_a_rerun_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    address = plotly_address()
    of_a_session = server.media_file_mgr.add(b"picture", "image/png", "there")
    server.media_file_mgr.clear_session_refs()  # a rerun begins, and ends before it has drawn anything
    server.media_file_mgr.remove_orphaned_files()
    assert server.storage.get_file(Path(address).name).content == plotly_pieces().encode()
    with pytest.raises(MediaFileStorageError):
        server.storage.get_file(Path(of_a_session).name)
