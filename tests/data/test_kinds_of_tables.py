"""Tables: the same small matrix, written in the ways that programs and people write it."""

import json

import numpy as np
import pandas as pd
import pytest

from dmf_core.data import ReadOptions, read
from dmf_core.data.dialect import split
from dmf_core.errors import BadInput
from tests.data.samples import FRAME, MATRIX, RNG

TABLES = {
    "index and names of pandas": FRAME.to_csv(),
    "names alone": FRAME.to_csv(index=False),
    "counted names": pd.DataFrame(MATRIX).to_csv(index=False),
    "counted index": pd.DataFrame(MATRIX).to_csv(header=False),
    "years on the left": pd.DataFrame(MATRIX, index=range(1990, 1998)).to_csv(header=False),
    "years above": pd.DataFrame(MATRIX, index=[f"x{k}" for k in range(8)], columns=range(2001, 2006)).to_csv(),
    "years by name": pd.DataFrame(MATRIX, index=range(1990, 1998), columns=list("abcde")).to_csv(index_label="year"),
    "students by number": FRAME.set_axis([7, 12, 3, 99, 4, 5, 8, 1]).to_csv(index_label="Student ID"),
    "decimal commas": FRAME.to_csv(sep=";", decimal=","),
    "decimal commas and tabs": FRAME.to_csv(sep="\t", decimal=",", index=False),
    "decimal commas and blanks": FRAME.to_csv(sep=" ", decimal=",", index=False, header=False),
    "decimal commas in quotes": FRAME.to_csv(decimal=",", index=False),
    "pipes": FRAME.to_csv(sep="|"),
    "windows": FRAME.to_csv(lineterminator="\r\n"),
    "old mac": FRAME.to_csv(lineterminator="\r"),
    "sep line": "sep=\t\r\n" + FRAME.to_csv(sep="\t"),
    "all in quotes": FRAME.to_csv(quoting=1),
    "separator at the end": FRAME.to_csv(index=False, lineterminator=",\n"),
    "separator at the end, not of the head": "a,b,c,d,e\n" + FRAME.to_csv(index=False, header=False, lineterminator=",\n"),
    "comment above": "# measured in May\n# by X\n" + FRAME.to_csv(index=False),
    "names in a comment": "# a,b,c,d,e\n" + FRAME.to_csv(index=False, header=False),
    "sign of a number as name of the index": FRAME.rename_axis("#").to_csv(),
    "names with separators and line ends": FRAME.set_axis(["a,1", 'b "x"', "c\nd", "e", "f"], axis=1).to_csv(),
    "true minus signs": FRAME.to_csv(index=False).replace("-", "\u2212"),
    "fortran": "\n".join(" ".join(f"{value:.3e}".replace("e", "D") for value in row) for row in MATRIX),
    "aligned": "\n".join("".join(f"{value:10.3f}" for value in row) for row in MATRIX),
    "printed": str(MATRIX),
    "as code": repr(MATRIX),
    "json": json.dumps(MATRIX.tolist()),
    "matlab": "A = [" + "; ".join(" ".join(map(str, row)) for row in MATRIX) + "];",
}


@pytest.mark.parametrize("name", TABLES)
def test_table_of_every_kind_gives_the_same_matrix(name: str) -> None:
    reading = read(TABLES[name].encode(), "x.csv")
    np.testing.assert_array_equal(reading.array, MATRIX)
    assert reading.account.kind == "table"


