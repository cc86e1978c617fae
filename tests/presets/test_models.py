"""What the presets of other models than a product of matrices say of themselves is true."""

import numpy as np
import pytest

from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from tests.presets.preset_runs import births_of, last, modes_above, run_of


def test_preset_of_three_components_grows_no_others() -> None:
    assert preset_spec("three-components").model.factor_shapes((16, 16, 16))[0] == (16, 256)
    trajectory = run_of("three-components")
    births = births_of(trajectory, 3)
    assert (np.diff(births) > 0).all()
    assert modes_above("three-components", "component_norms") == 3
    assert last("three-components", "reconstruction_error") < 0.05


def test_preset_of_a_large_tensor_start_fits_with_many_components_and_misses_the_rest() -> None:
    small, large = preset_spec("three-components"), preset_spec("components-large-start")
    assert large == small.replaced({"init.scale": 100 * small.init.scale})
    assert last("components-large-start", "observed_error") <= 1e-4
    assert modes_above("components-large-start", "component_norms") > 50
    assert last("components-large-start", "unobserved_error") > 0.5  # a typical entry is 1


@pytest.mark.parametrize(("name", "rank"), [("multilinear-rank", 3), ("train-ranks", 3), ("tree-ranks", 2)])
def test_preset_of_ranks_finds_those_of_the_truth(name: str, rank: int) -> None:
    trajectory = run_of(name)
    assert {modes_above(name, spectrum) for spectrum in trajectory.spectra} == {rank}
    truths = [trajectory.start.true_singular_values, *trajectory.start.true_spectra.values()]
    assert all(values is not None and int((values > 1e-5 * values[0]).sum()) == rank for values in truths)


def test_preset_symmetric_misses_less_than_a_tenth_of_what_two_separate_factors_do() -> None:
    trajectory, spec = run_of("symmetric"), preset_spec("symmetric")
    other = run(spec.replaced({"model.kind": "deep_matrix", "model.depth": 2}))
    assert np.array_equal(trajectory.start.observed_mask, other.start.observed_mask)
    errors = [np.sqrt(each.snapshots[-1].measures["unobserved_error"] or np.nan) for each in (trajectory, other)]
    assert errors[0] < 0.1 * errors[1]


@pytest.mark.parametrize(("truth", "finds", "misses"), [("sparse", "entries", "product"), ("low-rank", "product", "entries")])
def test_presets_of_the_parametrization_find_what_it_prefers_from_the_same_data(truth: str, finds: str, misses: str) -> None:
    finds_it, missed = f"{truth}-{finds}", f"{truth}-{misses}"
    assert preset_spec(finds_it).problem == preset_spec(missed).problem
    assert np.array_equal(run_of(finds_it).start.ground_truth, run_of(missed).start.ground_truth)
    for name in (finds_it, missed):
        assert last(name, "observed_error") <= 1e-5
    assert last(finds_it, "reconstruction_error") < (0.01 if truth == "sparse" else 0.03)
    assert last(missed, "reconstruction_error") > 0.7


def test_preset_sparse_entries_finds_exactly_the_entries_that_are_not_zero() -> None:
    start, end = run_of("sparse-entries").start, run_of("sparse-entries").end
    assert end is not None
    W = np.abs(end.end_to_end_last)
    assert np.array_equal(0.01 * W.max() < W, start.ground_truth != 0)
    assert np.count_nonzero(start.ground_truth) == 20


def test_preset_unseen_entries_leaves_them_where_they_started() -> None:
    trajectory, unseen = run_of("unseen-entries"), ~run_of("unseen-entries").start.observed_mask
    assert trajectory.end is not None
    assert np.array_equal(trajectory.end.end_to_end_last[unseen], trajectory.start.end_to_end_first[unseen])
    assert last("unseen-entries", "observed_error") <= 1e-5
