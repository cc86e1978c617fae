"""A slow export on its own thread: how far it is, its end, cancel, and leaving the page."""

import threading
import time

import pytest

from ui.export import Export, Source, Tell
from ui.export import task as tasks
from ui.export.task import Task


def slowly(_: Source, tell: Tell) -> bytes:
    for number in range(6000):
        tell(number / 6000)
        time.sleep(0.01)
    return b"done"


def quickly(_: Source, tell: Tell) -> bytes:
    tell(0.5)
    return b"done"


def badly(_: Source, tell: Tell) -> bytes:
    raise ValueError("no")


def export(make) -> Export:
    return Export("Film", "GIF", ".gif", "image/gif", make, slow=True)


def test_task_gives_its_content(source: Source) -> None:
    task = Task(export(quickly), source)
    task.wait(60)
    assert task.ended
    assert task.content == b"done"
    assert task.name == f"{source.name}.gif"


def test_cancel_ends_the_work(source: Source) -> None:
    task = Task(export(slowly), source)
    task.cancel()
    task.wait(60)
    assert task.ended
    assert task.content is None


def test_work_ends_when_nobody_looks(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", 0.1)
    task = Task(export(slowly), source)
    task.wait(60)
    assert task.ended
    assert task.error == "Stopped."


def test_one_works_and_the_other_waits(source: Source) -> None:
    first = Task(export(slowly), source)
    while not first.share:
        time.sleep(0.005)
    second = Task(export(quickly), source)
    while not second.waiting:
        assert not first.ended
        time.sleep(0.005)
    first.cancel()
    second.wait(60)
    assert second.content == b"done"
    assert not [thread for thread in threading.enumerate() if thread.name == "dmf-export"]


def test_failure_is_a_sentence_and_frees_the_turn(source: Source) -> None:
    task = Task(export(badly), source)
    task.wait(60)
    assert "could not be made (ValueError)" in task.error
    after = Task(export(quickly), source)
    after.wait(60)
    assert after.content == b"done"
