"""Files as people have them: each is read right, or refused with a sentence that names the cause and the remedy.

The files are synthetic; their shapes are those of public bug reports and of well-known formats.
"""

from pathlib import Path

import numpy as np
import pytest

from dmf_core.data import ReadOptions, read
from dmf_core.errors import BadInput

CASES = Path(__file__).parent / "cases"
U = float("nan")
Case = tuple[str, tuple[int, ...], int, list[float], str]  # kind, shape, known entries, first row, words that are said
READ: dict[str, Case] = {
    "01-pandas-default.csv": ("table", (8, 6), 48, [-0.4179, -0.9165, 0.0556], "names in the first row and column"),
    "03-users-by-items.csv": ("table", (12, 8), 96, [1, 3, 4, 4], "names in the first row and column"),
    "03b-scores.csv": ("table", (10, 4), 40, [60, 62, 64, 66], "names in the first row and column"),
    "04-zeros-missing.csv": ("table", (12, 8), 96, [1, 3, 4, 4, 4, 2, 0, 2], "0 fills 36 %"),
    "05-ml-latest-small.csv": ("list", (40, 2000), 2000, [0.5, U], "2\u202f100"),
    "06-ratings-with-index.csv": ("list", (12, 8), 61, [1, 3, 4, 4], "userId, movieId, rating"),
    "07-rating-last.csv": ("list", (12, 8), 61, [1, 3, 4, 4], "user_id, item_id, rating"),
    "08-rated-twice.tsv": ("list", (6, 8), 30, [5, 3, 4, 4], "2 entries repeat the row and column of another one"),
    "09-excel-de.csv": ("table", (4, 3), 10, [1.5, U, 3], "decimal commas"),
    "10-ratings-decimal-comma.csv": ("list", (12, 8), 61, [0.5, 2.5, 3.5], "decimal commas"),
    "12-excel-na-middle.csv": ("table", (4, 3), 11, [1, 2, 3], "11 of 12"),
    "13-dot-first-row.csv": ("table", (4, 3), 11, [1, U, 3], "11 of 12"),
    "13b-dot-later.csv": ("table", (4, 3), 11, [1, 2, 3], "11 of 12"),
    "14-trailing-comma.csv": ("table", (3, 3), 9, [1, 2, 3], "end of every line"),
    "15-sep-line.csv": ("table", (3, 3), 9, [1, 2, 3], "semicolons"),
    "17-matrix.npz": ("table", (8, 6), 48, [-0.4179, -0.9165], "NPZ"),
    "20-tensor.mat": ("tensor", (6, 5, 4), 120, [], "entries (MATLAB)"),
    "22-bookcrossing.csv": ("list", (12, 8), 61, [1, 0, 4, 4], "0 fills 38 %"),
    "22b-bookcrossing-escape.csv": ("list", (14, 10), 63, [U, 1, 0, 4, 4], "63 entries"),
    "23-netflix.txt": ("list", (12, 8), 61, [1, 3, 4, 4], "blocks of the Netflix Prize"),
    "25-lastfm.tsv": ("list", (12, 8), 61, [17, 51, 68, 68], "column 1, column 2, column 4"),
    "28-matrixmarket.mtx": ("list", (12, 8), 61, [1, 3, 4, 4], "unknown, not as 0"),
    "28b-matrixmarket-array.mtx": ("table", (3, 2), 6, [1, 4], "Matrix Market"),
    "29-frostt.tns": ("tensor", (4, 5, 3), 45, [], "indices from 1"),
    "29b-sptensor.tns": ("tensor", (4, 5, 3), 45, [], "indices from 1"),
    "30-title-entity.csv": ("table", (3, 3), 9, [1, 2, 3], "commas between"),
    "31-unicode-minus.csv": ("table", (3, 2), 6, [-1.5, 2], "6 of 6"),
    "32-thousands.csv": ("table", (3, 2), 6, [1234.5, 2], "names in the first row"),
    "33-utf16-no-bom.csv": ("table", (3, 2), 6, [1, 2], "6 of 6"),
    "34-old-mac.csv": ("table", (3, 3), 8, [1, 2, 3], "names in the first row"),
    "35-fortran-d.txt": ("table", (3, 2), 6, [1.5, 2], "spaces"),
    "36-pipe.txt": ("table", (3, 3), 9, [1, 2, 3], "pipes"),
    "37-melted.csv": ("list", (12, 8), 61, [1, 3, 4, 4], "35 lines have no value"),
    "38-printed-array.txt": ("table", (3, 3), 9, [1, 2, 3], "printed"),
    "39-image-hw1.npy": ("table", (8, 7), 56, [0, 0], "Sides of 1"),
    "39b-rgb.npy": ("tensor", (9, 8, 3), 216, [], "colour picture"),
    "39f-structured.npy": ("list", (12, 8), 61, [1, 3, 4, 4], "list of entries"),
    "39g-triples.npy": ("list", (12, 8), 61, [1, 3, 4, 4], "list of entries"),
    "39j-datetime.npy": ("table", (8, 6), 48, [-0.418, -0.9165], "entries (NPY)"),
    "40-cmyk.jpg": ("picture", (20, 16), 320, [0.0196], "JPEG picture"),
    "40b-palette.png": ("picture", (20, 16), 320, [0.0196], "PNG picture"),
    "40c-twelve-bit.png": ("picture", (20, 16), 320, [81 / 4095], "12 are in use"),
    "40e-constant.png": ("picture", (9, 12), 108, [128 / 255], "PNG picture"),
    "40f-photo.webp": ("picture", (20, 16), 320, [0.0196], "WEBP picture"),
    "40h-float.tif": ("picture", (20, 16), 320, [0.02], "TIFF picture"),
    "41-tiny-scale.csv": ("table", (8, 6), 48, [-4.179e-5, -9.165e-5], "48 of 48"),
    "42-huge-scale.csv": ("table", (8, 6), 48, [-4.179e8, -9.165e8], "48 of 48"),
    "44-empty-row-and-column.csv": ("table", (8, 6), 34, [U, -0.9165], "34 of 48"),
    "45-two-blocks.csv": ("table", (8, 6), 24, [-0.4179, -0.9165, 0.0556, U, U, U], "24 of 48"),
    "46-constant.csv": ("table", (5, 4), 20, [3, 3, 3, 3], "20 of 20"),
    "46b-zeros.csv": ("table", (5, 4), 20, [0, 0, 0, 0], "20 of 20"),
    "47-identity.csv": ("table", (6, 6), 36, [1, 0, 0, 0, 0, 0], "36 of 36"),
    "49-signed-rank-one.csv": ("table", (5, 5), 22, [0.55, -0.55, 1.1, U, 0.11], "22 of 25"),
    "50b-mask-numbers.csv": ("table", (6, 6), 36, [0, 1, 1, 0, 1, 1], "36 of 36"),
    "54-list-of-lists.txt": ("table", (3, 3), 8, [1, 2, 3], "printed"),
    "55-matlab.txt": ("table", (3, 3), 8, [1, 2, 3], "commas"),
    "57-write-table.txt": ("table", (3, 3), 8, [1, 2, 3], "names in the first row and column"),
    "59-quoted-titles.csv": ("list", (12, 8), 61, [1, 3, 4, 4], "list of entries"),
    "60-gap-in-indices.txt": ("list", (3, 4), 12, [0.5, 1, 1.5, 2.5], "No entry names row 2"),
    "62-marks.csv": ("table", (12, 3), 36, [72, 65, 80], "36 of 36"),
    "67-write-csv-r.csv": ("table", (3, 3), 8, [0.5, U, 0.9], "names in the first row and column"),
    "70-plain.csv": ("table", (8, 6), 33, [-0.4179, -0.9165, U], "33 of 48"),
    "71-full.csv": ("table", (8, 6), 48, [-0.4179, -0.9165], "48 of 48"),
    "72-plain-tiny.csv": ("table", (8, 6), 33, [-4.179e-5, -9.165e-5, U], "33 of 48"),
    "74-scaled-1e7.csv": ("table", (8, 6), 33, [-4179000, -9165000, U], "33 of 48"),
}
REFUSED = {  # cause, remedy
    "18-book.xlsx": ("workbook cannot be read", "save it again"),
    "19-final.npy": ("torch.save", "numpy.save"),
    "26-implicit-pairs.tsv": ("61 pairs without a value", "row, column and value"),
    "39d-one-row.npy": ("1 x 6", "both sides must be from 2"),
    "39e-vector.npy": ("1 dimension", "a matrix has 2"),
    "39h-complex.npy": ("complex128", "give real numbers"),
    "39i-ratings-object.npy": ("pickled", "save it as plain numbers"),
    "40d-one-pixel.png": ("1 x 1", "both sides must be from 2"),
    "40g-phone.heic": ("HEIC", "JPEG or PNG"),
    "48-one-line.csv": ("1 x 5", "both sides must be from 2"),
    "52-title-line.csv": ("'Table 1: yields in t'", "delete the lines above"),
    "53-percent.csv": ("percentage", "write 0.1 or 10"),
    "64-label-column.csv": ("'species'; the whole column holds words", "leave it out"),
    "65-inf.csv": ("row 2, column 2 is inf", "leave unknown ones empty"),
}


