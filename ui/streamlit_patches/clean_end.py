"""A server that is told to end, by Ctrl-C or SIGTERM, ends with status 0.

uvicorn raises the signal again once everything is closed, so that Streamlit prints "Aborted!" and the status is 1, or 143.
Buys: what supervises the server (make, Docker, systemd) sees a good end as one, and every line of the log is a record.
"""

import signal

from ui.streamlit_patches import enabled


def end_cleanly() -> None:
    """Called on the main thread when everything is closed, where patches are on."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)  # the handler is a method of uvicorn's server
    raised_again = getattr(server, "_captured_signals", None)
    if enabled() and isinstance(raised_again, list):
        raised_again.clear()