MARKED = [  # a table as somebody has it, and its first row
    ("Name;Jan;Feb\nA;1\u2019234.50;2.5\nB;;3.25\nC;12\u2019000.75;4\n", [1234.5, 2.5]),  # Excel in Switzerland
    ("a;b;c\n#NV;1,5;2\n#WERT!;3;4\n5;#DIV/0!;6\n", [np.nan, 1.5, 2]),  # ... in Germany: no comments
    ("a;b\n#VALEUR!;1,5\n2;#NOMBRE!\n3;4\n", [np.nan, 1.5]),  # ... in France
    ("| a | b |\n|:--|---|\n| 1.5 | -2 |\n| 3 | - |\n", [1.5, -2]),  # Markdown
    ("1.5\t 2 3\n4  5\t6\n", [1.5, 2, 3]),
    ("country,2000,2001,2002\nFR,1.5,2,\nDE,3,4,5\nIT,2,,1\n", [1.5, 2, np.nan]),
    ('"";"aa";"bb"\n"1";1,5;NA\n"2";2,25;4\n"3";0,5;1\n', [1.5, np.nan]),  # R's write.csv2
    ('"aa" "bb" "cc"\n"row one" 1.5 NA 3\n"row two" 2 4 5.5\n', [1.5, np.nan, 3]),  # ... write.table
    ("sep=\t\na\tb\n1.5\t2\n3\t4\n", [1.5, 2]),
    ("a;b\n1\u2009234,5;\u22122\n3;4\n5;6,5\n", [1234.5, -2]),
    ("[[1.5, NaN], [2, 3]]", [1.5, np.nan]),
    ('"a" "b" "c"\n"1" T F NA\n"2" F F T\n"3" T T F\n', [1, 0, np.nan]),  # R's logical values for short
    ("a;b\n1.234;5,5\n1.234.567;7\n", [1234, 5.5]),  # points that group thousands
    ("a;b\n1.234;5\n1.234.567;7\n", [1234, 5]),  # ... where no comma says so
    ('a,b\n"1,23,456.5","2,00,000"\n"12,34,567","10"\n', [123456.5, 200000]),  # thousands in India
    ("a;b\n#N/D;1,5\n#\u00a1VALOR!;2\n3;#\u041d/\u0414\n", [np.nan, 1.5]),  # Excel in Italy, Spain and Russia
    ("     [,1] [,2]\n[1,]  1.5   NA\n[2,] -0.5  2.1\n", [1.5, np.nan]),  # as R's console shows it
    ("A = {{1.5, 2*^3}, {3, 4}}", [1.5, 2000]),  # Mathematica
    ("timestamp,a,b\n1577836800,1.5,2\n1577836860,,3\n", [1.5, 2]),
    ("age,smoker,w\n33,T,1\n44,F,2.5\n55,T,3\n", [33, 1, 1]),
    ("'a','b c'\n'1.5','2'\n'3','4'\n", [1.5, 2]),
    (",10,20,30\nx,1.5,2,3\ny,4,5,6\n", [1.5, 2, 3]),  # numbers as names, above rows with names
    (",1001,1002,1005\n7,1,2,3\n9,4,5,5\n12,2,2,1\n", [1, 2, 3]),
    ("sample,400.5,401.0\na,1.5,2\nb,3,4\n", [1.5, 2]),
    ("身高,体重\n1.5,2\n3,4\n", [1.5, 2]),  # letters that are no index
    ("geo\t2019\t2020\nAT\t1.5\t:\nBE\t3\t4\n", [1.5, np.nan]),  # Eurostat
    ("+-----+------+\n| a   | b    |\n+-----+------+\n| 1.5 | NULL |\n| 2   |    3 |\n+-----+------+\n", [1.5, np.nan]),  # MySQL
    ("  a  |  b  \n-----+-----\n 1.5 |    \n   2 |   3\n(2 rows)\n", [1.5, np.nan]),  # PostgreSQL
    ("a      b\n------ ------\n1.5    2\n3      4\n\n(2 rows affected)\n", [1.5, 2]),  # SQL Server
    ("a | b\n--|--\n1.5 | 2\n3 | 4\n", [1.5, 2]),
    ("┌─────┬───┐\n│  a  │ b │\n├─────┼───┤\n│ 1.5 │ 2 │\n│ 3   │ 4 │\n└─────┴───┘\n", [1.5, 2]),  # SQLite, DuckDB
    ("A =\n\n   1.0e+03 *\n\n    1.5000       NaN\n    0.5000    1.0000\n", [1500, np.nan]),  # as MATLAB shows it
    ("2×3 Matrix{Float64}:\n 1.5  2.0  3.0\n 4.0  NaN  6.0\n", [1.5, 2, 3]),  # ... Julia
    ("A = [1.5, 2, ...\n 3; 4, 5, 6];\n", [1.5, 2, 3]),
    ("a,b,c,,\n1,2,3,,\n4,5,6,,\n7,8,9,,\n", [1, 2, 3]),
    ("a,b\n1.5,2\n3,4\n\x1a", [1.5, 2]),
]


@pytest.mark.parametrize(("text", "row"), MARKED, ids=range(len(MARKED)))
def test_table_of_another_country_or_program_is_read(text: str, row: list[float]) -> None:
    np.testing.assert_array_equal(read(text.encode(), "t.csv").array[0], row)


def test_names_of_a_western_code_page_are_kept() -> None:
    for encoding in ("latin-1", "cp1252"):
        assert read("Größe;Maß\n1,5;2\n3;4,5\n".encode(encoding), "x.csv").account.column_names == ("Größe", "Maß")


def test_text_of_another_code_page_says_how_its_letters_were_taken() -> None:
    reading = read("Город;a;b\nМосква;1;2\nОмск;3;4\n".encode("cp1251"), "x.csv")
    assert reading.array.tolist() == [[1, 2], [3, 4]]
    assert "not UTF-8 and was read as Latin-1; if names come out wrong" in reading.words
    assert "UTF-8" not in read("Ort;a;b\nKöln;1;2\nBonn;3;4\n".encode(), "x.csv").words


def test_jester_is_read_without_its_counts_and_its_ninety_nines() -> None:
    jokes = np.where(RNG.random((20, 8)) < 0.4, np.nan, np.round(RNG.uniform(-10, 10, (20, 8)), 2))
    rows = [[int((~np.isnan(row)).sum()), *np.where(np.isnan(row), 99, row)] for row in jokes]
    reading = read("\n".join(",".join(map(str, row)) for row in rows).encode(), "jester.csv")
    np.testing.assert_array_equal(reading.array, jokes)
    assert reading.account.unknown == (99.0,)
    assert "counts the known entries" in reading.words


def test_jester_with_a_hundred_jokes_is_read_although_its_counts_come_near_ninety_nine() -> None:
    """Real rows have 101 numbers, and the first of them goes up to 100."""
    jokes = np.where(RNG.random((12, 100)) < np.linspace(0, 0.5, 12)[:, None], np.nan, np.round(RNG.uniform(-9.95, 9.95), 2))
    rows = [[int((~np.isnan(row)).sum()), *np.where(np.isnan(row), 99, row)] for row in jokes]
    reading = read("\n".join(",".join(map(str, row)) for row in rows).encode(), "jester-data-1.csv")
    np.testing.assert_array_equal(reading.array, jokes)
    table = read("\n".join(",".join(map(str, row)) for row in rows).encode(), "x.csv", ReadOptions(index=False))
    assert table.array.shape == (12, 101)


def test_letters_of_women_and_men_are_no_truth_values() -> None:
    with pytest.raises(BadInput, match="'sex'; the whole column holds words"):
        read(b"age,sex,w\n33,F,1\n44,F,2\n55,M,3\n", "x.csv")


def test_separators_are_sniffed_where_several_marks_occur() -> None:
    rows, _ = split(b"user;title;mark\n1;Good, Bad;3\n2;Big, Small;4\n", "utf-8", None)
    assert rows.separator == ";"
