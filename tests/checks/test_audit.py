"""Known vulnerabilities fail the check; an index that does not answer is one line."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from checks import audit

CLEAN = {"name": "numpy", "version": "2", "vulns": []}
UNKNOWN = {"name": "torch", "skip_reason": "not found"}
FAULT = {"name": "x", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}, {"id": "CVE-2", "fix_versions": []}]}


def _answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[bool], list[dict[str, Any]]]) -> None:
    """pip-audit says this; `answer` is told whether it is the probe."""

    def run(command: list[str], **options: Any) -> Any:
        text = json.dumps({"dependencies": answer("--no-deps" in command)})
        return subprocess.CompletedProcess(command, 0, stdout=text)

    monkeypatch.setattr(audit.subprocess, "run", run)


def test_a_vulnerability_fails_with_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _answering(monkeypatch, lambda probe: [FAULT] if probe else [CLEAN, UNKNOWN, FAULT])
    assert audit.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "x 1: CVE-1, mended in 1.1",
        "x 1: CVE-2, mended in no version yet",
        "2 packages were audited; the index does not know torch.",
    ]


def test_nothing_known_passes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _answering(monkeypatch, lambda probe: [FAULT if probe else CLEAN])
    assert audit.main() == 0 and capsys.readouterr().out == "1 packages were audited.\n"


@pytest.mark.parametrize("answer", [UNKNOWN, CLEAN])  # it does not know a package, or names no vulnerability of any
def test_an_index_that_lists_none_is_one_line_and_asked_once(
    answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    probes: list[bool] = []
    _answering(monkeypatch, lambda probe: probes.append(probe) or [answer])
    assert audit.main() == 0 and probes == [True] and len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize("error", [subprocess.TimeoutExpired("pip-audit", 1), ValueError("no JSON")])
def test_no_index_is_one_line(error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(command: list[str], **options: Any) -> Any:
        assert options["timeout"] <= audit.AUDIT_SECONDS  # it never hangs
        raise error

    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.main() == 0 and len(capsys.readouterr().out.splitlines()) == 1
