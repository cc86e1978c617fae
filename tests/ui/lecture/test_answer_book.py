"""The file of the rooms: one answer for each browser, written before it is acknowledged."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ui.lecture.answer_book import AnswerBook
from ui.lecture.timeline import Moments

RUN = Moments("ab" * 32, (0.0, 1.0), (1.0,), {1: 0.5}, {1: (0.0, 2.0)})


def test_a_voter_has_one_answer_in_a_scene(tmp_path: Path) -> None:
    book = AnswerBook(tmp_path / "rooms.sqlite")
    for voter, value in [("a", 1), ("b", 2.5), ("a", 3)]:
        book.answer("K7RTM", 2, voter, value)
    book.answer("K7RTM", 3, "a", 0)
    book.answer("OTHER", 2, "a", 9)
    assert book.answers("K7RTM", 2) == {"a": 3, "b": 2.5}
    book.delete_room("K7RTM")
    assert book.answers("K7RTM", 2) == {} and book.answers("OTHER", 2) == {"a": 9}
    book.close()


def test_secret_rooms_and_runs_are_there_again(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "rooms.sqlite"
    book = AnswerBook(file)
    book.save_room("K7RTM", 1.0, "script", "{}")
    book.save_state("K7RTM", '{"seq": 1}')
    book.save_run(RUN, {(None, None): b"whole", (3, 9.5): b"part"}, 1.0)
    secret = book.secret
    book.close()
    again = AnswerBook(file)
    assert again.secret == secret and again.rooms() == [("K7RTM", 1.0, "script", '{"seq": 1}')]
    assert again.run(RUN.digest) == RUN and again.body(RUN.digest, None) == b"whole" and again.body(RUN.digest, 3, 9.5) == b"part"
    assert again.body(RUN.digest, 3) is None and again.run("cd" * 32) is None
    again.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_nobody_else_reads_the_file(tmp_path: Path) -> None:
    book = AnswerBook(tmp_path / "rooms.sqlite")
    book.answer("K7RTM", 0, "a", 1)
    assert all(not stat.S_IMODE(file.stat().st_mode) & 0o077 for file in tmp_path.iterdir())
    book.close()


def test_runs_beyond_the_limit_go_with_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmf_core.limits.LECTURE_RUNS", 2)
    book = AnswerBook(tmp_path / "rooms.sqlite")
    for number in range(3):
        digest = f"{number:064}"
        book.save_run(Moments(digest, (0.0,), (0.0,), {}, {}), {(None, None): b"x"}, float(number))
    assert [book.run(f"{number:064}") is not None for number in range(3)] == [False, True, True]
    assert [book.body(f"{number:064}", None) for number in range(3)] == [None, b"x", b"x"]
    book.close()


KILLED = """
import sys
from pathlib import Path
from ui.lecture.answer_book import AnswerBook
book = AnswerBook(Path(sys.argv[1]))
for number in range(10**6):
    book.answer("K7RTM", 0, f"voter{number}", number)
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_an_acknowledged_answer_survives_sigkill(tmp_path: Path) -> None:
    file = tmp_path / "rooms.sqlite"
    writer = subprocess.Popen([sys.executable, "-c", KILLED, str(file)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    for line in writer.stdout:
        if int(line) == 200:
            writer.send_signal(signal.SIGKILL)
            break
    acknowledged = [200, *map(int, writer.stdout)]
    writer.wait(10)
    book = AnswerBook(file)
    answers = book.answers("K7RTM", 0)
    book.close()
    assert all(answers[f"voter{number}"] == number for number in range(max(acknowledged) + 1))
