"""The recorded result of a reproduction: what a version of the program gave, where, when and in how long. It is shipped."""

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dmf_core.reproductions.framework.report import claims_json, report
from dmf_core.reproductions.framework.reproduction import Key, Reproduction, Results, Run
from dmf_core.reproductions.framework.thinned import thinned
from dmf_core.store import program

RECORDS = Path(__file__).parents[1] / "records"
DIGITS = 6  # of a recorded number: a table needs no more
LIBRARIES = ("numpy", "scipy", "torch")
PROCESSORS = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Effort:
    """What a full form has taken."""

    seconds: float  # by the clock
    processor_seconds: float  # of all processes together
    workers: int


def record(figure: Reproduction, full: Results, quick: Results, effort: Effort, troubles: tuple[str, ...] = ()) -> dict[str, Any]:
    """The report of the full form, the claims of the quick one, and how the full one was made."""
    made = report(figure, full)
    made |= {
        "panels": [thinned(panel) for panel in made["panels"]],
        "quick_claims": claims_json(figure.claims(quick)),
        "troubles": list(troubles),
        "runs": len({run.digest for run in full.runs.values()}),
        "specs": plan_digest(full.runs),
        "quick_specs": plan_digest(quick.runs),
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "workers": effort.workers,
        "seconds": round(effort.seconds, 1),
        "processor_seconds": round(effort.processor_seconds, 1),
        "versions": {"program": program(), "python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in LIBRARIES},
    }
    rounded: dict[str, Any] = _rounded(made)
    return rounded


def write(figure: Reproduction, made: Mapping[str, Any]) -> Path:
    """Writes the record of a figure where the program looks for it. Raises OSError."""
    RECORDS.mkdir(exist_ok=True)
    file = RECORDS / f"{figure.name}.json"
    file.write_text(json.dumps(made, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    recorded.cache_clear()
    return file


@cache
def recorded(name: str) -> dict[str, Any] | None:
    """The record of a figure; None where there is none."""
    file = RECORDS / f"{name}.json"
    if not file.exists():
        return None
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return result


def plan_digest(runs: Mapping[Key, Run]) -> str:
    """sha256 over the digests of the runs, in any order."""
    return hashlib.sha256("\n".join(sorted({run.digest for run in runs.values()})).encode()).hexdigest()


def outdated(figure: Reproduction, made: Mapping[str, Any]) -> list[str]:
    """Why a record no longer follows from the reproduction; empty where it does. Nothing is run."""
    reasons = []
    for form, key, claims in (("full", "specs", "claims"), ("quick", "quick_specs", "quick_claims")):
        runs = figure.runs(quick=form == "quick")
        if plan_digest(runs) != made[key]:
            reasons.append(f"the runs of the {form} form have changed")
        now = claims_json(figure.claims(Results(runs, {}, quick=form == "quick")))
        if [_without_result(each) for each in now] != [_without_result(each) for each in made[claims]]:
            reasons.append(f"the claims of the {form} form have changed")
    texts = {key: getattr(figure, key) for key in ("title", "paper", "about")}
    reasons += [f"its {key} has changed" for key, text in texts.items() if made[key] != text]
    return reasons


def machine() -> str:
    """The kind of this machine in words, without its name: 2 cores of an AMD EPYC, Linux."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{cores} core{'s' if cores > 1 else ''}, {_processor()}, {platform.system()}"


def _processor() -> str:
    """The name of the processor without marks, speed and generation; the architecture where it is unknown."""
    text = PROCESSORS.read_text(encoding="utf-8", errors="replace") if PROCESSORS.exists() else ""
    name = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    words = re.sub(r"\((R|TM|r|tm)\)|@.*|\b(CPU|Processor)\b", " ", name.group(1)) if name else ""
    return " ".join(words.split()) or platform.machine() or "unknown processor"


def _without_result(claim: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a claim says before anything has run: no number, no verdict, no remark."""
    return claim["name"], claim["statement"], claim["relation"], _rounded(claim["bound"]), claim["source"]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value
