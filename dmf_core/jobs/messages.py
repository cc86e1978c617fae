"""What parent and worker say to each other, pickled over a private pipe into which nothing from outside ever goes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmf_core.analysis.accuracy import Outline
from dmf_core.cost import USUAL, Machine
from dmf_core.inputs import Inputs
from dmf_core.trajectory import Accuracy, Event, Insight


@dataclass(frozen=True, eq=False)
class Run:
    """To the worker, only when it is idle: compute this run."""

    spec: str  # JSON
    inputs: Inputs
    work: str  # MODULE:FUNCTION, a generator of events like `simulate`


@dataclass(frozen=True, eq=False)
class Explain:
    """To the worker, only when it is idle: lay the theory over a run that has ended."""

    spec: str  # JSON
    inputs: Inputs
    t: np.ndarray  # [T] of its snapshots
    iteration: np.ndarray  # [T]
    outline: Outline  # what its accuracy is estimated from
    why_not: str = ""  # a sentence: why there is no theory of it, but an accuracy


@dataclass(frozen=True, eq=False)
class Batch:
    """To the worker, only when it is idle: many runs of which only numbers are needed, as in a sweep."""

    specs: tuple[str, ...]  # JSON
    inputs: Inputs
    work: str  # MODULE:FUNCTION, a generator of an answer for each spec, in any order, and of None as a sign of life


@dataclass(frozen=True)
class Cancel:
    """To the worker: end the present run where it is. Means nothing when there is none."""


@dataclass(frozen=True)
class Ready:
    """From the worker, once: warmed up."""

    machine: Machine = USUAL


@dataclass(frozen=True)
class Begun:
    """From the worker: it has the run. If it dies before, the run was not the reason."""


@dataclass(frozen=True, eq=False)
class Events:
    """From the worker: what the run has yielded. The End is in the last one."""

    events: tuple[Event, ...]


@dataclass(frozen=True, eq=False)
class Answers:
    """From the worker: what a batch has yielded since the last message. `last`: all is done, or it was cancelled."""

    answers: tuple[Any, ...]
    last: bool


@dataclass(frozen=True)
class Failed:
    """From the worker: the run raised, and has ended without an End."""

    sentence: str
    traceback: str  # for the log; empty for BadInput


@dataclass(frozen=True, eq=False)
class Explained:
    """From the worker: the theory of a run, and `Assessed` follows. None: it was interrupted, and nothing follows."""

    insight: Insight | None


@dataclass(frozen=True)
class Assessed:
    """From the worker: how accurate the run is. None: that is not estimated, or it was interrupted."""

    accuracy: Accuracy | None


ToWorker = Run | Explain | Batch | Cancel
FromWorker = Ready | Begun | Events | Answers | Failed | Explained | Assessed
