"""What is stored comes back, whole or not at all, and trouble with the disk never stops anybody."""

import logging
import os
import resource
import sqlite3
import time

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.errors import BadInput
from dmf_core.simulate import run
from dmf_core.store import open_store
from dmf_core.store.index import Index, Unreadable
from dmf_core.trajectory import Outcome

from .conftest import SMALL


def test_run_comes_back_with_the_same_bits_in_another_process_of_the_store(make_store, small):
    spec, trajectory = small
    assert make_store().put(trajectory, spec)
    archived, row = make_store().get(spec.digest())
    assert archived.spec == spec
    assert np.array_equal(archived.trajectory.singular_values, trajectory.singular_values)
    assert archived.trajectory.end.message == trajectory.end.message == row.message
    assert row.outcome is Outcome.CONVERGED
    assert row.measures["reconstruction_error"] == trajectory.snapshots[-1].measures["reconstruction_error"]
    assert row.bytes == make_store().path(spec.digest()).stat().st_size


def test_index_can_be_asked_for_settings_and_measures_with_plain_sql(make_store, small):
    spec, trajectory = small
    store = make_store()
    store.put(trajectory, spec)
    query = "SELECT json_extract(measures, '$.reconstruction_error') FROM runs WHERE json_extract(spec, '$.model.depth') = 3"
    with sqlite3.connect(store.directory / "index.sqlite") as connection:
        ((error,),) = connection.execute(query).fetchall()
    assert error == trajectory.snapshots[-1].measures["reconstruction_error"]


def test_run_that_the_clock_ended_is_not_stored(make_store):
    spec = SMALL.replaced({"stop.seconds": 1e-9})
    trajectory = run(spec)
    assert trajectory.end.outcome is Outcome.BUDGET
    store = make_store()
    assert not store.put(trajectory, spec)
    assert store.get(spec.digest()) is None


def test_damaged_archive_is_removed_said_and_stored_anew(make_store, small, caplog):
    spec, trajectory = small
    store = make_store()
    store.put(trajectory, spec)
    path = store.path(spec.digest())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with caplog.at_level(logging.WARNING):
        assert store.get(spec.digest()) is None
    assert caplog.messages == [store.trouble]
    assert spec.digest()[:8] in store.trouble and "damaged" in store.trouble
    assert not path.exists() and store.totals() == (0, 0)
    assert store.put(trajectory, spec)
    assert store.get(spec.digest()) is not None


def test_half_written_files_count_as_nothing_and_go_when_they_are_old(make_store, small, tmp_path):
    spec, trajectory = small
    folder = make_store().path(spec.digest()).parent
    folder.mkdir(parents=True, exist_ok=True)
    fresh, old = (folder / f"{spec.digest()}.zip.{n}.part" for n in range(2))
    for part in (fresh, old):
        part.write_bytes(archive.write(trajectory, spec)[:100])
    os.utime(old, (time.time() - 7200,) * 2)
    store = make_store()
    assert store.get(spec.digest()) is None and store.adopt() == 0
    assert fresh.exists() and not old.exists()


def test_damaged_index_is_made_again_from_the_archives(make_store, small, tmp_path):
    spec, trajectory = small
    store = make_store()
    store.put(trajectory, spec)
    store.close()
    for path in store.directory.glob("index.sqlite*"):
        path.write_bytes(b"no database, " * 100)
    again = make_store()
    assert "damaged" in again.trouble
    archived, row = again.get(spec.digest())
    assert np.array_equal(archived.trajectory.singular_values, trajectory.singular_values)
    assert row.measures["loss"] == trajectory.snapshots[-1].loss


def test_index_that_another_process_locks_is_not_taken_for_a_damaged_one(tmp_path, monkeypatch):
    monkeypatch.setattr("dmf_core.store.index.BUSY_SECONDS", 0.05)
    path = tmp_path / "index.sqlite"
    Index(path)
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError):
            Index(path)
    (tmp_path / "damaged.sqlite").write_bytes(b"no table" * 200)
    with pytest.raises(Unreadable):
        Index(tmp_path / "damaged.sqlite")


