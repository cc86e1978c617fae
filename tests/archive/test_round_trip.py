"""What is written comes back, in the same bytes."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.data import read
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from tests.archive.forgery import Members, forged, packed, unpacked


def _assert_equal(a: Trajectory, b: Trajectory) -> None:
    """Field by field, bit by bit; of the End, what an archive leaves out is not compared."""
    assert len(a.snapshots) == len(b.snapshots)
    assert (a.end is None) == (b.end is None)
    pairs = [(a.start, b.start), *zip(a.snapshots, b.snapshots, strict=True), *([(a.end, b.end)] if a.end else [])]
    for x, y in pairs:
        for name in set(vars(x)) - {"dropped", "headline", "detail", "advice"}:
            first, second = getattr(x, name), getattr(y, name)
            ones, others = (first, second) if isinstance(first, tuple) else ((first,), (second,))
            for p, q in zip(ones, others, strict=True):
                if name.endswith("spectra"):
                    assert _bits(p) == _bits(q), name
                elif isinstance(p, np.ndarray):
                    assert (p.shape, p.dtype, p.tobytes()) == (q.shape, q.dtype, q.tobytes()), name
                else:
                    assert p == q, name


def _bits(spectra: Mapping[str, np.ndarray]) -> dict[str, bytes]:
    return {key: values.tobytes() for key, values in spectra.items()}


def _cases() -> dict[str, tuple[dict[str, object], Inputs]]:
    rng = np.random.default_rng(0)
    holes = np.where(rng.random((7, 5)) < 0.3, np.nan, rng.normal(size=(7, 5)))
    full = rng.normal(size=(6, 8))
    factors = (rng.normal(size=(4, 6)) * 0.1, rng.normal(size=(9, 4)) * 0.1)
    size = {"problem.rows": 9, "problem.columns": 6, "problem.rank": 2, "problem.observations": 40, "stop.iterations": 30}
    cube = {"problem.kind": "tensor_completion", "problem.shape": "4,5,3", "problem.rank": 2, "problem.observations": 40}
    cube |= {"init.scale": 0.1, "stop.iterations": 30}
    return {
        "completion": (size, Inputs()),
        "sensing": (size | {"problem.kind": "matrix_sensing"}, Inputs()),
        "float64": (size | {"dtype": "float64"}, Inputs()),
        "depth 1": (size | {"model.depth": 1, "init.kind": "balanced"}, Inputs()),
        "all observed": (size | {"problem.observations": 54}, Inputs()),
        "gradient descent": (size | {"integrator.kind": "gradient_descent"}, Inputs()),
        "diverged": (size | {"integrator.kind": "gradient_descent", "integrator.learning_rate": 900, "init.scale": 1}, Inputs()),
        "given factors": (size, Inputs(factors=factors)),
        "cp": (cube, Inputs()),
        "deep tucker": (cube | {"model.kind": "tucker", "model.depth": 2, "dtype": "float64"}, Inputs()),
        "tensor train, measured": (cube | {"problem.kind": "tensor_sensing", "model.kind": "tensor_train"}, Inputs()),
        "tensor with holes": (
            {"problem.kind": "observed_tensor", "stop.iterations": 30},
            Inputs(data=np.where(rng.random((3, 4, 5)) < 0.3, np.nan, rng.normal(size=(3, 4, 5)))),
        ),
        "data with holes": ({"stop.iterations": 30}, Inputs(data=holes)),
        "data held out": ({"stop.iterations": 30, "problem.observations": 20}, Inputs(data=full)),
    }


@pytest.mark.parametrize("name", list(_cases()))
def test_archive_gives_back_the_run_it_was_made_of(name: str) -> None:
    changes, inputs = _cases()[name]
    if inputs.data is not None and inputs.data.ndim == 2:
        changes = {"problem.kind": "observed_data", "problem.observations": None} | changes
    spec = with_inputs(RunSpec().replaced(changes), inputs)
    trajectory = run(spec, inputs)
    content = archive.write(trajectory, spec, inputs)
    back = archive.read(content)
    _assert_equal(back.trajectory, trajectory)
    assert back.spec == spec
    assert archive.write(back.trajectory, back.spec, back.inputs) == content
    assert archive.verify(back).word is archive.Word.EQUAL


def test_account_of_the_data_comes_back_and_is_true_to_them() -> None:
    reading = read(b"user,item,rating\na,x,1\na,y,2\nb,x,3\n")
    inputs = Inputs(reading.array, account=reading.account.as_json(None))
    spec = with_inputs(RunSpec().replaced({"stop.iterations": 2, "problem.kind": "observed_data"}), inputs)
    content = archive.write(run(spec, inputs), spec, inputs)
    assert archive.read(content).inputs.account == inputs.account
    assert json.loads(unpacked(content)["data.json"])["names"] == {"rows": ["a", "b"], "columns": ["x", "y"]}
    for change in ({"known": 4}, {"shape": [3, 2]}, {"names": {"rows": ["a"], "columns": None}}, {"sentence": "\x1b[2J"}):
        wrong = forged(content, lambda members, change=change: members.update(_changed(members, change)))
        with pytest.raises(BadInput, match="not the account of its data"):
            archive.read(wrong)
    with pytest.raises(BadInput, match="sha256 differs"):
        archive.read(packed(unpacked(content) | _changed(unpacked(content), {"notes": ["all is well"]}), honest=False))


def _changed(members: Members, change: dict[str, Any]) -> Members:
    return {"data.json": json.dumps(json.loads(members["data.json"]) | change).encode()}


def test_archive_of_a_growing_run_comes_back_without_an_end(trajectory: Trajectory, spec: RunSpec) -> None:
    growing = Trajectory(trajectory.start, trajectory.snapshots[:4], None)
    back = archive.read(archive.write(growing, spec))
    _assert_equal(back.trajectory, growing)
    assert archive.result(back.trajectory, spec)["outcome"] == "unfinished"


def test_archive_bytes_hold_no_clock(trajectory: Trajectory, spec: RunSpec, content: bytes) -> None:
    assert archive.write(trajectory, spec) == content
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        assert {info.date_time for info in members.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_archive_names_are_those_promised(content: bytes, spec: RunSpec) -> None:
    members = unpacked(content)
    names = ["t", "iteration", "loss", "singular_values", "end_to_end_first", "end_to_end_last", "ground_truth", "observed_mask"]
    names += [f"factors_first_{j}" for j in (1, 2, 3)]
    assert {f"arrays/{name}.npy" for name in names} | {"manifest.json", "spec.json", "result.json"} <= set(members)
    manifest = json.loads(members["manifest.json"])
    assert manifest["digest"] == spec.digest()
    assert manifest["format"] == 1
    assert set(manifest["sha256"]) == set(members) - {"manifest.json"}
    assert np.load(io.BytesIO(members["arrays/singular_values.npy"])).shape[1] == 9


def test_archive_is_read_from_a_file_too(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.zip").write_bytes(content)
    with (tmp_path / "run.zip").open("rb") as file:
        assert archive.read(file).manifest["format"] == 1


def test_result_is_json_with_the_promised_keys(trajectory: Trajectory, spec: RunSpec) -> None:
    result = json.loads(json.dumps(archive.result(trajectory, spec), allow_nan=False))
    assert list(result) == ["digest", "outcome", "message", "seconds", "gradients", "accepted", "rejected", "final"]
    errors = {"loss", "observed_error", "unobserved_error", "reconstruction_error", "mean_squared_error"}
    errors |= {"entropy_rank", "ratio_rank", "nuclear_norm", "singular_values"}
    assert errors <= set(result["final"])
    assert result["outcome"] == "converged"
    assert len(result["final"]["singular_values"]) == 9


def test_csv_numbers_are_those_of_the_run(trajectory: Trajectory) -> None:
    rows = list(csv.DictReader(io.StringIO(archive.to_csv(trajectory))))
    assert len(rows) == len(trajectory.snapshots)
    assert [float(row["t"]) for row in rows] == trajectory.column("t").tolist()
    assert [float(row["sigma_9"]) for row in rows] == trajectory.singular_values[:, 8].tolist()
    assert float(rows[-1]["entropy_rank"]) == trajectory.snapshots[-1].measures["entropy_rank"]


def test_csv_is_empty_where_a_number_does_not_exist() -> None:
    spec = RunSpec().replaced({"problem.kind": "matrix_sensing", "problem.rows": 5, "problem.columns": 5, "problem.rank": 1})
    spec = spec.replaced({"problem.observations": 9, "stop.iterations": 3})
    rows = list(csv.DictReader(io.StringIO(archive.to_csv(run(spec)))))
    assert {row["unobserved_error"] for row in rows} == {""}
