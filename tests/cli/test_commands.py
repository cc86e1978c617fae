"""The command line inside this process: what is printed, what is written, how it ends."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.cli import main
from dmf_core.cli.files import Output
from dmf_core.simulate import run
from tests.archive.forgery import moved_start, packed, unpacked

TINY = ["--set", "problem.rows=12", "--set", "problem.columns=9", "--set", "problem.rank=2"]
TINY += ["--set", "problem.observations=70", "--set", "init.scale=0.01", "--set", "stop.loss=1e-4"]


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def _refused(capsys: pytest.CaptureFixture[str], sentence: str, *arguments: str) -> None:
    assert main(arguments) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert sentence in streams.err
    assert streams.err.count("\n") == 1


def test_run_prints_numbers_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *TINY]) == 0
    streams = capsys.readouterr()
    assert "The training error reached 0.0001" in streams.out
    assert "unobserved error" in streams.out
    assert "Singular values" in streams.out
    assert streams.err == ""  # no bar, no warning in a pipe


def test_run_json_is_one_object_with_the_promised_keys(capsys: pytest.CaptureFixture[str]) -> None:
    result = _printed(capsys, "run", *TINY, "--json")
    numbers = ["digest", "outcome", "message", "seconds", "gradients", "accepted", "rejected", "final"]
    assert list(result) == [*numbers, "units", "births", "accuracy", "unknowable"]


def test_data_in_another_unit_give_the_same_numbers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Start and stop are shares of the data; 1 % is what a run of float32 promises."""
    source = np.random.default_rng(3)
    data = source.normal(size=(9, 2)) @ source.normal(size=(2, 8))
    data[source.random(data.shape) < 0.2] = np.nan
    results = {}
    for unit in (1.0, 1e-4, 1e8):
        np.savetxt(tmp_path / "m.csv", data * unit, delimiter=",")
        results[unit] = _printed(capsys, "run", "--data", str(tmp_path / "m.csv"), "--json")
    for unit, result in results.items():
        final, units, usual = result["final"], result["units"], results[1.0]["final"]
        assert isinstance(final, dict) and isinstance(units, dict) and isinstance(usual, dict)
        assert result["outcome"] == "converged" and "of the data's mean square" in str(result["message"])
        assert final["singular_values"][:2] == pytest.approx([unit * value for value in usual["singular_values"][:2]], rel=0.01)
        assert units["init.scale"] == "share of the norm of the data" and units["relative_loss"] == pytest.approx(1e-6, rel=0.01)
        assert units["mean_square"] == pytest.approx(unit**2 * np.nanmean(data**2), rel=1e-5)


def test_start_and_stop_that_were_chosen_for_data_stay(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "m.csv", np.eye(4), delimiter=",")
    (tmp_path / "spec.json").write_text('{"stop": {"loss": 0.01}, "init": {"relative": false}}')
    out = str(tmp_path / "run.zip")
    data = ["--data", str(tmp_path / "m.csv"), "--set", "stop.iterations=1", "--out", out]
    assert main(["run", *data, "--set", "stop.loss=0.01", "--set", "init.relative=false"]) == 0
    by_hand = archive.read(Path(out).read_bytes()).spec
    assert main(["run", str(tmp_path / "spec.json"), *data]) == 0
    assert archive.read(Path(out).read_bytes()).spec == by_hand
    assert (by_hand.stop.loss, by_hand.stop.relative_loss, by_hand.init.relative) == (0.01, None, False)


def test_settings_of_the_command_line_win_over_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text('{"seed": 3, "model": {"depth": 2}}')
    out = str(tmp_path / "run.zip")
    arguments = ["run", str(tmp_path / "spec.json"), *TINY, "--set", "seed=4", "--set", "model.width=", "--out", out]
    assert main(arguments) == 0
    spec = archive.read(Path(out).read_bytes()).spec
    assert (spec.seed, spec.model.depth, spec.model.width, spec.problem.rows) == (4, 2, None, 12)
    assert "Written to" in capsys.readouterr().out


