"""The server's linear algebra has one thread, however the server is started: see `ui`."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
READER = '''
import ctypes, os, threading, time

def threads():
    """Of the OpenBLAS that numpy brings; None while numpy is not loaded."""
    with open("/proc/self/maps") as maps:
        libraries = {line.split()[-1] for line in maps if "libscipy_openblas64_" in line}
    return ctypes.CDLL(libraries.pop()).scipy_openblas_get_num_threads64_() if libraries else None

def report():
    while (found := threads()) is None:
        time.sleep(0.05)
    with open(os.environ["REPORT"] + ".part", "w") as file:
        file.write(str(found))
    os.replace(os.environ["REPORT"] + ".part", os.environ["REPORT"])

if "REPORT" in os.environ and "streamlit" in " ".join(__import__("sys").orig_argv):
    threading.Thread(target=report, daemon=True).start()
'''  # a sitecustomize.py: Python runs it before the server's first line


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="loaded libraries are read from /proc")
@pytest.mark.parametrize("script", ["app.py", "ui/serve.py"])  # `make run` and `python -m streamlit run` are the same command
def test_server_computes_with_one_thread(script: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(READER)
    report = tmp_path / "threads"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    usual = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment = usual | {"REPORT": str(report), "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.address", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        session(port, report)
    finally:
        server.kill()
        server.wait()
    assert report.read_text() == "1"


def session(port: int, report: Path) -> None:
    """Opens the page, as a browser does, and stays until the server has said what it computes with."""
    deadline = time.monotonic() + 60
    while not report.exists():
        assert time.monotonic() < deadline
        try:
            with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"]) as page:  # type: ignore[list-item]
                message = BackMsg()
                message.rerun_script.query_string = ""
                page.send(message.SerializeToString())
                while not report.exists():
                    page.recv(timeout=60)
        except OSError:  # the server is not there yet
            time.sleep(0.05)