def test_index_on_a_full_disk_is_not_taken_for_a_damaged_one(make_store, small, monkeypatch):
    spec, trajectory = small
    store = make_store()
    store.put(trajectory, spec)
    store.close()
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def no_room(index, path):
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(Index, "_open", no_room)
        with pytest.raises(BadInput, match=r"disk is full.*free some space"):
            make_store()
    assert not list(store.directory.glob("*damaged*"))
    assert make_store().get(spec.digest()) is not None


def test_archive_written_before_a_crash_is_taken_in_when_the_store_is_verified(make_store, small):
    spec, trajectory = small
    store = make_store()
    store.put(trajectory, spec)
    with sqlite3.connect(store.directory / "index.sqlite") as connection:
        connection.execute("DELETE FROM runs")
    assert store.get(spec.digest()) is None
    assert store.adopt() == 1
    assert store.get(spec.digest()) is not None


def test_store_of_a_newer_program_is_left_alone(make_store, monkeypatch):
    store = make_store()
    store.close()
    with sqlite3.connect(store.directory / "index.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(BadInput, match="version 99"):
        make_store()
    monkeypatch.setenv("DMF_STORE", str(store.directory))
    assert open_store() is None


def test_full_disk_loses_one_run_and_is_said_in_one_sentence(make_store, small, caplog):
    spec, trajectory = small
    store = make_store()
    other = spec.replaced({"seed": 1})
    assert store.put(trajectory, spec)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))  # no file of this process grows beyond
    try:
        with caplog.at_level(logging.WARNING):
            assert not store.put(run(other), other)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert len(caplog.messages) == 1 and "not stored" in store.trouble and store.trouble.count(".\n") == 0
    assert not list(store.directory.rglob("*.part"))
    assert store.get(spec.digest()) is not None
    assert store.put(run(other), other) and store.get(other.digest()) is not None


def test_folder_that_cannot_be_used_leaves_runs_in_memory(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DMF_STORE", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING):
        assert open_store() is None
    assert len(caplog.messages) == 1 and "DMF_STORE" in caplog.messages[0]


def test_least_recently_used_goes_first_and_what_is_pinned_stays(make_store, small):
    spec, _ = small
    specs = [spec.replaced({"seed": seed}) for seed in range(4)]
    runs = [run(each) for each in specs]
    sizes = [len(archive.write(*each)) for each in zip(runs, specs, strict=True)]
    store = make_store(most_bytes=int(3.5 * max(sizes)))
    for each in zip(runs[:3], specs[:3], strict=True):
        store.put(*each)
    store.pin([specs[0].digest()])
    store.get(specs[1].digest())
    store.put(runs[3], specs[3])  # more than fits: the least recently used that is not pinned goes
    assert [store.get(each.digest()) is not None for each in specs] == [True, True, False, True]
    assert not store.path(specs[2].digest()).exists()
    assert store.prune(0, 0) == [specs[1].digest(), specs[3].digest()]
    assert [row.digest for row in store.all()] == [specs[0].digest()]


def test_store_is_bounded_by_count(make_store, small):
    spec, _ = small
    store = make_store(most_rows=2)
    for seed in range(4):
        each = spec.replaced({"seed": seed})
        store.put(run(each), each)
    assert store.totals()[1] <= 2


def test_run_of_given_data_is_stored_only_when_pinned_and_given_only_to_who_has_the_data(make_store, uploaded):
    spec, inputs, trajectory = uploaded
    store = make_store()
    assert not store.put(trajectory, spec, inputs)
    assert store.all() == [] and not list(store.directory.rglob("*.zip"))
    assert store.put(trajectory, spec, inputs, pin=True)
    assert store.get(spec.digest()) is None
    assert store.get(spec.digest(), type(inputs)(inputs.data + 1)) is None
    archived, row = store.get(spec.digest(), inputs)
    assert row.pinned and np.array_equal(archived.inputs.data, inputs.data, equal_nan=True)