def test_every_case_is_either_read_or_refused_here() -> None:
    assert {path.name for path in CASES.iterdir()} == set(READ) | set(REFUSED)
    assert not set(READ) & set(REFUSED)


@pytest.mark.parametrize("name", READ)
def test_case_is_read_as_its_owner_means_it(name: str) -> None:
    kind, shape, known, first, words = READ[name]
    reading = read(CASES / name)
    account = reading.account
    assert (account.kind, account.shape, account.known) == (kind, shape, known)
    assert reading.array.shape == shape
    assert int((~np.isnan(reading.array)).sum()) == known
    row = reading.array[0]
    if first:
        np.testing.assert_allclose(row[: len(first)], first, atol=0.002 if kind == "picture" else 0, rtol=1e-3)
    assert words in reading.words


@pytest.mark.parametrize("name", REFUSED)
def test_case_is_refused_with_cause_and_remedy(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(CASES / name)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert all(part in sentence for part in REFUSED[name])


def test_one_matrix_in_three_units_is_read_in_three_units() -> None:
    plain, tiny, scaled = (read(CASES / name) for name in ("70-plain.csv", "72-plain-tiny.csv", "74-scaled-1e7.csv"))
    np.testing.assert_allclose(tiny.array, 1e-4 * plain.array, rtol=1e-12)
    np.testing.assert_allclose(scaled.array, 1e7 * plain.array, rtol=1e-12)
    assert tiny.account.unit == pytest.approx(1e-4 * plain.account.unit)
    assert plain.account.unit == pytest.approx(float(np.sqrt(np.nanmean(plain.array**2))))


def test_zeros_are_unknown_where_it_is_said() -> None:
    account = read(CASES / "04-zeros-missing.csv", "", ReadOptions(unknown=(0.0,))).account
    assert account.known == 61
    assert account.unknown == (0.0,)
