"""The runs that a session has shown, with their settings and results: what the table below the comparison holds."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from dmf_core import limits
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.session.state import Session

RESULTS = {  # key -> label, unit of the column
    "outcome": "Ended",
    "observed_error": "Observed error",
    "unobserved_error": "Unseen error",
    "reconstruction_error": "Distance to the truth",
    "entropy_rank": "Effective rank (entropy)",
    "ratio_rank": "Effective rank (ratio)",
    "nuclear_norm": "Nuclear norm",
    "t": "Time t",
    "gradients": "Gradients",
    "seconds": "Seconds",
}
MEASURED = ("observed_error", "unobserved_error", "reconstruction_error", "entropy_rank", "ratio_rank", "nuclear_norm")
NOT_SETTINGS = {"version", "save.snapshots", "stop.seconds", "device"}


@dataclass(frozen=True)
class Tried:
    """One run, with what it ended with as far as that is known."""

    spec: RunSpec
    inputs: Inputs = Inputs()
    results: dict[str, Any] = field(default_factory=dict)
    pinned: bool = False

    @property
    def digest(self) -> str:
        return self.spec.digest()


@dataclass
class TriedRuns:
    """Bounded: beyond the limit the oldest run goes that is not pinned."""

    runs: dict[str, Tried] = field(default_factory=dict)  # by digest, in the order of the first sight

    def see(self, spec: RunSpec, inputs: Inputs, result: Job | Trajectory | None) -> None:
        """Remembers a run that is shown, and its results so far."""
        digest = spec.digest()
        before = self.runs.get(digest) or Tried(spec, inputs)
        self.runs[digest] = replace(before, results=results(result) or before.results)
        loose = [key for key, each in self.runs.items() if not each.pinned and key != digest]
        while len(self.runs) > limits.MAX_TRIED and loose:
            del self.runs[loose.pop(0)]

    def pin(self, digests: Iterable[str]) -> None:
        """Pins these runs; those that are all pinned already are let go."""
        chosen = [digest for digest in digests if digest in self.runs]
        pinned = not all(self.runs[digest].pinned for digest in chosen)
        for digest in chosen:
            self.runs[digest] = replace(self.runs[digest], pinned=pinned)

    def delete(self, digests: Iterable[str]) -> None:
        for digest in digests:
            self.runs.pop(digest, None)

    def in_order(self) -> list[Tried]:
        """Pinned ones first, the latest before the earlier."""
        return sorted(reversed(self.runs.values()), key=lambda each: not each.pinned)


def tried_runs() -> TriedRuns:
    """The runs of this browser tab."""
    if "tried" not in st.session_state:
        st.session_state.tried = TriedRuns()
    runs: TriedRuns = st.session_state.tried
    return runs


def remember(visitor: Session, shown: Job | Trajectory | None) -> None:
    """The run that a page shows, if it shows one."""
    if shown is not None:
        tried_runs().see(visitor.spec, visitor.inputs, shown)


def results(result: Job | Trajectory | None) -> dict[str, Any]:
    """The numbers that a run has ended with, or has reached; empty before its first picture."""
    run = result.trajectory if isinstance(result, Job) else result
    if run is None:
        return {}
    last = run.snapshots[-1]
    outcome = "running" if run.end is None else run.end.outcome.value.replace("_", " ")
    return {
        "outcome": outcome,
        **{key: last.measures[key] for key in MEASURED},
        "t": last.t,
        "gradients": last.gradients,
        "seconds": last.seconds if run.end is None else run.end.seconds,
    }


def differing(runs: Iterable[Tried]) -> list[str]:
    """The paths of the settings that are not the same in all of these runs; of a single one none."""
    flat = [settings(each.spec) for each in runs]
    paths = dict.fromkeys(path for each in flat for path in each)
    paths_that_differ = [path for path in paths if len({str(each.get(path)) for each in flat}) > 1]
    masks = {each.get("problem.mask") for each in flat} - {None}
    if "problem.pattern" in paths_that_differ and len(masks) == 1:
        paths_that_differ.remove("problem.mask")  # the one drawing belongs to its pattern
    return paths_that_differ


def with_drawing(runs: list[Tried]) -> Tried:
    """The run to make the others from: only one that has a drawn mask can give it to them."""
    return next((each for each in runs if settings(each.spec).get("problem.mask")), runs[0])


def settings(spec: RunSpec) -> dict[str, Any]:
    """Every setting that can change the result, by path."""
    by_path: dict[str, Any] = {}
    for head, value in spec.model_dump(mode="json").items():
        parts = {f"{head}.{name}": each for name, each in value.items()} if isinstance(value, dict) else {head: value}
        by_path |= {path: each for path, each in parts.items() if path not in NOT_SETTINGS}
    return by_path


def one_factor(runs: list[Tried]) -> str | None:
    """The setting in which these runs differ, where it is the only one and Compare can show them together."""
    factors = differing(runs)
    kind = [path for path in factors if path.endswith(".kind")]
    if len(kind) == 1 and all(path.startswith(kind[0].removesuffix("kind")) for path in factors):
        factors = kind  # another kind brings fields of its own
    fits = limits.MIN_COMPARED <= len(runs) <= limits.MAX_COMPARED
    return factors[0] if fits and len(factors) == 1 else None


def to_csv(runs: list[Tried]) -> str:
    """Every setting and result of every run, and how its data were read; one line each, full precision."""
    paths = list(dict.fromkeys(path for each in runs for path in settings(each.spec)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["digest", "pinned", *paths, *RESULTS, "data"])
    for each in runs:
        own = settings(each.spec)
        account = each.inputs.account
        values = [own.get(path) for path in paths] + [each.results.get(key) for key in RESULTS]
        values.append(account["sentence"] if account else None)
        writer.writerow([each.digest, each.pinned, *("" if value is None else value for value in values)])
    return text.getvalue()