def test_settings_are_json_or_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = str(tmp_path / "run.zip")
    sets = ["--set", "init.kind=balanced", "--set", "problem.symmetric=false", "--set", "dtype=float64"]
    assert main(["run", *TINY, *sets, "--out", out]) == 0
    spec = archive.read(Path(out).read_bytes()).spec
    assert (spec.init.kind, spec.problem.symmetric, spec.dtype) == ("balanced", False, "float64")


def test_show_prints_what_the_run_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = str(tmp_path / "run.zip")
    ran = _printed(capsys, "run", *TINY, "--json", "--out", out)
    assert _printed(capsys, "show", out, "--json") == ran
    assert ran["accuracy"] is not None
    assert main(["show", out]) == 0
    assert "Singular values" in capsys.readouterr().out


def test_verify_says_equal_and_different(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "run.zip"
    assert main(["run", *TINY, "--out", str(out)]) == 0
    capsys.readouterr()
    assert _printed(capsys, "verify", str(out), "--json")["verdict"] == "equal"
    archived = archive.read(out.read_bytes())
    sigma = archived.trajectory.snapshots[-1].singular_values
    sigma = sigma.copy()
    sigma[0] *= 1.01
    object.__setattr__(archived.trajectory.snapshots[-1], "singular_values", sigma)
    out.write_bytes(archive.write(archived.trajectory, archived.spec))
    assert main(["verify", str(out)]) == 1
    assert capsys.readouterr().out.startswith("Different: run again, singular_values differs by 0.01 of itself")


def test_verify_and_show_say_when_hashes_and_digests_do_not_fit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "run.zip"
    assert main(["run", *TINY, "--out", str(out)]) == 0
    capsys.readouterr()
    assert main(["show", str(out)]) == 0
    assert "Every part has the hash that the manifest names" in capsys.readouterr().out
    members = unpacked(out.read_bytes())
    manifest = json.loads(members["manifest.json"])
    other_spec = json.dumps(json.loads(members["spec.json"]) | {"seed": 5}).encode()
    zeros = json.dumps(manifest | {"digest": 64 * "0"}).encode()
    changes = {
        "its spec.json is another one than its manifest names (sha256 differs)": {"spec.json": other_spec},
        "it names the run 00000000, but its spec is that of": {"manifest.json": zeros},
    }
    for sentence, change in changes.items():
        out.write_bytes(packed(members | change, honest=False))
        assert main(["verify", str(out)]) == 1
        assert capsys.readouterr().out.startswith(f"The archive is damaged: {sentence}")
        assert main(["verify", str(out), "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["verdict"] == "damaged"
        assert main(["show", str(out)]) == 2
        assert sentence in capsys.readouterr().err


def test_verify_runs_again_from_rounded_starts_where_the_bits_are_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "run.zip"
    assert main(["run", *TINY, "--out", str(out)]) == 0
    capsys.readouterr()
    original = archive.read(out.read_bytes())
    start = moved_start(original.spec, original.inputs, original.trajectory, 5)
    moved = replace(run(*start), start=original.trajectory.start)
    out.write_bytes(archive.write(moved, original.spec))
    verdict = _printed(capsys, "verify", str(out), "--json")
    assert verdict["verdict"] == "within tolerance"
    assert all(each["amount"] <= each["allowed"] for each in verdict["differences"])


def test_data_are_completed_and_all_known_entries_train(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [",".join("" if rng.random() < 0.4 else f"{(i + 1) * (j + 1) / 20:g}" for j in range(8)) for i in range(10)]
    (tmp_path / "m.csv").write_text("\n".join(rows))
    out = tmp_path / "run.zip"
    arguments = ["run", "--data", str(tmp_path / "m.csv"), "--set", "problem.normalize=center", "--set", "stop.iterations=20"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert "Read as a table of 10 rows and 8 columns" in capsys.readouterr().out
    archived = archive.read(out.read_bytes())
    assert archived.spec.problem.kind == "observed_data"
    assert archived.spec.problem.observations is None
    assert archived.trajectory.start.observed_mask.sum() == (~np.isnan(archived.inputs.data)).sum()
    assert main(["verify", str(out)]) == 0


def test_mask_of_a_file_is_what_training_sees(tmp_path: Path) -> None:
    mask = np.random.default_rng(3).random((9, 11)) < 0.6
    (tmp_path / "mask.csv").write_text("\n".join(",".join(str(int(entry)) for entry in row) for row in mask))
    out = tmp_path / "run.zip"
    arguments = ["run", "--mask", str(tmp_path / "mask.csv"), "--set", "problem.rank=2", "--set", "stop.iterations=5"]
    assert main([*arguments, "--out", str(out)]) == 0
    archived = archive.read(out.read_bytes())
    assert np.array_equal(archived.trajectory.start.observed_mask, mask)
    assert main(["verify", str(out)]) == 0
    (tmp_path / "mask.csv").write_text("1,0,2\n0,1,1\n")
    assert main(arguments) == 2


def test_data_kind_and_image_side_reach_the_reader(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("1,2,3\n2,1,4\n2,2,5\n")
    assert main(["run", "--data", str(tmp_path / "m.csv"), "--data-kind", "ratings", "--set", "stop.iterations=2"]) == 0
    assert "list of entries" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["cp", "tucker", "tensor_train", "hierarchical_tucker"])
def test_given_factors_of_a_tensor_are_where_the_run_starts(
    kind: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sets = {"problem.kind": "tensor_completion", "problem.shape": "5,4,3", "problem.rank": 1, "problem.observations": 40}
    sets |= {"model.kind": kind, "model.depth": 2, "stop.iterations": 5, "dtype": "float64"}
    arguments = ["run", *(word for path, value in sets.items() for word in ("--set", f"{path}={value}"))]
    first, again, start = (str(tmp_path / name) for name in ("first.zip", "again.zip", "start.npz"))
    assert main([*arguments, "--out", first]) == 0
    trajectory = archive.read(Path(first).read_bytes()).trajectory
    np.savez(start, **{f"W{j}": factor for j, factor in enumerate(trajectory.start.factors_first, start=1)})
    assert main([*arguments, "--set", "init.scale=0.5", "--factors", start, "--out", again]) == 0
    given = archive.read(Path(again).read_bytes()).trajectory
    assert all(np.array_equal(a, b) for a, b in zip(given.start.factors_first, trajectory.start.factors_first, strict=True))
    assert [each.loss for each in given.snapshots] == [each.loss for each in trajectory.snapshots]
    assert main([*arguments, "--set", "model.depth=1", "--factors", start]) == 2
    assert "this problem needs" in capsys.readouterr().err
    assert main(["verify", again]) == 0


def test_given_factors_are_where_the_run_starts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    factors = (rng.normal(size=(5, 9)) * 0.1, rng.normal(size=(12, 5)) * 0.1)
    np.savez(tmp_path / "start.npz", W1=factors[0], W2=factors[1])
    out = tmp_path / "run.zip"
    assert main(["run", *TINY, "--set", "dtype=float64", "--factors", str(tmp_path / "start.npz"), "--out", str(out)]) == 0
    archived = archive.read(out.read_bytes())
    assert all(np.array_equal(a, b) for a, b in zip(archived.trajectory.start.factors_first, factors, strict=True))
    assert (archived.spec.model.depth, archived.spec.model.width) == (2, 5)


def test_diverged_run_is_a_failure_and_still_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "run.zip"
    assert main(["run", "--preset", "step-too-large", "--json", "--out", str(out)]) == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "diverged"
    assert main(["show", str(out)]) == 0


def test_run_out_of_budget_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--set", "stop.seconds=0.05", "--set", "stop.loss=1e-12", "--set", "integrator.tolerance=1e-8", "--json"]
    assert main(arguments) == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "budget"


MASKED = ("rows=2", "columns=3", "rank=1", "pattern=drawn", "mask=m2A")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "required"),
        (["fly"], "fly"),
        (["run", "--speed", "3"], "--speed"),
        (["run", "--image-side", "big"], "big"),
        (["run", "nowhere.json"], "No such file"),
        (["run", "--data", "nowhere.csv"], "No such file"),
        (["run", "--data", "/"], "Cannot read /"),
        (["run", "--mask", "nowhere.csv"], "No such file"),
        (["run", "--set", "problem.mask=mAAA"], "add --set problem.pattern=drawn"),
        (
            ["run", *(f"--set=problem.{each}" for each in (*MASKED, "replacement=true"))],
            "leave one of the two out",
        ),
        (["run", "--factors", "nowhere.npz"], "No such file"),
        (["run", "--preset", "nonsense"], "There is no preset nonsense"),
        (["run", "x.json", "--preset", "five-modes"], "choose one"),
        (["run", "--set", "model.depth"], "write PATH=VALUE"),
        (["run", "--set", "model.depth=99"], "model.depth is 99"),
        (["run", "--set", "problem.rank=101"], "rank at most 100"),
        (["run", "--set", "problem.observations=10001"], "10000 entries"),
        (["run", "--set", "init.scale=NaN"], "init.scale"),
        (["run", "--set", "init.scale=Infinity"], "init.scale"),
        (["run", "--set", "seed=three"], "seed is three"),
        (["run", "--set", "no.such=1"], "There is no setting no.such"),
        (["run", "--set", "problem.kind=observed_data"], "no matrix was given"),
        (["run", "--out", "/no/such/place/run.zip"], "Cannot write"),
        (["run", "--out", "/"], "Cannot write|is not a file"),
        (["run", "--out", "/dev/null"], "is not a file"),
        (["run", "--out", "x" * 300], "Cannot write"),
        (["show", "nowhere.zip"], "No such file"),
        (["show", __file__], "not a complete zip"),
        (["verify", "nowhere.zip"], "No such file"),
    ],
)
def test_bad_input_is_one_sentence_and_status_two(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    assert any(part in streams.err for part in sentence.split("|"))
    assert not list(tmp_path.iterdir())


def test_out_is_tried_before_the_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmf_core.cli.run.follow", lambda *_: pytest.fail("the run began"))
    _refused(capsys, "Cannot write", "run", "--out", "/no/such/place/run.zip")


def test_bad_spec_leaves_an_older_archive_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "run.zip").write_bytes(b"old")
    _refused(capsys, "no matrix", "run", "--set", "problem.kind=observed_data", "--out", str(tmp_path / "run.zip"))
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("run.zip", b"old")]


def test_full_disk_is_one_sentence_after_the_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Output, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Output, "write", full)
    assert main(["run", *TINY, "--json", "--out", str(tmp_path / "run.zip")]) == 1
    streams = capsys.readouterr()
    assert json.loads(streams.out)["outcome"] == "converged"
    assert "could not be written: No space left on device" in streams.err
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("interruptible")
def test_interrupt_keeps_the_part_computed_so_far(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dmf_core.cli import follow

    shares = []

    def pressed(self: follow.Share, now: object) -> float:
        shares.append(now)
        if len(shares) == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return 0.0

    monkeypatch.setattr(follow.Share, "of", pressed)
    out = tmp_path / "run.zip"
    arguments = ["run", "--set", "stop.loss=1e-12", "--set", "integrator.tolerance=1e-8", "--json", "--out", str(out)]
    assert main(arguments) == 130
    assert json.loads(capsys.readouterr().out)["outcome"] == "cancelled"
    assert archive.read(out.read_bytes()).trajectory.end is not None
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_progress_of_a_run_ends_at_one() -> None:
    from dmf_core.cli.follow import Share
    from dmf_core.inputs import Inputs
    from dmf_core.simulate import run
    from dmf_core.spec import RunSpec

    spec = RunSpec()
    share = Share(spec, Inputs())
    shares = [share.of(snapshot) for snapshot in run(spec).snapshots]
    assert min(shares) >= 0
    assert shares[-1] == pytest.approx(1.0, abs=1e-3)


def test_presets_lists_names_and_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    assert "arora-completion-depth2" in capsys.readouterr().out
    assert main(["presets", "--json"]) == 0
    assert {"arora-completion", "arora-completion-depth2"} <= {each["name"] for each in json.loads(capsys.readouterr().out)}
