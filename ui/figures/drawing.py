"""One picture at a time: matplotlib's settings belong to the whole process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

_DRAWING = threading.Lock()


@contextmanager
def drawing(salt: str, letters: float = 8.5) -> Iterator[None]:
    """Holds the lock and applies our settings. The same salt gives the same bytes. `letters`: points of a text."""
    settings: Any = {"svg.hashsalt": salt, "svg.fonttype": "path", "pdf.fonttype": 42}
    with _DRAWING, matplotlib.rc_context(settings | {"font.family": "DejaVu Sans", "font.size": letters}):
        yield
