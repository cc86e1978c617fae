"""Containers: the same matrix and the same list in the files of other programs."""

import contextlib
import gzip
import io
import subprocess
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import scipy.io
import scipy.sparse

from dmf_core.data import Ambiguous, ReadOptions, matlab, read
from dmf_core.errors import BadInput
from dmf_core.events import FaultRecord, Record, listen
from ui.controls.files.choices import controls
from ui.export.everything import run_inside
from ui.session.upload import taken

RNG = np.random.default_rng(0)
MATRIX = np.round(RNG.normal(size=(8, 5)), 3)
FRAME = pd.DataFrame(MATRIX, columns=list("abcde"))
ENTRIES = [(u, i, int(RNG.integers(1, 11)) / 2) for u in range(1, 13) for i in range(1, 9) if RNG.random() < 0.7]
LIST = np.full((12, 8), np.nan)
for u, i, v in ENTRIES:
    LIST[u - 1, i - 1] = v


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def _sparse() -> scipy.sparse.coo_array:
    known = ~np.isnan(LIST)
    return scipy.sparse.coo_array((LIST[known], np.nonzero(known)), shape=LIST.shape)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npz", _saved(lambda stream: np.savez(stream, A=MATRIX, seed=np.array(3)))),
        ("a.mat", _saved(lambda stream: scipy.io.savemat(stream, {"A": MATRIX, "note": "May"}))),
        ("a.mat", _saved(lambda stream: scipy.io.savemat(stream, {"A": MATRIX}, do_compression=True))),
        ("a.parquet", _saved(lambda stream: FRAME.to_parquet(stream))),
        ("a.parquet", _saved(lambda stream: FRAME.set_axis([f"r{k}" for k in range(8)]).to_parquet(stream))),
        ("a.mtx", _saved(lambda stream: scipy.io.mmwrite(stream, MATRIX))),
        ("a.npy", _saved(lambda stream: np.save(stream, MATRIX[None]))),
    ],
)
def test_matrix_of_every_container_is_the_same(name: str, content: bytes) -> None:
    np.testing.assert_allclose(read(content, name).array, MATRIX, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npz", _saved(lambda stream: scipy.sparse.save_npz(stream, _sparse().tocsr()))),
        ("a.npz", _saved(lambda stream: scipy.sparse.save_npz(stream, _sparse()))),
        ("a.mat", _saved(lambda stream: scipy.io.savemat(stream, {"S": _sparse()}))),
        ("a.mtx", _saved(lambda stream: scipy.io.mmwrite(stream, _sparse(), precision=17))),
        ("a.parquet", _saved(lambda stream: pd.DataFrame(ENTRIES, columns=["user", "item", "rating"]).to_parquet(stream))),
    ],
)
def test_entries_of_every_container_are_the_same(name: str, content: bytes) -> None:
    reading = read(content, name)
    np.testing.assert_array_equal(reading.array, LIST)
    assert reading.account.kind == "list"


def test_reader_of_matlab_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _saved(lambda stream: scipy.io.savemat(stream, {"A": MATRIX}))
    monkeypatch.setattr("dmf_core.data.matlab.sys.executable", "false")  # a program that ends with status 1
    with pytest.raises(BadInput, match="damaged, or not complete"):
        read(content, "a.mat")


