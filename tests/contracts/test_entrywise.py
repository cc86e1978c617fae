"""Observed entries alone: the deep matrix at sizes and patterns where its own rule would build W, and that rule."""

import math

import pytest
import torch

from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec
from tests.contracts.test_models import MATRICES, equals_the_whole

PATTERNS = {
    "one": lambda rows, columns: [columns],
    "a row": lambda rows, columns: range(columns, 2 * columns),
    "a column": lambda rows, columns: range(1, rows * columns, columns),
    "some": lambda rows, columns: range(1, rows * columns, 5),
    "all": lambda rows, columns: range(rows * columns),
}


@pytest.mark.parametrize("shape", MATRICES)
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("depth", "width"), [(2, None), (2, 1), (3, None), (3, 9), (4, 2), (4, None)])
def test_seen_entries_equal_the_whole_in_every_pattern(
    shape: tuple[int, int], pattern: str, depth: int, width: int | None
) -> None:
    model, index = DeepMatrix(depth=depth, width=width), torch.tensor(list(PATTERNS[pattern](*shape)))
    equals_the_whole(model.linearize_entries(shape, index), model, shape, index)


@pytest.mark.parametrize("shape", [(1682, 943), (943, 1682)])
@pytest.mark.parametrize("depth", [2, 3])
def test_ratings_of_full_size_are_never_made_dense(shape: tuple[int, int], depth: int) -> None:
    model = DeepMatrix(depth=depth)
    assert model.entrywise(shape, torch.arange(0, math.prod(shape), 160)) is not None
    hidden = (depth - 2) * 943**3
    assert model.gradient_flops(shape, 10_000) < 6 * hidden + 1e9 < 0.5 * model.gradient_flops(shape, None)


@pytest.mark.parametrize("depth", range(1, 9))
@pytest.mark.parametrize("observed", [100, 500, 2000, 5000])
def test_matrix_that_fits_into_the_cache_stays_dense(depth: int, observed: int) -> None:
    assert DeepMatrix(depth=depth).entrywise((100, 100), torch.arange(observed)) is None


def test_flow_of_seen_entries_is_the_flow_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first steps of a run, in float64: the same field, evaluated in two ways."""
    sides = {"problem.rows": 300, "problem.columns": 240, "problem.observations": 1500}
    spec = RunSpec().replaced({**sides, "model.depth": 2, "init.scale": 0.1, "dtype": "float64"})

    def twenty(whole: bool) -> list[tuple[float, float]]:
        prepared = prepare(spec)
        assert prepared.field.whole is whole
        steps = spec.integrator.steps(prepared.field, prepared.x)
        return [(step.t, float(prepared.field.W(step).norm())) for step, _ in zip(steps, range(20), strict=False)]

    entrywise = twenty(whole=False)
    monkeypatch.setattr(DeepMatrix, "entrywise", lambda *_: None)
    for ours, theirs in zip(entrywise, twenty(whole=True), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-6)  # roundings of 1e-16, grown along the way
