"""The command line as a process: exit status, streams, signals, a terminal and a pipe."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dmf_core.cli import main

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "dmf_core"]
LONG = ["run", "--set", "stop.loss=1e-13", "--set", "integrator.tolerance=1e-9", "--set", "dtype=float64"]


def _call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=200, **options)  # type: ignore[call-overload, no-any-return]


def test_run_of_a_process_is_verified_by_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run.zip")
    ran = _call("run", "--preset", "five-modes", "--json", "--out", out)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["outcome"] == "converged"
    assert main(["verify", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "equal"


def test_process_says_bad_input_in_one_sentence() -> None:
    ended = _call("run", "--set", "model.depth=9")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr


def test_process_lists_presets_without_torch() -> None:
    code = "import sys; from dmf_core.cli import main; main(['presets']); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=200).returncode == 0


def test_process_help_is_quick_and_whole() -> None:
    before = os.times()
    helped = _call("--help")
    after = os.times()
    assert helped.returncode == 0
    assert "verify" in helped.stdout
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert used < 2  # seconds of the processor, whoever else uses it


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="its work is read from /proc")
def test_process_interrupted_writes_the_part_and_ends_with_130(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.zip"
    default = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen([*PROGRAM, *LONG, "--json", "--out", str(out)], cwd=ROOT, stdout=-1, stderr=-1, **default) as process:  # type: ignore[call-overload]
        deadline = time.perf_counter() + 200
        while not list(tmp_path.iterdir()) and time.perf_counter() < deadline:
            time.sleep(0.05)
        placed = _worked(process.pid)  # the place of the output is taken just before the run
        while _worked(process.pid) < placed + 1 and time.perf_counter() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=200)
    assert process.returncode == 130, errors
    assert json.loads(printed)["outcome"] == "cancelled"
    assert b"Traceback" not in errors
    assert [each.name for each in tmp_path.iterdir()] == ["run.zip"]
    assert main(["show", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "cancelled"


def _worked(pid: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_process_without_reader_ends_quietly() -> None:
    with subprocess.Popen([*PROGRAM, "presets"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        errors = process.stderr.read() if process.stderr else b""
        process.wait(timeout=200)
    assert errors == b""
    assert process.returncode in (0, 1)


def test_process_on_a_terminal_shows_a_bar() -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, *LONG, "--set", "stop.seconds=2"], cwd=ROOT, stdout=subprocess.PIPE, stderr=follower
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        process.communicate(timeout=200)
    os.close(leader)
    assert b"%" in shown
    assert b"error" in shown


def test_process_with_a_file_limit_says_so(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

    ended = _call("run", "--preset", "five-modes", "--json", "--out", str(tmp_path / "run.zip"), preexec_fn=limit)
    assert ended.returncode == 1
    assert "could not be written: File too large" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not list(tmp_path.iterdir())
