"""Where observed entries may sit, and that a new setting leaves old digests alone."""

from typing import get_args

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dmf_core.errors import BadInput
from dmf_core.prepare import prepare
from dmf_core.problems.patterns import Region, allowed, observable
from dmf_core.spec import RunSpec

SMALL = {"problem.rows": 12, "problem.columns": 20, "problem.rank": 2, "problem.observations": 40}


def components(mask: np.ndarray) -> int:
    """Of the graph whose vertices are rows and columns and whose edges are observed entries. Oracle: scipy."""
    i, j = np.nonzero(mask)
    vertices = sum(mask.shape)
    return int(connected_components(coo_array((np.ones(len(i)), (i, mask.shape[0] + j)), shape=(vertices, vertices)))[0])


@pytest.mark.parametrize("pattern", get_args(Region))
def test_pattern_holds_every_observed_entry(pattern: str) -> None:
    problem = prepare(RunSpec().replaced(SMALL | {"problem.pattern": pattern})).problem
    mask = problem.observed.numpy()
    assert mask.sum() == 40
    assert not mask[~allowed(pattern, 12, 20)].any()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "parts", "share"), [("uniform", 1, 1), ("disconnected", 2, 1 / 2), ("block", 1, 3 / 4), ("empty_row", 2, 11 / 12)]
)
def test_pattern_has_its_parts_and_its_share(pattern: Region, parts: int, share: float) -> None:
    mask = allowed(pattern, 12, 20)
    assert components(mask) == parts
    assert mask.mean() == pytest.approx(share)


def test_banded_pattern_is_connected_and_near_the_diagonal() -> None:
    mask = allowed("banded", 40, 40)
    i, j = np.nonzero(mask)
    assert components(mask) == 1
    assert np.abs(i - j).max() == 10  # a quarter of the side


def test_more_observations_of_a_pattern_contain_the_fewer() -> None:
    few, many = (
        prepare(RunSpec().replaced(SMALL | {"problem.pattern": "disconnected", "problem.observations": count})).problem.observed
        for count in (40, 90)
    )
    assert not (few & ~many).any()


def test_too_many_observations_for_a_pattern_are_refused_with_the_limit() -> None:
    assert observable("disconnected", 12, 20) == 120
    with pytest.raises(BadInput, match=r"121.*120 entries where the pattern disconnected allows; choose from 1 to 120"):
        RunSpec().replaced(SMALL | {"problem.observations": 121, "problem.pattern": "disconnected"})


def test_digest_of_the_default_run_is_the_one_that_it_had_before_patterns() -> None:
    """Archives and pictures made before name it: it may change only together with RunSpec.version."""
    assert RunSpec().digest().startswith("e5a16147")
    assert RunSpec().replaced({"problem.pattern": "block"}).digest() != RunSpec().digest()
