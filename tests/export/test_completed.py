"""The completed matrix in the unit of the data, and the .zip that holds everything."""

import dataclasses
import io
import re
import sys
import zipfile

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.archive.completed import completed, completed_file
from dmf_core.data import read
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.export import EXPORTS, Source
from ui.export.everything import everything, run_inside
from ui.player.view import View

TABLE = "city;Jan;Feb, dry;Mar;Apr\n" + "".join(
    f'"{name}";' + ";".join("" if (k + j) % 5 == 0 else f"{900 + 100 * k * (j + 1) / 4:.2f}" for j in range(4)) + "\n"
    for k, name in enumerate(("Oslo", 'Bad ""X""', "Rome", "Bonn", "Wien"), start=1)
)


@pytest.fixture(scope="module", params=["none", "center", "minmax"])
def named(request: pytest.FixtureRequest) -> Source:
    """A file with names and numbers near a thousand, normalized in each way."""
    reading = read(TABLE.encode(), "t.csv")
    inputs = Inputs(data=reading.array, account=reading.account.as_json(None))
    settings = {"problem.kind": "observed_data", "problem.normalize": request.param, "stop.relative_loss": 1e-6}
    spec = with_inputs(RunSpec().replaced(settings | {"stop.loss": None, "init.relative": True, "init.scale": 1e-2}), inputs)
    return Source(run(spec, inputs), spec, inputs, View())


def test_completed_matrix_has_the_unit_of_the_data(named: Source) -> None:
    given = named.inputs.data
    assert given is not None
    known = ~np.isnan(given)
    matrix = completed(named.run, named.spec, named.inputs)
    assert np.isfinite(matrix).all()
    spread = np.nanstd(given)
    assert np.abs(matrix - given)[known].max() < (0.02 * np.abs(given[known]).max() if spread == 0 else 0.2 * spread)


def test_completed_table_is_read_again_with_its_names(named: Source) -> None:
    again = read(completed_file(".csv", named.run, named.spec, named.inputs), "t.csv")
    np.testing.assert_array_equal(again.array, completed(named.run, named.spec, named.inputs))
    assert again.account.row_names == ("Oslo", 'Bad "X"', "Rome", "Bonn", "Wien")
    assert again.account.column_names == ("Jan", "Feb, dry", "Mar", "Apr")


def test_completed_arrays_hold_the_same_numbers(named: Source) -> None:
    matrix = completed(named.run, named.spec, named.inputs)
    np.testing.assert_array_equal(np.load(io.BytesIO(completed_file(".npy", named.run, named.spec, named.inputs))), matrix)
    arrays = np.load(io.BytesIO(completed_file(".npz", named.run, named.spec, named.inputs)))
    np.testing.assert_array_equal(arrays["completed"], matrix)
    assert arrays["columns"].tolist() == ["Jan", "Feb, dry", "Mar", "Apr"]


def test_nothing_is_completed_without_given_data(source: Source) -> None:
    with pytest.raises(BadInput, match="not about given data"):
        completed(source.run, source.spec, source.inputs)
    assert not any("completed" in export.suffix for export in EXPORTS if export.applies(source))


def test_everything_holds_every_kind_and_opens_again(own: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[everything.__module__]
    slow_kinds = ("Picture", "Film", "Page that plays without a server")  # they take seconds and have tests of their own
    quick = [dataclasses.replace(kind, make=lambda _, tell: b"x") if kind.group in slow_kinds else kind for kind in module.KINDS]
    monkeypatch.setattr(module, "KINDS", quick)
    shares: list[float] = []
    content = everything(own, shares.append)
    files = zipfile.ZipFile(io.BytesIO(content))
    names = set(files.namelist()) - {"README.txt"}
    readme = files.read("README.txt").decode()
    assert all(re.search(rf"^{re.escape(name)}  +\w", readme, re.MULTILINE) for name in names)  # each with what it holds
    assert names == {own.name + kind.suffix for kind in EXPORTS if kind.suffix != ".everything.zip" and not kind.missing()}
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] < 1
    assert archive.read(run_inside(content)).spec == own.spec
    assert run_inside(b"no zip") == b"no zip"
