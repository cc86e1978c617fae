"""The file of the rooms: their state, every answer, and the packed runs, so that all of it outlives the server.

SQLite with a write-ahead log: an answer that was acknowledged survives the end of the process, by kill -9 too, but the last ones
may be lost when the power fails (synchronous=NORMAL: no wait for the disk).
"""

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from dmf_core import limits
from ui.lecture.keys import new_secret
from ui.lecture.timeline import Moments

TABLES = """
CREATE TABLE IF NOT EXISTS secret (value BLOB);
CREATE TABLE IF NOT EXISTS room (code TEXT PRIMARY KEY, made REAL, script TEXT, state TEXT);
CREATE TABLE IF NOT EXISTS answer (room TEXT, scene INTEGER, voter TEXT, value REAL, PRIMARY KEY (room, scene, voter));
CREATE TABLE IF NOT EXISTS run (digest TEXT PRIMARY KEY, moments TEXT, used REAL);
CREATE TABLE IF NOT EXISTS part (digest TEXT, until INTEGER, ends REAL, bytes BLOB, PRIMARY KEY (digest, until, ends));
DROP TABLE IF EXISTS body; -- of an earlier version; runs are packed again
"""
Answer = int | float | tuple[int, ...]  # number of a choice from 0, a moment, or heights of a sketch, per cent of its top
Truth = int | float | tuple[float, ...]  # the same of what is right, a curve in its own units
Part = tuple[int | None, float | None]  # of a run: its last frame, and where its time axis ends then
WHOLE = -1  # in place of the last frame, or of the end of the axis


class AnswerBook:
    """Every method may be called from any thread; each is one short transaction."""

    def __init__(self, file: Path | None) -> None:
        """None: in memory, for tests and where nothing is to be written. Raises OSError or sqlite3.Error."""
        self._lock = threading.Lock()
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # it holds the secret; SQLite gives its log the same rights
            file.chmod(0o600)
        self._base = sqlite3.connect(":memory:" if file is None else file, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.executescript(TABLES)
        row = self._fetch_one("SELECT value FROM secret")
        self.secret: bytes = row[0] if row else new_secret()
        if not row:
            self._do("INSERT INTO secret VALUES (?)", self.secret)

    # Rooms -----------------------------------------------------------------------------------------------------------

    def save_room(self, code: str, made: float, script: str, state: str) -> None:
        self._do("INSERT OR REPLACE INTO room VALUES (?, ?, ?, ?)", code, made, script, state)

    def save_state(self, code: str, state: str) -> None:
        self._do("UPDATE room SET state = ? WHERE code = ?", state, code)

    def rooms(self) -> list[tuple[str, float, str, str]]:
        """(code, when it was made, script, state), the newest first."""
        return self._all("SELECT code, made, script, state FROM room ORDER BY made DESC")

    def delete_room(self, code: str) -> None:
        """Deletes a room with all its answers."""
        with self._lock, self._base:
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM answer WHERE room = ?", (code,))
            self._base.execute("DELETE FROM room WHERE code = ?", (code,))

    # Answers ---------------------------------------------------------------------------------------------------------

    def answer(self, room: str, scene: int, voter: str, value: Answer) -> None:
        """The one answer of this voter from now on. Written when this returns."""
        written = json.dumps(value) if isinstance(value, tuple) else value
        self._do("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", room, scene, voter, written)

    def answers(self, room: str, scene: int) -> dict[str, Answer]:
        rows = self._all("SELECT voter, value FROM answer WHERE room = ? AND scene = ?", room, scene)
        return {voter: _answer(value) for voter, value in rows}

    # Runs ------------------------------------------------------------------------------------------------------------

    def save_run(self, moments: Moments, bodies: dict[Part, bytes], now: float) -> None:
        """What phones need of a run; of those not used for longest only limits.LECTURE_RUNS stay."""
        with self._lock, self._base:
            self._base.execute("BEGIN")
            text = json.dumps(moments.as_dict())
            self._base.execute("INSERT OR REPLACE INTO run VALUES (?, ?, ?)", (moments.digest, text, now))
            rows = [(moments.digest, *_key(part), body) for part, body in bodies.items()]
            self._base.executemany("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)", rows)
            old = "SELECT digest FROM run ORDER BY used DESC LIMIT -1 OFFSET ?"
            self._base.execute(f"DELETE FROM run WHERE digest IN ({old})", (limits.LECTURE_RUNS,))
            self._base.execute("DELETE FROM part WHERE digest NOT IN (SELECT digest FROM run)")

    def run(self, digest: str) -> Moments | None:
        row = self._fetch_one("SELECT moments FROM run WHERE digest = ?", digest)
        try:
            return None if row is None else Moments.from_dict(json.loads(row[0]))
        except KeyError:  # of an earlier version, which knew less of a run
            return None

    def body(self, digest: str, until: int | None, ends: float | None = None) -> bytes | None:
        key = _key((until, ends))
        row = self._fetch_one("SELECT bytes FROM part WHERE digest = ? AND until = ? AND ends = ?", digest, *key)
        return None if row is None else row[0]

    def close(self) -> None:
        with self._lock:
            self._base.close()

    # -----------------------------------------------------------------------------------------------------------------

    def _do(self, statement: str, *values: Any) -> None:
        with self._lock:
            self._base.execute(statement, values)

    def _all(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._base.execute(statement, values).fetchall()

    def _fetch_one(self, statement: str, *values: Any) -> Any:
        with self._lock:
            return self._base.execute(statement, values).fetchone()


def _key(part: Part) -> tuple[int, float]:
    until, ends = part
    return WHOLE if until is None else until, float(WHOLE) if ends is None else ends


def _answer(value: str | float) -> Answer:
    if isinstance(value, str):
        return tuple(json.loads(value))
    return int(value) if float(value).is_integer() else value
