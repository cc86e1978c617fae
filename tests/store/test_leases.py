"""Two processes never compute the same run at the same time, and a dead one is no obstacle."""

import multiprocessing
import time
from multiprocessing.connection import Connection
from pathlib import Path

from dmf_core.store import Store
from dmf_core.store.index import Index


def _hold(directory: Path, answer: Connection) -> None:
    """Claims two runs and keeps them for as long as the process lives."""
    answer.send(Store(directory).claim(["a", "b"]))
    answer.poll(None)


def test_run_that_another_process_computes_is_granted_when_that_process_is_killed(make_store):
    store = make_store()
    receiver, sender = multiprocessing.Pipe()
    other = multiprocessing.get_context("fork").Process(target=_hold, args=(store.directory, sender))
    other.start()
    try:
        assert receiver.recv() == ["a", "b"]
        assert store.claim(["a", "b", "c"]) == ["c"]
    finally:
        other.kill()
        other.join()
    assert store.claim(["a", "b"]) == ["a", "b"]


def test_released_run_is_free_for_another_process(make_store):
    first, second = make_store(), make_store()
    assert first.claim(["a"]) == ["a"] == first.claim(["a"])
    assert second.claim(["a"]) == []
    first.release(["a"])
    assert second.claim(["a"]) == ["a"]
    second.close()
    assert first.claim(["a"]) == ["a"]


def test_lease_of_a_silent_machine_is_taken_over_and_a_heartbeat_keeps_it(tmp_path):
    index = Index(tmp_path / "index.sqlite")
    assert index.claim(["a"], "one", "a machine", stale=60) == ["a"]
    assert index.claim(["a"], "two", "another machine", stale=60) == []
    silent_since = time.time()
    while time.time() <= silent_since:  # the clock's own resolution
        pass
    index.beat("one")
    assert index.claim(["a"], "two", "another machine", stale=time.time() - silent_since + 60) == []
    assert index.claim(["a"], "two", "another machine", stale=-1) == ["a"]  # every heartbeat is older than that
    index.release(["a"], "one")  # no longer its own
    assert index.claim(["a"], "one", "a machine", stale=60) == []
    index.close()


def test_process_beats_for_all_its_leases(make_store, monkeypatch):
    monkeypatch.setattr("dmf_core.store.leases.BEAT_SECONDS", 0.01)
    beats = []
    beat = Index.beat
    monkeypatch.setattr(Index, "beat", lambda index, holder: beats.append(holder) or beat(index, holder))
    make_store().claim(["a", "b"])
    until = time.monotonic() + 30
    while len(beats) < 3:
        assert time.monotonic() < until
        time.sleep(0.001)
    assert len(set(beats)) == 1
