"""Ready maps: questions that a field of runs answers. Their sentences are checked by tests/sweep/test_ready.py."""

from dataclasses import dataclass, field
from typing import Any

from dmf_core.spec import RunSpec
from dmf_core.sweep.field import MapQuestion

_SMALL = {
    "problem.rows": 30,
    "problem.columns": 30,
    "problem.rank": 2,
    "problem.observations": 300,
    "model.depth": 3,
    "init.kind": "balanced",
    "init.scale": 1e-3,
    "stop.loss": 1e-4,
    "save.snapshots": 60,
}


@dataclass(frozen=True)
class ReadyMap:
    """A map with a name. `changes` are of the default run, by path."""

    name: str
    title: str
    sentence: str
    changes: dict[str, Any]
    across: str
    up: str
    options: dict[str, Any] = field(default_factory=dict)  # of MapQuestion

    def field(self) -> MapQuestion:
        return MapQuestion(RunSpec().replaced(self.changes), self.across, self.up, **self.options)


_ALL = (
    ReadyMap(
        "rank-by-observations",
        "Rank × observations",
        "How many observed entries does each rank need at depth 3?",
        _SMALL,
        "problem.observations=60:840:30",
        "problem.rank=1:10",
    ),
    ReadyMap(
        "depths-and-nuclear-norm",
        "Depths 2 and 3, and the nuclear norm",
        "How many observed entries does each rank need at depth 3, at depth 2, and for the smallest nuclear norm?",
        _SMALL | {"problem.rows": 20, "problem.columns": 20, "problem.observations": 200},
        "problem.observations=40:400:20",
        "problem.rank=1:5",
        {"seeds": 3, "other_depths": (2,), "least": True},
    ),
    ReadyMap(
        "depth-by-observations",
        "Depth × observations",
        "From how many observed entries on does each depth find a matrix of rank 2?",
        _SMALL,
        "problem.observations=60:660:20",
        "model.depth=1:5",
    ),
    ReadyMap(
        "depth-by-scale",
        "Depth × initial scale",
        "How low is the effective rank of what training finds, by depth and by the size of the start?",
        _SMALL | {"problem.observations": 200},
        "init.scale=1:1e-5:11log",
        "model.depth=1:4",
        {"measure": "entropy_rank", "threshold": 2.5, "log": False},
    ),
    ReadyMap(
        "noise-by-time",
        "Noise × stopping time",
        "With noisy observations there is a best time to stop: before it the signal is missing, after it the noise is fitted.",
        _SMALL | {"problem.observations": 450, "stop.loss": None, "stop.time": 100.0},
        "stop.time=100:100000:16log",
        "problem.noise=0:0.5:6lin",
        {"measure": "unobserved_error"},
    ),
    ReadyMap(
        "tensor-order",
        "Tensor order × observations",
        "Orders 3, 4 and 5, with 512 to 1\u202f024 entries and two components: how many observed entries does a CP model need?",
        {
            "problem.kind": "tensor_completion",
            "problem.shape": [8, 8, 8],
            "problem.rank": 2,
            "problem.observations": 200,
            "model.kind": "cp",
            "model.rank": 16,
            "init.scale": 0.3,
            "stop.loss": 1e-3,
            "save.snapshots": 60,
        },
        "problem.observations=60:360:30",
        "problem.shape=[8,8,8],[5,5,5,5],[4,4,4,4,4]",
        {"threshold": 0.3},
    ),
    ReadyMap(
        "connectivity",
        "Where the entries are seen",
        "The same number of observed entries, anywhere, in a band, with one row unseen, or in two blocks that share nothing.",
        _SMALL,
        "problem.observations=120:390:15",
        "problem.pattern=disconnected,empty_row,banded,uniform",
        {"measure": "unobserved_error"},
    ),
)
READY: dict[str, ReadyMap] = {each.name: each for each in _ALL}
