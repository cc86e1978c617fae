"""The table over seeds: its numbers are those of the runs."""

from dataclasses import replace

from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.trajectory import Outcome
from ui.figures.seeds import seeds_table


def row(seed: int, error: float, outcome: Outcome = Outcome.CONVERGED, rank: float | None = 2.0) -> Row:
    spec = RunSpec().replaced({"seed": seed})
    measures = {"unobserved_error": error, "entropy_rank": rank, "observed_error": None}
    return Row(spec.digest(), spec.model_dump(mode="json"), outcome, "", 1.0, 10, measures, {})


def test_table_tells_mean_and_range_of_the_runs_that_ended_as_asked() -> None:
    rows = [row(3, 1.0), row(4, 2.0), row(5, 6.0), row(6, 100.0, Outcome.DIVERGED)]
    html = seeds_table(rows)
    assert "<td>3</td><td>1</td><td>6</td>" in html  # mean, smallest, largest
    assert "Seeds 3, 4, 5." in html and "1 of 4 runs did not end as asked and is left out" in html
    assert "Observed error" not in html  # no run has it


def test_measure_that_one_run_lacks_is_not_averaged() -> None:
    html = seeds_table([row(0, 1.0), row(1, 2.0, rank=None)])
    assert "Entropy rank" not in html and "Unobserved error" in html


def test_seeds_of_given_data_sample_no_truth() -> None:
    given = {"problem": {"kind": "observed_data"}, "seed": 4}
    mine = replace(row(4, 1.0), spec=given)
    assert "a truth" in seeds_table([row(3, 1.0)])
    assert "a truth" not in seeds_table([mine]) and "held out for testing" in seeds_table([mine])
    assert "held out" not in seeds_table([replace(mine, measures={"observed_error": 1.0})])
