"""Numbers: what another reader finds is what the run holds."""

import csv as readers
import io
import json
import zipfile

import numpy as np

from dmf_core import archive
from ui.export import Source, nothing
from ui.export.numbers import array_bytes, as_json, bundle, csv, npz, table_bytes


def test_npz_has_all_arrays_without_pickle(source: Source) -> None:
    content = npz(source, nothing)
    assert content == npz(source, nothing)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        names = {
            name.removeprefix("arrays/").removesuffix(".npy")
            for name in zipfile.ZipFile(io.BytesIO(bundle(source, nothing))).namelist()
        }
        assert set(arrays.files) == {name for name in names if "json" not in name} | {"spec"}
        np.testing.assert_array_equal(arrays["singular_values"], source.run.singular_values)
        np.testing.assert_array_equal(arrays["t"], source.run.column("t"))
        assert json.loads(str(arrays["spec"])) == source.spec.model_dump(mode="json")


def test_json_holds_spec_result_and_columns(source: Source) -> None:
    body = json.loads(as_json(source, nothing), parse_constant=lambda word: 1 / 0)
    assert body["digest"] == source.spec.digest()
    assert body["result"]["outcome"] == "converged"
    assert body["columns"]["t"] == source.run.column("t").tolist()
    np.testing.assert_array_equal(body["columns"]["singular_values"], source.run.singular_values)
    assert len(body["columns"]["unobserved_error"]) == len(source.run.snapshots)


def test_json_of_given_data_says_null_where_nothing_is_known(own: Source) -> None:
    body = json.loads(as_json(own, nothing), parse_constant=lambda word: 1 / 0)
    assert body["columns"]["reconstruction_error"][0] is None


def test_csv_gives_back_the_same_bits(source: Source) -> None:
    rows = list(readers.DictReader(io.StringIO(csv(source, nothing).decode())))
    assert [float(row["sigma_1"]) for row in rows] == source.run.singular_values[:, 0].tolist()


def test_bundle_opens_as_the_same_run(own: Source) -> None:
    opened = archive.read(bundle(own, nothing))
    assert opened.spec == own.spec
    np.testing.assert_array_equal(opened.inputs.data, own.inputs.data)


def test_sizes_shown_before_the_click_are_near_the_truth(source: Source) -> None:
    """Within a quarter: the digits of a number and the headers of an array are not counted one by one."""
    assert abs(len(npz(source, nothing)) / array_bytes(source) - 1) < 0.25
    assert abs(len(csv(source, nothing)) / table_bytes(source) - 1) < 0.25
    assert len(bundle(source, nothing)) < 1.05 * array_bytes(source)
