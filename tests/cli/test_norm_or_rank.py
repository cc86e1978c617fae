"""`norm-or-rank` inside this process: what is printed, and how it ends."""

import json
from pathlib import Path

import numpy as np
import pytest

from dmf_core.baselines.minimum_nuclear_norm import MinimumNuclearNorm
from dmf_core.cli import main

TINY = ["--set", "problem.rows=12", "--set", "problem.columns=9", "--set", "problem.rank=2"]
TINY += ["--set", "problem.observations=70", "--set", "init.scale=0.01", "--set", "stop.loss=1e-4"]


def test_norm_or_rank_prints_both_and_the_proof(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["norm-or-rank", *TINY]) == 0
    streams = capsys.readouterr()
    assert "no matrix that agrees with the observations has less than" in streams.out
    for label in ("nuclear norm", "Schatten-2/N quasi-norm", "entropy rank", "ratio rank", "unobserved error"):
        assert f"\n{label} " in streams.out
    assert streams.err == ""


def test_norm_or_rank_json_is_one_object_with_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["norm-or-rank", *TINY, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result) == ["digest", "outcome", "message", "minimum_nuclear_norm", "measures"]
    least = result["minimum_nuclear_norm"]
    assert least["outcome"] == "converged"
    assert least["gap"] <= 1e-5
    assert least["infeasibility"] <= 1e-6
    row = result["measures"]["nuclear_norm"]
    assert list(row) == ["run", "baseline", "truth", "smaller", "factor", "closer"]
    assert row["smaller"] in ("run", "minimum nuclear norm", "neither")
    assert least["bound"] <= row["baseline"]


def test_norm_or_rank_takes_a_preset_and_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["norm-or-rank", "--preset", "too-few"]) == 0
    assert "60 x 60, depth 3" in capsys.readouterr().out
    data = np.outer(np.arange(1.0, 9.0), np.arange(1.0, 7.0))
    (tmp_path / "m.csv").write_text("\n".join(",".join(f"{value:g}" for value in row) for row in data))
    arguments = ["norm-or-rank", "--data", str(tmp_path / "m.csv"), "--set", "problem.observations=30"]
    assert main([*arguments, "--set", "problem.normalize=center"]) == 0
    out = capsys.readouterr().out
    assert "Read as a table of 8 rows and 6 columns" in out
    assert "unobserved error" in out
    assert main([*arguments, "--json"]) == 0
    account = json.loads(capsys.readouterr().out)["data"]
    assert (account["known"], account["held_out"]) == (48, 18)


@pytest.mark.parametrize("unit", [1.0, 1e-4])
def test_fully_known_file_has_its_own_norm_as_minimum(unit: float, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Rank 2, rounded to 4 decimals: small singular values remain, on which the solver used up its iterations."""
    source = np.random.default_rng(0)
    data = unit * np.round(source.normal(size=(8, 2)) @ source.normal(size=(2, 6)), 4)
    (tmp_path / "m.csv").write_text("\n".join(",".join(f"{value:.8g}" for value in row) for row in data))
    assert main(["norm-or-rank", "--data", str(tmp_path / "m.csv"), "--json", "--set", "stop.loss=1e-3"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["minimum_nuclear_norm"]["outcome"] == "converged"
    assert result["minimum_nuclear_norm"]["gap"] < 1e-12
    for row in ("baseline", "truth"):
        assert result["measures"]["nuclear_norm"][row] == pytest.approx(np.linalg.norm(data, "nuc"), rel=1e-6)


def test_errors_in_a_small_unit_are_not_printed_as_zero(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Entries of 1e-12: a start that is no fit yet has an error of 1e-24; only the minimum, which fits exactly, has 0."""
    data = 1e-12 * np.outer([1.0, 2.0, -1.0], [1.0, 3.0, 2.0])
    (tmp_path / "m.csv").write_text("\n".join(",".join(f"{value:.8g}" for value in row) for row in data))
    main(["norm-or-rank", "--data", str(tmp_path / "m.csv"), "--set", "stop.iterations=1", "--set", "problem.normalize=none"])
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("observed error"))
    assert float(line.split()[2]) == pytest.approx(np.square(data).mean(), rel=0.01)
    assert line.split()[3] == "0"


def test_failed_run_is_said_by_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*TINY, "--set", "integrator.kind=gradient_descent", "--set", "integrator.learning_rate=900"]
    assert main(["norm-or-rank", *arguments, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "diverged"


TENSOR = ["--set", "problem.kind=tensor_completion", "--set", "problem.shape=6,6,6", "--set", "problem.rank=1"]
TENSOR += ["--set", "problem.observations=100", "--set", "stop.loss=1e-3"]


def test_tensor_is_put_beside_its_baselines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["norm-or-rank", *TENSOR]) == 0
    out = capsys.readouterr().out
    labels = ("this run", "observed entries, zeros elsewhere", "alternating least squares for CP", "the truth")
    for label in (*labels, "least mean nuclear norm of the unfoldings"):
        assert f"\n{label} " in out
    assert "Alternating least squares for CP is told that the truth has 1 component." in out
    assert "no tensor that agrees with the observed entries has less than" in out


def test_tensor_json_is_one_object_with_every_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["norm-or-rank", *TENSOR, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result["methods"]) == ["run", "memorizer", "als", "unfolding_norms", "truth"]
    assert result["methods"]["als"]["reconstruction_error"] < 1e-5 < result["methods"]["run"]["reconstruction_error"]
    assert result["methods"]["memorizer"]["observed_error"] == 0.0


@pytest.mark.usefixtures("interruptible")
def test_interrupt_during_the_run_ends_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import signal

    from dmf_core.cli import follow

    def pressed(self: follow.Share, now: object) -> float:
        monkeypatch.undo()
        os.kill(os.getpid(), signal.SIGINT)
        return 0.0

    monkeypatch.setattr(follow.Share, "of", pressed)
    arguments = ["norm-or-rank", "--set", "stop.loss=1e-12", "--set", "integrator.tolerance=1e-8"]
    assert main(arguments) == 130
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--preset", "nonsense"], "There is no preset nonsense"),
        (["--set", "model.depth=99"], "model.depth is 99"),
        (["--set", "problem.kind=observed_data"], "no matrix was given"),
        (["--out", "x.zip"], "--out"),
        (["--set", "problem.kind=tensor_sensing"], "start from observed entries"),
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["norm-or-rank", *arguments]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert sentence in streams.err
    assert streams.err.count("\n") == 1


def test_minimum_that_was_not_reached_gets_no_verdicts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dmf_core.baselines.comparison.events.MinimumNuclearNorm", lambda: MinimumNuclearNorm(iterations=1))
    assert main(["norm-or-rank", *TINY]) == 1
    out = capsys.readouterr().out
    assert "it lies between" in out
    assert "entropy rank" not in out


def test_tensor_of_a_file_says_how_it_was_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tensor = np.einsum("i,j,k->ijk", *(rng.normal(size=side) for side in (4, 3, 5)))
    np.save(tmp_path / "t.npy", tensor)
    arguments = ["norm-or-rank", "--data", str(tmp_path / "t.npy"), "--set", "problem.observations=40"]
    arguments += ["--set", "stop.iterations=20"]
    main([*arguments, "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (result["data"]["kind"], result["data"]["known"], result["data"]["held_out"]) == ("tensor", 60, 20)
    assert result["methods"]
    main(arguments)
    assert "Read as a tensor of 4 x 3 x 5 entries (NPY)" in capsys.readouterr().out
