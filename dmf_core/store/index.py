"""The index of the store: one SQLite file in WAL mode, read and written by several processes at once."""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmf_core.errors import BadInput
from dmf_core.store.row import COLUMNS, Row, from_columns, to_columns

VERSION = 1  # of the tables; raised when an older program could not read them
BUSY_SECONDS = 5.0  # how long one process waits for another one's transaction
PRIMARY = 0xFF  # of an error code of SQLite: the rest says more exactly what happened
NO_DAMAGE = (  # errors of the machine, after which the file is as good as before
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOMEM,
)
AT_ONCE = 500  # digests in one question
KINDS = (
    "TEXT PRIMARY KEY",
    "TEXT",
    "TEXT",
    "TEXT",
    "REAL",
    "INTEGER",
    "TEXT",
    "TEXT",
    "TEXT",
    "TEXT",
    "INTEGER",
    "INTEGER",
    "TEXT",
    "REAL",
    "REAL",
    "INTEGER",
)
DEFINITION = ", ".join(f"{name} {kind}" for name, kind in zip(COLUMNS, KINDS, strict=True))
RUNS, MINIMA = "runs", "minima"  # tables of rows: runs; minimum nuclear norms of the observations of runs, numbers alone
TABLES = f"""
CREATE TABLE IF NOT EXISTS {RUNS} ({DEFINITION}) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS {MINIMA} ({DEFINITION}) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_use ON runs (pinned, used, bytes);
CREATE TABLE IF NOT EXISTS leases (digest TEXT PRIMARY KEY, holder TEXT, host TEXT, pid INTEGER, heart REAL) WITHOUT ROWID;
"""


class Unreadable(Exception):
    """The file is no index, or a damaged one."""


class Index:
    """The tables. Every method may be called from any thread; raises sqlite3.Error where the disk fails."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable, sqlite3.Error where the disk or another process is the reason, and BadInput where a newer program
        made it."""
        self._lock = threading.RLock()
        try:
            self._open(path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & PRIMARY in NO_DAMAGE:
                raise
            raise Unreadable(str(error)) from None

    def _open(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            self._connection.close()
            raise BadInput(
                f"The store in {path.parent} has version {version}, but this program understands versions up to {VERSION}; "
                "update DMF Lab, or name another folder with DMF_STORE."
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def put(self, rows: Iterable[Row], table: str = RUNS) -> None:
        """Adds or replaces rows. An archive that is there is not replaced by numbers alone, and a pin stays."""
        columns, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
        updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in ("digest", "pinned", "created"))
        sql = (
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT (digest) DO UPDATE SET {updates}, "
            f"pinned = max(pinned, excluded.pinned) WHERE excluded.bytes > 0 OR {table}.bytes = 0"
        )
        with self._transaction() as connection:
            connection.executemany(sql, [to_columns(row) for row in rows])

    def rows(self, digests: Sequence[str], table: str = RUNS) -> dict[str, Row]:
        """The rows of these runs, those that are there."""
        rows: dict[str, Row] = {}
        for where, part in _parts(digests):
            rows |= {row.digest: row for row in self._select(where, part, table)}
        return rows

    def all(self) -> list[Row]:
        """Every row, the most recently used first."""
        return self._select("ORDER BY used DESC, digest", ())

    def beginning(self, digits: str) -> list[Row]:
        """The rows whose digest begins so."""
        return self._select("WHERE digest >= ? AND digest < ? ORDER BY digest", (digits, f"{digits}g"))

    def _select(self, where: str, values: Sequence[Any], table: str = RUNS) -> list[Row]:
        with self._lock:
            records = self._connection.execute(f"SELECT {', '.join(COLUMNS)} FROM {table} {where}", values).fetchall()
        return [from_columns(each) for each in records]

    def set(self, digests: Sequence[str], name: str, value: float) -> None:
        """One value of these rows: `used`, `pinned` or `bytes`."""
        with self._transaction() as connection:
            connection.executemany(f"UPDATE runs SET {name} = ? WHERE digest = ?", [(value, digest) for digest in digests])

    def remove(self, digests: Sequence[str]) -> None:
        with self._transaction() as connection:
            connection.executemany("DELETE FROM runs WHERE digest = ?", [(digest,) for digest in digests])

    def keep_latest(self, count: int, table: str) -> None:
        """Removes the oldest rows of a table beyond this count."""
        with self._transaction() as connection:
            connection.execute(
                f"DELETE FROM {table} WHERE digest IN (SELECT digest FROM {table} ORDER BY created DESC LIMIT -1 OFFSET ?)",
                (count,),
            )

    def totals(self) -> tuple[int, int]:
        """(bytes of all archives, number of rows)."""
        with self._lock:
            size, count = self._connection.execute("SELECT coalesce(sum(bytes), 0), count(*) FROM runs").fetchone()
        return int(size), int(count)

    def least_used(self) -> list[tuple[str, int]]:
        """(digest, bytes) of what is not pinned, the least recently used first."""
        with self._lock:
            return self._connection.execute("SELECT digest, bytes FROM runs WHERE pinned = 0 ORDER BY used, digest").fetchall()

    def shrink(self) -> None:
        """Gives the disk back what removed rows took; not while another process writes."""
        with self._lock, contextlib.suppress(sqlite3.OperationalError):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # Leases ----------------------------------------------------------------------------------------------------------

    def claim(self, digests: Sequence[str], holder: str, host: str, stale: float) -> list[str]:
        """Those of these digests that this holder has now: they were free, or their holder is dead."""
        now, taken = time.time(), set()
        with self._transaction() as connection:
            for where, part in _parts(digests):
                leases = connection.execute(f"SELECT digest, holder, host, pid, heart FROM leases {where}", part)
                for digest, other, its_host, pid, heart in leases:
                    if other != holder and now - heart <= stale and (its_host != host or alive(pid)):
                        taken.add(digest)
            granted = [digest for digest in digests if digest not in taken]
            values = [(digest, holder, host, os.getpid(), now) for digest in granted]
            connection.executemany("INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?)", values)
        return granted

    def beat(self, holder: str) -> None:
        """All leases of this holder are alive now."""
        with self._transaction() as connection:
            connection.execute("UPDATE leases SET heart = ? WHERE holder = ?", (time.time(), holder))

    def release(self, digests: Sequence[str], holder: str) -> None:
        with self._transaction() as connection:
            values = [(digest, holder) for digest in digests]
            connection.executemany("DELETE FROM leases WHERE digest = ? AND holder = ?", values)

    def close(self) -> None:
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._connection.close()


def _parts(digests: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """(the condition, what it names): as many as one question may name."""
    for first in range(0, len(digests), AT_ONCE):
        part = digests[first : first + AT_ONCE]
        yield f"WHERE digest IN ({', '.join('?' * len(part))})", part


def alive(pid: int) -> bool:
    """Whether a process of this machine exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it exists and is somebody else's
        return True
    return True
