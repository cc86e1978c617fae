"""A small run, computed once, and stores in folders of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.store import Store
from dmf_core.trajectory import Trajectory

SMALL = RunSpec().replaced(
    {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30, "save.snapshots": 8}
)


@pytest.fixture(scope="session")
def small() -> tuple[RunSpec, Trajectory]:
    return SMALL, run(SMALL)


@pytest.fixture(scope="session")
def uploaded() -> tuple[RunSpec, Inputs, Trajectory]:
    """A run of somebody's matrix."""
    data = np.outer(np.arange(1.0, 6.0), np.arange(1.0, 5.0))
    data[0, 0] = np.nan
    spec = with_inputs(SMALL, Inputs(data))
    return spec, Inputs(data), run(spec, Inputs(data))


@pytest.fixture
def make_store(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Opens stores, of the test's folder unless told otherwise, and closes them at the end."""
    opened: list[Store] = []

    def make(directory: Path | None = None, **options: int) -> Store:
        opened.append(Store(directory or tmp_path / "store", **options))
        return opened[-1]

    yield make
    for store in opened:
        store.close()
