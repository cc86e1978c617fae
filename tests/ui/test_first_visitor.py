"""What `streamlit run app.py` is from its first second on, seen by a first visitor who opens /compare."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation

from tests.ui.visits import visit
from ui.frame import STYLE

ROOT = Path(__file__).parents[2]
READER = '''
import ctypes, os, threading, time

def threads():
    """Of the OpenBLAS that numpy brings; None while numpy is not loaded."""
    with open("/proc/self/maps") as maps:
        libraries = {line.split()[-1] for line in maps if "libscipy_openblas64_" in line}
    return ctypes.CDLL(libraries.pop()).scipy_openblas_get_num_threads64_() if libraries else None

def report():
    while (count := threads()) is None:
        time.sleep(0.05)
    with open(os.environ["REPORT"] + ".part", "w") as file:
        file.write(str(count))
    os.replace(os.environ["REPORT"] + ".part", os.environ["REPORT"])

if "REPORT" in os.environ and "streamlit" in " ".join(__import__("sys").orig_argv):
    threading.Thread(target=report, daemon=True).start()
'''  # a sitecustomize.py: Python runs it before the server's first line


@dataclass(frozen=True)
class Visit:
    messages: list[ForwardMsg]  # all that the server sent until the script had run once
    server: "subprocess.Popen[bytes]"
    threads: Path  # here the server writes how many threads its linear algebra has


@pytest.fixture(scope="module", params=["patched", "DMF_PATCHES=off"])
def first_visit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The first visit of a new server, of the page /compare."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "sitecustomize.py").write_text(READER)
    report = folder / "threads"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    usual = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment = usual | {"REPORT": str(report), "PYTHONPATH": str(folder)}
    environment["DMF_PATCHES"] = "off" if request.param == "DMF_PATCHES=off" else ""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Visit(visit_compare(port), server, report)
    finally:
        server.kill()
        server.wait()


def visit_compare(port: int) -> list[ForwardMsg]:
    """Opens /compare as a browser does, as soon as the server answers; what it sends until the script has run."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with visit(f"127.0.0.1:{port}", "compare") as messages:
                return messages
        except OSError:  # the server is not there yet
            assert time.monotonic() < deadline
            time.sleep(0.05)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="loaded libraries are read from /proc")
def test_server_computes_with_one_thread(first_visit: Visit) -> None:
    wait_until(first_visit.threads.exists)
    assert first_visit.threads.read_text() == "1"


def test_first_visitor_of_compare_has_our_menu_and_style(first_visit: Visit) -> None:
    """Streamlit itself would run pages/compare.py without app.py, with its own list of files at the left."""
    menus = [each.navigation for each in first_visit.messages if each.WhichOneof("type") == "navigation"]
    assert [menu.position for menu in menus] == [Navigation.Position.TOP]
    texts = [each.delta.new_element.html.body for each in first_visit.messages if each.WhichOneof("type") == "delta"]
    assert any(STYLE in text for text in texts)


def test_server_that_is_told_to_end_has_status_0_where_patches_are_on(first_visit: Visit, request: pytest.FixtureRequest) -> None:
    first_visit.server.terminate()
    patched = request.node.callspec.params["first_visit"] == "patched"
    assert first_visit.server.wait(60) == (0 if patched else -signal.SIGTERM)
