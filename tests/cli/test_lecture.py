"""`lecture check` and `lecture handout`: what they print, its exit status, and that its runs are in the store."""

import json
from pathlib import Path

import pytest

from dmf_core.cli import main
from dmf_core.store import Store
from ui.lecture.answer_book import AnswerBook
from ui.lecture.keys import is_host
from ui.lecture.opened import FILE

TEXT = """title = "Small"
[[scene]]
heading = "One"
preset = "depth-1"
at = "start"
[[scene]]
heading = "Two"
preset = "depth-1"
at = "end"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DMF_STORE", str(tmp_path / "store"))
    path = tmp_path / "lecture.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_check_makes_each_run_once_and_stores_it(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lecture", "check", str(file), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["frame"] for row in rows["scenes"]] == [0, rows["scenes"][1]["frames"] - 1]
    store = Store(tmp_path / "store")
    assert store.totals()[1] == 1 and store.get(rows["scenes"][0]["digest"]) is not None
    store.close()
    assert main(["lecture", "check", str(file)]) == 0
    assert "was there" in capsys.readouterr().out.splitlines()[0]


def test_check_says_every_scene_that_does_not_fit_its_run(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(TEXT.replace('at = "start"', "at = 1e9").replace('at = "end"', "at = 2e9"), encoding="utf-8")
    assert main(["lecture", "check", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and lines[0].startswith("Line 5: Scene 1: at is") and lines[1].startswith("Line 9: Scene 2: at is")


def test_check_refuses_what_is_no_script_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.toml", binary, tmp_path):
        assert main(["lecture", "check", str(path)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


QUESTION = """[scene.question]
text = "What next?"
choices = ["One", "Two"]
"""


def test_handout_takes_the_answers_of_a_room_of_the_same_script_only(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DMF_LECTURES", str(tmp_path / "rooms"))
    text = TEXT.replace('at = "start"\n', f'at = "start"\n{QUESTION}')
    file.write_text(text, encoding="utf-8")
    out = tmp_path / "out.html"
    assert main(["lecture", "handout", str(file), "--room", "ABCDE", "--out", str(out)]) == 2  # no rooms at all
    book = AnswerBook(tmp_path / "rooms" / "rooms.sqlite")
    book.save_room("ABCDE", 0.0, text, "{}")
    book.save_room("OTHER", 0.0, TEXT, "{}")
    for voter, answer in (("a", 1), ("b", 1), ("c", 0)):
        book.answer("ABCDE", 0, voter, answer)
    book.close()
    assert main(["lecture", "handout", str(file), "--room", "OTHER", "--out", str(out)]) == 2
    assert "another script" in capsys.readouterr().err and not out.exists()
    assert main(["lecture", "handout", str(file), "--room", "abcde", "--out", str(out)]) == 0
    assert "<span>Two</span><i>2</i>" in out.read_text(encoding="utf-8")


def test_token_is_that_of_the_file_of_the_rooms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DMF_LECTURES", str(tmp_path))
    assert main(["lecture", "token"]) == 2 and "start the server" in capsys.readouterr().err
    book = AnswerBook(tmp_path / FILE)
    book.close()
    assert main(["lecture", "token"]) == 0
    assert is_host(book.secret, capsys.readouterr().out)