def test_error_of_the_program_in_the_reader_of_matlab_is_in_the_log_and_no_damaged_file(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("words of the file")

    monkeypatch.setattr(matlab, "_load", broken)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    monkeypatch.setattr("sys.argv", ["matlab"])
    with pytest.raises(SystemExit) as ended:
        matlab.main()
    child = subprocess.CompletedProcess([], int(ended.value.code or 0), b"", capsysbinary.readouterr().err)
    monkeypatch.setattr("subprocess.run", lambda *_, **__: child)
    faults: list[Record] = []
    stop = listen(faults.append)
    with pytest.raises(BadInput, match="error in the program"):
        matlab.from_mat(b"", None)
    stop()
    assert isinstance(faults[0], FaultRecord) and faults[0].error == "TypeError"
    assert "in broken" in faults[0].traceback and "words of the file" not in faults[0].traceback


def test_columns_of_an_array_are_row_column_and_value_as_chosen() -> None:
    array = np.array([(v, i, u) for u, i, v in ENTRIES])
    content = _saved(lambda stream: np.save(stream, array))
    reading = read(content, "a.npy", ReadOptions(columns=("3", "2", "1")))
    np.testing.assert_array_equal(reading.array, LIST)
    assert "columns 3, 2, 1" in reading.words


def test_matrix_market_mirrors_as_its_symmetry_says() -> None:
    square = RNG.normal(size=(5, 5))
    for matrix, symmetry in ((square + square.T, "symmetric"), (square - square.T, "skew-symmetric")):
        for value in (matrix, scipy.sparse.coo_array(matrix)):
            stream = io.BytesIO()
            scipy.io.mmwrite(stream, value, symmetry=symmetry, precision=17)
            np.testing.assert_array_equal(np.nan_to_num(read(stream.getvalue(), "a.mtx").array), matrix)


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _workbook(**sheets: list[list[float | str | None]]) -> bytes:
    """A minimal .xlsx: what Excel writes, less everything but the cells."""

    def cell(place: str, value: float | str | None) -> str:
        if value is None:
            return ""
        text = f"<is><t>{value}</t></is>" if isinstance(value, str) else f"<v>{value}</v>"
        return f'<c r="{place}"{" t=" + chr(34) + "inlineStr" + chr(34) if isinstance(value, str) else ""}>{text}</c>'

    def rows(table: list[list[float | str | None]]) -> str:
        return "".join(
            f'<row r="{i}">{"".join(cell(f"{chr(64 + j)}{i}", value) for j, value in enumerate(row, 1))}</row>'
            for i, row in enumerate(table, 1)
        )

    stream = io.BytesIO()
    numbered = list(enumerate(sheets, start=1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(stream, "w") as book:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{kind}.worksheet+xml"/>' for k, _ in numbered
        )
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{parts}</Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        links = "".join(
            f'<Relationship Id="r{k}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>' for k, _ in numbered
        )
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>')
        names = "".join(f'<sheet name="{name}" sheetId="{k}" r:id="r{k}"/>' for k, name in numbered)
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>')
        for k, name in numbered:
            book.writestr(
                f"xl/worksheets/sheet{k}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{rows(sheets[name])}</sheetData></worksheet>',
            )
    return stream.getvalue()


def test_first_sheet_of_a_workbook_is_read_and_another_one_by_name() -> None:
    book = _workbook(May=[["", "a", "b"], ["x", 1.5, 2], ["y", None, -3]], June=[[1, 2], [3, 4], [5, 6]])
    reading = read(book, "book.xlsx")
    np.testing.assert_array_equal(reading.array, [[1.5, 2], [np.nan, -3]])
    assert reading.account.row_names == ("x", "y")
    assert "The sheet 'May' was read, not 'June'." in reading.words
    assert read(book, "book.xlsx", ReadOptions(part="June")).array.shape == (3, 2)
    with pytest.raises(BadInput, match="There is no sheet 'July'; the workbook has May, June"):
        read(book, "book.xlsx", ReadOptions(part="July"))


def test_workbook_whose_first_sheet_holds_notes_names_the_others() -> None:
    book = _workbook(Notes=[["see the next sheet"], ["please"]], Data=[["a", "b"], [1.5, 2], [3, 4]])
    with pytest.raises(BadInput, match="this is the sheet 'Notes', and --data-part chooses another one: 'Data'"):
        read(book, "book.xlsx")
    sheet = next(each for each in controls(taken("book.xlsx", book)) if each.option == "part")
    assert (sheet.value, sheet.values) == ("Notes", ("Notes", "Data"))
    assert read(book, "book.xlsx", ReadOptions(part="Data")).array.shape == (2, 2)


def test_cell_far_out_is_refused_before_the_sheet_is_made() -> None:
    book = _workbook(A=[[1, 2], [3, 4]]).replace(b'<row r="2">', b'<row r="2">')
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="B2"', b'r="XFD1048576"'))
    with pytest.raises(BadInput, match="reaches to row 1\u202f048\u202f576 and column 16\u202f384"):
        read(stream.getvalue(), "book.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.mat", b"\x89HDF\r\n\x1a\n" + bytes(99), "'-v7'"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(99), "save it as .xlsx or CSV"),
        ("a.pt", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "torch.save"),
        ("a.pkl", b"(lp0\nI1\na.", "pickle"),
        ("a", b"\x80\x04\x95.", "pickle"),
        ("a.csv.gz", gzip.compress(b"1,2\n3,4\n", mtime=0)[:-9], "gzip file is damaged"),
        ("a.zip", _saved(lambda stream: zipfile.ZipFile(stream, "w").close()), "zip file that holds nothing"),
        ("a.pdf", b"%PDF-1.7", "copy the table"),
    ],
)
def test_container_that_is_not_read_is_named(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(content, name)


def test_picture_in_an_array_is_grey_where_it_is_said() -> None:
    colours = RNG.integers(0, 256, (9, 8, 3)).astype(np.uint8)
    grey = read(_saved(lambda stream: np.save(stream, colours)), "a.npy", ReadOptions(kind="picture")).array
    np.testing.assert_allclose(grey, (0.299 * colours[..., 0] + 0.587 * colours[..., 1] + 0.114 * colours[..., 2]) / 255)


def test_several_arrays_are_asked_with_the_flags_that_choose() -> None:
    content = _saved(lambda stream: np.savez(stream, A=MATRIX, B=LIST))
    with pytest.raises(Ambiguous) as caught:
        read(content, "a.npz")
    assert [choice.flags for choice in caught.value.choices] == ["--data-part A", "--data-part B"]
    assert read(content, "a.npz", ReadOptions(part="B")).array.shape == (12, 8)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_with_a_wrong_byte_is_read_or_refused(method: int) -> None:
    """Wherever the byte is: as a table, as arrays, and as an export that holds a run."""
    array, packed = io.BytesIO(), {}
    np.save(array, np.arange(6.0).reshape(2, 3))
    for name, content in (("m.csv", b"1,2\n3,4\n5,7\n"), ("W.npy", array.getvalue()), ("dmf-01234567.zip", b"PK")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as file:
            file.writestr(name, content)
        packed[name] = stream.getvalue()
    for name, content in packed.items():
        for place in range(len(content)):
            changed = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
            assert isinstance(run_inside(changed), bytes)
            with contextlib.suppress(BadInput):
                read(changed, f"{name}.zip")
