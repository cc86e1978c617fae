"""W = u^N - v^N entry by entry: its starts, what it conserves and leaves alone, and its theory along a run."""

import math

import numpy as np
import pytest
import torch

from dmf_core.analysis.replay import explained
from dmf_core.cli.words import title
from dmf_core.inputs import Inputs
from dmf_core.models.hadamard import Hadamard
from dmf_core.models.starts import Initialization
from dmf_core.prepare import in_units_of_data, prepare, with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.entry_flow import invariant
from dmf_core.trajectory import Trajectory
from ui.figures.births import at, grown
from ui.figures.scene import scene
from ui.figures.spectra import pictured
from ui.figures.text.summary import sentences

ENTRIES = {"model.kind": "hadamard", "model.depth": 2, "init.kind": "balanced", "init.scale": 1e-4}
SIZE = {"problem.rows": 12, "problem.columns": 10, "problem.rank": 2, "problem.observations": 60}
SENSING = SIZE | {"problem.kind": "matrix_sensing", "problem.truth": "sparse", "problem.rank": 4}


def explained_run(changes: dict[str, object]) -> tuple[RunSpec, Trajectory]:
    spec = RunSpec().replaced(ENTRIES | changes)
    return spec, explained(run(spec), spec)


def births(of: Trajectory) -> dict[int, float]:
    return {growth.mode: at(of.column("t"), growth.born) for growth in grown(of) if growth.born is not None}


@pytest.fixture(scope="module")
def completed() -> tuple[RunSpec, Trajectory]:
    return explained_run(SIZE)


@pytest.fixture(scope="module")
def sensed() -> tuple[RunSpec, Trajectory]:
    return explained_run(SENSING)


@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_start_is_zero_with_both_halves_as_large_as_W_starts_in_other_models(depth: int) -> None:
    model = Hadamard(depth=depth)
    u, v = Initialization(kind="balanced", scale=1e-3).sample(model, (100, 100), 1)
    assert not model.end_to_end((u, v)).any()
    assert float((u**depth).norm()) == pytest.approx(1e-3 * math.sqrt(100), rel=1e-12)
    assert model.size((u, v)) == pytest.approx(1e-3 * math.sqrt(100), rel=1e-12)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_what_the_model_conserves_is_what_the_theory_says(depth: int) -> None:
    u, v = (torch.rand(4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(i)) + 0.1 for i in (1, 2))
    (conserved,) = Hadamard(depth=depth).conserved((u[None], v[None]))
    torch.testing.assert_close(conserved[0], invariant(u, v, depth))


def test_scale_of_given_data_is_a_share_of_their_norm() -> None:
    """W starts at zero, so the share is that of u^N."""
    data = np.where(np.arange(80).reshape(8, 10) % 3 > 0, 100.0, np.nan)
    spec = in_units_of_data(with_inputs(RunSpec().replaced(ENTRIES), Inputs(data=data)), ["init.scale"])
    prepared = prepare(spec, Inputs(data=data))
    u, _ = prepared.field.factors(prepared.x)
    assert float(u.pow(2).norm()) == pytest.approx(1e-4 * prepared.problem.scale, rel=1e-5)  # float32


def test_completion_leaves_every_unseen_entry_at_its_start_and_the_page_says_so(completed: tuple[RunSpec, Trajectory]) -> None:
    spec, of = completed
    assert of.end is not None
    unseen = ~of.start.observed_mask
    assert np.array_equal(of.end.end_to_end_last[unseen], of.start.end_to_end_first[unseen])
    shown = pictured(of, spec)
    text = sentences(shown, spec, grown(shown))
    assert "No unseen entry has moved from its start: here every entry has factors of its own." in text


def test_more_entries_than_are_recorded_are_said_to_be_more() -> None:
    spec = RunSpec().replaced(
        ENTRIES | {"problem.rows": 20, "problem.columns": 20, "problem.rank": 2, "problem.observations": 250}
    )
    shown = pictured(run(spec), spec)
    text = " ".join(sentences(shown, spec, grown(shown)))
    assert "128 or more entries were born" in text
    assert "nonzero entries" not in text


