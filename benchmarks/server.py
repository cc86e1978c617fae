"""A server of the dashboard for the benchmarks that need one, and how Chromium is started."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# The list of address bars takes half a second of the processor for each new profile, and nobody types an address here. The
# others are what Playwright switches off: of two lists Chromium reads the last one only.
SWITCHED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(SWITCHED_OFF)}",
]


def free_port() -> int:
    """A port of this machine that nobody listens to now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def command(port: int) -> list[str]:
    """What `make run` calls, at this port and for this machine only."""
    given = ["run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"]
    return [sys.executable, "-m", "streamlit", *given]


@contextmanager
def serve(seconds: float = 60) -> Iterator[str]:
    """The dashboard as `make run` serves it, on a free port of this machine. Yields its address."""
    port = free_port()
    environment = {**os.environ, "DMF_STORE": "off", "DMF_LECTURES": "off"}  # every run is to be computed; no rooms
    server = subprocess.Popen(command(port), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + seconds
        while not _healthy(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The server did not start.")
            time.sleep(0.1)
        time.sleep(6)  # workers and the first picture are ready
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
