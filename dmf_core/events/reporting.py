"""Hands records to the log and to those that count. May be called from any thread."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from dmf_core.events.records import Record, RefusalRecord, as_text

LOGGER = "dmf.events"
REFUSAL_SECONDS = 1.0  # between two lines about refusals of one kind: whoever is refused does not fill the disk
Listener = Callable[[Record], None]

log = logging.getLogger(LOGGER)
_listeners: list[Listener] = []
_lock = threading.Lock()
_refusals: dict[tuple[str, str], tuple[float, int]] = {}  # by where and why: the last line, and how many came since


def listen(listener: Listener) -> Callable[[], None]:
    """From now on the listener gets every record, on the thread that makes it. Returns what ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener) if listener in _listeners else None


def record(event: Record) -> None:
    """One line of the log, and a word to every listener."""
    for listener in tuple(_listeners):
        listener(event)
    _write(event)


def refused(where: str, why: str) -> None:
    """A refusal: counted every time, written once a second for each kind."""
    event = RefusalRecord(where, why)
    for listener in tuple(_listeners):
        listener(event)
    now = time.monotonic()
    with _lock:
        line, count = _refusals.get((where, why), (-REFUSAL_SECONDS, 0))
        due = now - line >= REFUSAL_SECONDS
        _refusals[where, why] = (now, 0) if due else (line, count + 1)
    if due:
        _write(replace(event, count=count + 1))


def _write(event: Record) -> None:
    if log.isEnabledFor(event.level):
        log.log(event.level, as_text(event), extra={"record": event})