def test_unseen_entries_of_given_factors_stay_at_these(completed: tuple[RunSpec, Trajectory]) -> None:
    factors = tuple(np.random.default_rng(i).random((12, 10)) * 0.1 + 0.05 for i in (0, 1))
    spec = with_inputs(RunSpec().replaced(ENTRIES | SIZE), Inputs(factors=factors))
    of = run(spec, Inputs(factors=factors))
    assert of.end is not None
    unseen = ~of.start.observed_mask
    assert np.count_nonzero(of.start.end_to_end_first) > 100
    assert np.array_equal(of.end.end_to_end_last[unseen], of.start.end_to_end_first[unseen])


def test_births_in_completion_are_predicted_exactly(completed: tuple[RunSpec, Trajectory]) -> None:
    """Each entry is by itself: what is off is the integrator's tolerance and the snapshots."""
    spec, of = completed
    assert of.insight is not None
    measured = births(pictured(of, spec))
    assert len(of.insight.births) == 12
    for number, time in enumerate(of.insight.births, start=1):
        assert time == pytest.approx(measured[number], rel=0.01)


def test_births_in_sensing_are_predicted_for_entries_that_stand_out(sensed: tuple[RunSpec, Trajectory]) -> None:
    spec, of = sensed
    assert of.insight is not None
    measured = births(pictured(of, spec))
    predicted = {i + 1: time for i, time in enumerate(of.insight.births) if np.isfinite(time)}
    assert 1 in predicted
    assert set(predicted) <= set(measured)
    for number, time in predicted.items():
        assert time == pytest.approx(measured[number], rel=0.15)


def test_law_of_the_entries_is_said_with_how_far_off_it_is(sensed: tuple[RunSpec, Trajectory]) -> None:
    assert sensed[1].insight is not None
    assert sensed[1].insight.missing == (
        "No law of singular values is true of this model; an entry moves by 4 (u² + v²) times the pull on it, from any start "
        "(derived; off by less than 0.01 % here)."
    )


def test_law_of_the_entries_is_off_where_steps_are_large() -> None:
    """Measured, not assumed: the steps of gradient descent go beside the flow."""
    steps = {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.5, "stop.iterations": 300}
    _, of = explained_run(SENSING | steps)
    assert of.insight is not None
    off = float(of.insight.missing.partition("off by ")[2].partition(" %")[0])
    assert 1 < off < 100


def test_pictures_show_the_sizes_of_the_entries_and_strips_the_rank_of_W(sensed: tuple[RunSpec, Trajectory]) -> None:
    spec, of = sensed
    shown = scene(of, spec)
    assert shown.names.noun == "entry"
    assert of.end is not None
    largest = np.sort(np.abs(of.end.end_to_end_last).ravel())[::-1]
    np.testing.assert_allclose(shown.run.singular_values[-1], largest[:128], rtol=1e-6)
    assert of.start.main_spectrum == "singular_values"
    np.testing.assert_allclose(np.linalg.svd(of.end.end_to_end_last)[1], of.singular_values[-1], rtol=1e-4, atol=1e-3)
    sentences_of_run = sentences(shown.run, spec, shown.grown)
    assert any("so W has four nonzero entries, as the truth has." in text for text in sentences_of_run)


def test_command_line_names_the_model(sensed: tuple[RunSpec, Trajectory]) -> None:
    spec, of = sensed
    assert title(of, spec).startswith("Matrix sensing, 12 x 10, hadamard of depth 2, balanced start of scale 0.0001")


def test_strips_hold_ranks_against_those_of_the_true_singular_values(sensed: tuple[RunSpec, Trajectory]) -> None:
    """Whichever spectrum has the main place. Oracle: the entropy of the singular values by numpy."""
    spec, of = sensed
    sigma = np.linalg.svd(of.start.ground_truth.astype(float))[1]
    p = sigma[sigma > 1e-6 * sigma[0]] / sigma.sum()
    expected = float(np.exp(-(p * np.log(p)).sum()))
    sizes = np.abs(of.start.ground_truth[of.start.ground_truth != 0]).astype(float)
    q = sizes / sizes.sum()
    assert abs(expected - float(np.exp(-(q * np.log(q)).sum()))) > 0.01  # of the entries it is another number
    for run_ in (of, pictured(of, spec)):
        kind = "entropy_rank"
        (line,) = scene(run_, spec).strip(kind).lines
        assert line.level == pytest.approx(expected, rel=1e-4)
