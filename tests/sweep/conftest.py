"""A small field of runs, and a store for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dmf_core.spec import RunSpec
from dmf_core.store import Store
from dmf_core.sweep import Plan, Sweep, plan

SMALL = RunSpec().replaced(
    {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30, "save.snapshots": 8}
)


def finish(sweep: Sweep) -> Sweep:
    """Polls it until it has ended."""
    while not sweep.ended:
        sweep.poll(0.001)
    return sweep


@pytest.fixture(scope="session")
def small_plan() -> Plan:
    """Two depths, three seeds."""
    return plan(SMALL, {"model.depth": "2,3", "seed": "0:2"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store")
    yield opened
    opened.close()
