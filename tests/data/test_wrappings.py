"""A table in another encoding or packed, and arrays of other programs."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from dmf_core.data import read
from dmf_core.errors import BadInput
from tests.data.samples import FRAME, MATRIX


def zipped(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return stream.getvalue()


WRAPPED = {
    "utf-16 with a mark": FRAME.to_csv(sep="\t").encode("utf-16"),
    "utf-16 without": FRAME.to_csv(sep="\t").encode("utf-16-be"),
    "gzip": gzip.compress(FRAME.to_csv().encode()),
    "zip": zipped({"a table/": "", "a table/x.csv": FRAME.to_csv(), "__MACOSX/a table/._x.csv": "mark"}),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_table_is_read_in_every_wrapping(name: str) -> None:
    reading = read(WRAPPED[name], "x.csv")
    np.testing.assert_array_equal(reading.array, MATRIX)
    assert reading.account.column_names == tuple("abcde")


def test_zip_file_of_two_tables_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"holds 'a\.csv', 'b\.csv'; unpack it"):
        read(zipped({"a.csv": "1,2\n3,4\n", "b.csv": "1,2\n3,4\n"}), "x.zip")


def test_text_in_a_zip_file_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zipped({"a.csv": "1,2\n" * 9999})
    monkeypatch.setattr("dmf_core.limits.UPLOAD_BYTES", 20_000)
    with pytest.raises(BadInput, match="zip file unpacks to more than"):
        read(packed, "x.zip")


@pytest.mark.parametrize("name", ["my matrix", "größe"])
def test_array_of_an_npz_file_may_have_any_name(name: str) -> None:
    stream = io.BytesIO()
    np.savez(stream, **{name: MATRIX})  # type: ignore[arg-type]
    np.testing.assert_array_equal(read(stream.getvalue(), "x.npz").array, MATRIX)


def test_new_matlab_file_is_named_by_its_head() -> None:
    """Its HDF5 part begins after 512 bytes."""
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64" + b" " * 86 + b"\x00\x02IM" + bytes(384) + b"\x89HDF\r\n\x1a\n"
    with pytest.raises(BadInput, match=r"-v7\.3"):
        read(head, "a.mat")
