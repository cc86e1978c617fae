"""The ratings half of figure 3, on ratings made here; nothing of MovieLens is in this repository."""

from pathlib import Path

import numpy as np
import pytest

from dmf_core.cli import main
from dmf_core.errors import BadInput
from dmf_core.reproductions import reproduction
from dmf_core.reproductions.framework.report import report
from dmf_core.reproductions.framework.reproduction import Results
from dmf_core.simulate import run


def tastes(rows: int, columns: int, known: int) -> np.ndarray:
    """Ratings from 1 to 5 of a model with one taste, NaN where nobody rated."""
    source = np.random.default_rng(0)
    liked = 3 + np.outer(source.normal(size=rows), source.normal(size=columns)) + 0.3 * source.normal(size=(rows, columns))
    ratings = np.clip(np.rint(liked), 1, 5).ravel()
    ratings[source.permutation(rows * columns)[known:]] = np.nan
    return ratings.reshape(rows, columns)


def test_arora_ratings_claims_hold_on_made_up_ratings() -> None:
    figure = reproduction("arora-figure-3", 3 * tastes(120, 80, 4800))  # from 3 to 15: as strong a pull as of more ratings
    runs = figure.runs(quick=False)
    assert [each.spec.problem.observations for each in runs.values()] == [480] * 3
    ended = {key: run(each.spec, each.inputs) for key, each in runs.items()}
    results = Results(runs, ended, quick=False)
    outcome = report(figure, results)
    assert [claim["holds"] for claim in outcome["claims"]] == [True, True], outcome["claims"]
    assert len(outcome["panels"]) == 4
    for claim, depth, other in (("error-falls-with-depth", 3, 2), ("no-mode-at-depth-1", 1, 2)):  # where they must fail
        swapped = Results(runs, {**ended, depth: ended[other]}, quick=False)
        judged = next(each for each in figure.claims(swapped) if each.name == claim)
        assert np.isfinite(judged.value) and not judged.holds
    assert all(np.isfinite(each["ours"]["median"]) for each in outcome["published"])


def test_arora_ratings_claims_fail_without_runs() -> None:
    figure = reproduction("arora-figure-3", tastes(12, 9, 100))
    assert not any(claim.holds for claim in figure.claims(Results(figure.runs(quick=True), {}, quick=True)))


def test_figure_without_data_refuses_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match="takes no data"):
        reproduction("chou", tastes(12, 9, 100))
    (tmp_path / "u.data").write_text("1\t1\t5\t0\n1\t2\tfive\t0\n2\t1\t4\t0\n")
    assert main(["reproduce", "arora-figure-3", "--data", str(tmp_path / "u.data"), "--data-kind", "ratings"]) == 2
    assert "Line 2" in capsys.readouterr().err
