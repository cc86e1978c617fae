"""Kinds of files: the same small matrix or list, written in the ways that programs and people write it."""

import gzip
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from dmf_core.data import Ambiguous, ReadOptions, read
from dmf_core.data.dialect import split
from dmf_core.data.literals import read_literal
from dmf_core.errors import BadInput

RNG = np.random.default_rng(0)
MATRIX = np.round(RNG.normal(size=(8, 5)), 3)
WHOLE = RNG.integers(1, 6, size=(8, 5))
FRAME = pd.DataFrame(MATRIX, columns=list("abcde"))
ENTRIES = [(u, i, int(RNG.integers(1, 11)) / 2) for u in range(1, 13) for i in range(1, 9) if RNG.random() < 0.7]
LIST = np.full((12, 8), np.nan)
for u, i, v in ENTRIES:
    LIST[u - 1, i - 1] = v


def _lines(form: str, head: str = "") -> bytes:
    """The entries, one a line; `form` has the fields u, i and v."""
    return (head + "".join(form.format(u=u, i=i, v=v) + "\n" for u, i, v in ENTRIES)).encode()


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


def test_names_of_a_western_code_page_are_kept() -> None:
    for encoding in ("latin-1", "cp1252"):
        assert read("Größe;Maß\n1,5;2\n3;4,5\n".encode(encoding), "x.csv").account.column_names == ("Größe", "Maß")


LISTS = {
    "u.data": _lines("{u}\t{i}\t{v}\t88125{u:02}{i:02}"),
    "ratings.dat": _lines("{u}::{i}::{v}::97830{u}"),
    "ratings.csv": _lines("{u},{i},{v},96498{u}", "userId,movieId,rating,timestamp\n"),
    "columns in another order": _lines("{v},{i},96498{u},{u}", "score,item_id,timestamp,user_id\n"),
    "an index before": pd.DataFrame(ENTRIES, columns=["user", "movie", "stars"]).to_csv().encode(),
    "an index without a name, no names": pd.DataFrame([(*each, 978300000 + each[0]) for each in ENTRIES])
    .to_csv(header=False)
    .encode(),
    "ids with decimals": _lines("{u}.0,{i}.0,{v}", "user,item,rating\n"),
    "names of films": _lines('{u},"Film {i}, The",{v}', "userId,title,rating\n"),
    "names with line ends": _lines('{u},"Film\n{i}",{v}', "userId,title,rating\n"),
    "one bad quote in a name": _lines('{u};"Film {i}";{v}', "userId;title;rating\n").replace(b'"Film 1"', b'"Film" 1"', 1),
    "quotes without a partner and tabs": _lines('{u}\t"Film {i}\t{v}', "user\ttitle\trating\n"),
    "title beside the id": _lines('{u},{i},"T, {i}",{v}', "user_id,book_id,book_title,rating\n"),
    "clock and ratio": _lines(
        "{u},{i},138{i},6067,2020-07-05 00:08:23.438,20200705,1593878903.438,{v}",
        "user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n",
    ),
    "names in a comment": _lines("{u} {i} {v}", "# user item rating\n"),
    "matrix indices": _lines("{u} {i} {v}", "i j value\n"),
    "an id that is no known word": _lines("{u},{v},{i}", "Cust_Id,Rating,Movie_Id\n"),
    "names that only count": _lines("{u},{i},{v}", "0,1,2\n"),
    "names in German, decimal commas": _lines("{u};{i};{v}", "Nutzer;Film;Bewertung\n").replace(b".", b","),
    "a second number that is no value": _lines("ann{u:02},{i},{v},2", "username,anime_id,my_score,my_status\n"),
    "two tabs between": _lines("{u}\t\t{i}\t\t{v}"),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_of_every_kind_gives_the_same_matrix(name: str) -> None:
    reading = read(LISTS[name], name)
    assert reading.account.kind == "list"
    if name == "one bad quote in a name":  # which becomes a name of its own
        assert reading.account.column_names is not None
        assert reading.account.column_names[-1] == 'Film" 1'
        np.testing.assert_array_equal(np.fmax(reading.array[:, 0], reading.array[:, -1]), LIST[:, 0])
        np.testing.assert_array_equal(reading.array[:, 1:-1], LIST[:, 1:])
    else:
        np.testing.assert_array_equal(reading.array, LIST)


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


TENSOR = [(i, j, k, float(i * j + k)) for i in range(1, 4) for j in range(1, 5) for k in range(1, 3) if (i + j + k) % 3]


EXTENDED = "# extended FROSTT format\n3 16\n3 4 2\n"


@pytest.mark.parametrize(
    ("name", "head"), [("t.tns", ""), ("t.txt", ""), ("t.tns", "sptensor\n3\n3 4 2\n16\n"), ("t.tns", EXTENDED)]
)
def test_list_of_a_tensor_is_read_with_and_without_a_head(name: str, head: str) -> None:
    expected = np.full((3, 4, 2), np.nan)
    for i, j, k, value in TENSOR:
        expected[i - 1, j - 1, k - 1] = value
    assert len(TENSOR) == 16
    reading = read((head + "".join(f"{i} {j} {k} {v}\n" for i, j, k, v in TENSOR)).encode(), name)
    np.testing.assert_array_equal(reading.array, expected)
    assert reading.account.kind == "tensor"


SHUFFLED = b"\n".join(np.random.default_rng(1).permutation(_lines("{u},{i},{v}").splitlines()).tolist())


@pytest.mark.parametrize(
    ("content", "readings"),
    [
        (pd.DataFrame(WHOLE).to_csv(index=False).encode(), ("--data-header yes", "--data-header no")),
        (pd.DataFrame(WHOLE).to_csv(header=False).encode(), ("--data-index yes", "--data-index no")),
        (b"1,234;5,678\n2,345;6,789\n", ("--data-decimal comma", "--data-decimal point")),
        (SHUFFLED, ("--data-kind table", "--data-kind list")),
        (
            _lines("{u},{i},{v},{u}", "user,item,price,amount\n"),
            ("--data-columns user,item,price", "--data-columns user,item,amount"),
        ),
    ],
)
def test_two_likely_readings_are_asked_with_the_flags_that_choose(content: bytes, readings: tuple[str, str]) -> None:
    with pytest.raises(Ambiguous) as caught:
        read(content, "x")
    assert tuple(choice.flags for choice in caught.value.choices) == readings
    assert all(choice.flags in str(caught.value) for choice in caught.value.choices)


def test_columns_of_a_tensor_are_taken_as_chosen() -> None:
    text = "v,i,j,k\n" + "".join(f"{v},{i},{j},{k}\n" for i, j, k, v in TENSOR)
    reading = read(text.encode(), "t.csv", ReadOptions(columns=("i", "j", "k", "v")))
    assert reading.array.shape == (3, 4, 2)
    assert all(reading.array[i - 1, j - 1, k - 1] == v for i, j, k, v in TENSOR)


def test_first_column_that_only_rises_is_data_and_this_is_said() -> None:
    reading = read(b"Time (s),A\n0.0,1\n0.1,2\n0.2,1\n0.3,5\n0.4,4\n", "x.csv")
    assert reading.array.shape == (5, 2)
    assert "'Time (s)', only rises; if it only names the rows, add --data-index yes" in reading.words


NOTED = {  # read as data, because that is as likely, and said
    "probe,400.5,401.0,401.5\na,1,2,2\nb,4,5,1\n": ("The first row, 'probe', rises in equal steps", "--data-header yes"),
    "0|1\n4|3\n5|2\n2|2\n": ("The first row counts from 0", "--data-header yes"),
    "1,4.5,2\n2,3,1.5\n3,2,2\n": ("The first column counts from 1", "--data-index yes"),
    "a,b,c\n1,2,5\n2,3,1\n3,5,5\n4,1,2\n5,1,1\n": ("The first column, 'a', counts from 1", "--data-index yes"),
    "12,0.5,1.5\n7,2.5,0.1\n30,1.1,0.2\n9,0.3,0.4\n21,7.5,0.3\n": (
        "Only the first column holds whole numbers",
        "--data-index yes",
    ),
}


@pytest.mark.parametrize("text", NOTED)
def test_names_that_could_be_data_are_data_and_this_is_said(text: str) -> None:
    reading = read(text.encode(), "x.csv")
    rows = text.count("\n") - reading.account.header
    assert reading.array.shape[0] == rows
    assert all(part in reading.words for part in NOTED[text])


def test_ids_far_above_all_other_numbers_name_the_rows() -> None:
    text = "\n".join(
        ",".join(map(str, (number, *row)))
        for number, row in zip((40211, 7, 61034, 50555, 988, 31337, 20002, 77), WHOLE.tolist(), strict=True)
    )
    reading = read(text.encode(), "x.csv")
    np.testing.assert_array_equal(reading.array, WHOLE)
    assert "far above all others, so it names the rows (--data-index no" in reading.words


@pytest.mark.parametrize("columns", [3, 4, 5])
def test_answers_from_one_to_five_are_no_list_and_no_tensor(columns: int) -> None:
    """Forty draws of each: small whole numbers in a few columns, as in a questionnaire."""
    for seed in range(40):
        answers = np.random.default_rng(seed).integers(1, 6, (12 + seed % 7, columns))
        try:
            reading = read("\n".join(" ".join(map(str, row)) for row in answers).encode(), "x.txt")
        except Ambiguous:
            continue
        np.testing.assert_array_equal(reading.array, answers)


def test_table_of_products_is_no_names() -> None:
    products = np.outer(np.arange(1, 9), np.arange(1, 7))
    reading = read("\n".join(",".join(map(str, row)) for row in products).encode(), "x.csv")
    np.testing.assert_array_equal(reading.array, products)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b,c\n1,2,3\n4,5\n", "Line 3 has 2 values, but line 1 has 3"),
        ("a,b,c\n1,2,3\n4,5,6\nSource: me\n", "Line 4 has 1 values"),
        ("1,2,3\n4,5,6 # twice\n", "a note at the end; leave notes out"),
        ("a,b\n€5,€6\n€7,€8\n", "amount of money; leave the sign"),
        ("a,date,b\n1,2020-01-01,2\n3,2020-01-02,4\n", "'date', which is a date or a time; leave this column out"),
        ("1+2j,3\n4,5\n", "a complex number; give real numbers"),
        ("1,5;2.5\n3,5;4.5\n", "a decimal comma and a decimal point"),
        ("user,item\n" + "1,2\n3,4\n", "'user' and 'item' without a value"),
        ("userId,movieId,tag,timestamp\n1,2,fun,97830\n2,3,sad,97831\n", "without a value"),
        ("<!DOCTYPE html><html></html>", "a web page or XML"),
        ("[[1 2 ... 3]\n [4 5 ... 6]]", "shortened"),
        ("[[1, 2], [3]]", "different lengths"),
        ("[[1, 2], [3, 4]", "do not match"),
        ('[{"user": 1}]', "JSON with named fields"),
        ("%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 1\n2 3\n", "places without values"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 5\n1 1 2\n", "says 5 entries"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n1 4 2\n", "outside of 3 x 3"),
        ("%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n", "needs 4 values, but 3 follow"),
        ("sptensor\n3\n2 2 2\n1\n1 1 3 0.5\n", "an entry has a larger index"),
        ("user,item,stars\n1,1,***\n2,1,**\n", "The column 'stars' of the list holds no numbers"),
        ("1,2\n'3,4\n5,'6\n", "begins with a quote"),
        ("4.5 1:1 20:1\n3.0 2:1 21:1\n", "a list of features"),
        ("% w\n@RELATION x\n@attribute a numeric\n@data\n1,2\n", "a file of Weka"),
        ("1 & 2 \\\\\n3 & 4 \\\\\n", "a table of LaTeX"),
        ("{\\rtf1\\ansi 1 2 3}", "a word processor"),
        ("a\n1\n2\n3\n", "3 x 1 .the first row was read as names"),
        ("ktensor\n3\n2 2 2\n2\n", "ktensor of the Tensor Toolbox"),
    ],
)
def test_file_that_cannot_be_meant_gets_cause_and_remedy(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as caught:
        read(text.encode(), "x.csv")
    assert "\n" not in str(caught.value)


def test_separators_are_sniffed_where_several_marks_occur() -> None:
    rows, _ = split(b"user;title;mark\n1;Good, Bad;3\n2;Big, Small;4\n", "utf-8", None)
    assert rows.separator == ";"


def test_brackets_nest_as_deep_as_a_tensor_has_sides() -> None:
    cube = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(read_literal(str(cube).encode(), "utf-8"), cube)
    with pytest.raises(BadInput, match="nested more than"):
        read_literal(b"[" * 2000 + b"1" + b"]" * 2000, "utf-8")


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


HEADED = {  # several rows or columns of names: the names of the last row and the last column, and a part of what is said
    ",A,A,B\n,x,y,x\n0,1.5,2,3\n1,4,5,6\n2,7,8,9\n": ("2", "B x", "2 rows name the columns together"),
    "first,A,A,B\nsecond,x,y,x\nt,,,\nu,1.5,2,3\nv,4,5,6\nw,7,8,9\n": ("w", "B x", "3 rows name the columns"),
    "t,v,f\ns,m/s,N\n0.0,1.5,2\n0.3,1.7,3\n0.2,2,1\n": (None, "f N", "2 rows name"),
    "land,GDP,Pop\n,USD,million\nFR,1.5,2\nDE,1.7,3\nIT,2,1\n": ("IT", "Pop million", "2 rows name"),
    ",2019,,2020,\nname,low,high,low,high\na,1.5,2,3,4\nb,5,6,7,8\nc,1,1.5,2,2\n": ("c", "2020 high", "2 rows name"),
    "site,plot,p,q,r\na,x,1.5,2,3\na,y,3,4,4\nb,x,5,6,7\n": ("b, x", "r", "The first 2 columns name the rows together"),
    "Unnamed: 0.1,Unnamed: 0,v,w\n0,0,1.5,2\n1,1,3,4\n2,2,5,6\n": ("2", "w", "2 columns at the beginning only count the rows"),
    "gene_id,symbol,S1,S2\nE1,ABC,1.5,2\nE2,DEF,4,5\nE3,GHI,7,8\n": ("E3", "S2", "left out: 'symbol'"),
    '"Data Source","WDI",\n\n"Updated","2023-07-25",\n\n"Country Name","Country Code","Indicator Name","1960","1961",\n'
    '"Korea, Rep.","KOR","Population, total","1.5","",\n"Chad","TCD","Population, total","3","4",\n'
    '"Peru","PER","Population, total","5","6",\n': ("Peru", "1961", "2 lines above the names were left out, 'Data Source WDI'"),
}


@pytest.mark.parametrize("text", HEADED, ids=range(len(HEADED)))
def test_several_rows_or_columns_of_names_are_joined_or_left_out_and_this_is_said(text: str) -> None:
    reading = read(text.encode(), "t.csv")
    row, column, words = HEADED[text]
    assert reading.account.row_names is None if row is None else (reading.account.row_names or "")[-1] == row
    assert (reading.account.column_names or "")[-1] == column
    assert reading.array.shape[0] == 3
    assert 1.5 in reading.array[0]
    assert words in reading.words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("student,exam1,exam2\nAnn,absent,absent\nBob,1.5,2\nCy,3,4\n", "'absent' in column 2"),
        ("Report,,\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", "'Report' alone, as a title does"),
        ("1|24|M|85711\n2|53|F|94043\n3|23|M|32067\n4|24|M|43537\n5|33|F|15213\n", "the whole column holds words"),  # u.user
        ("n,x\n#1,2\n#2,3\n", "2 lines that begin with #, % or // were left out"),
        ("3 4\n1 2 3 4\n5 6 7 8\n9 10 11 12\n", "Line 1 has 2 values"),
        ("name,size,v,w\na,5kg,1,2\nb,6kg,2,3\nc,7kg,3,5\n", "'5kg' in column 2, 'size', which has a unit"),
    ],
)
def test_rows_and_columns_that_may_hold_data_are_no_names(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(text.encode(), "t.csv")


def test_several_rows_of_names_of_a_wide_table_reach_over_the_first_chunk() -> None:
    """A chunk of 2000 columns holds one row."""
    names = [",".join(f"{letter}{k}" for k in range(1999)) for letter in "gc"]
    body = [",".join([repr(row + 0.5)] * 1999) for row in range(3)]
    reading = read("\n".join([*names, *body]).encode(), "t.csv")
    assert reading.array.shape == (3, 1999)
    assert (reading.account.column_names or "")[-1] == "g1998 c1998"


def test_lists_with_two_ratings_are_asked_about() -> None:
    with pytest.raises(Ambiguous, match="--data-columns user,item,taste_rating"):
        read(_lines("{u},{i},{v},{v}", "user,item,taste_rating,look_rating\n"), "x.csv")


def test_text_of_another_code_page_says_how_its_letters_were_taken() -> None:
    reading = read("Город;a;b\nМосква;1;2\nОмск;3;4\n".encode("cp1251"), "x.csv")
    assert reading.array.tolist() == [[1, 2], [3, 4]]
    assert "not UTF-8 and was read as Latin-1; if names come out wrong" in reading.words
    assert "UTF-8" not in read("Ort;a;b\nKöln;1;2\nBonn;3;4\n".encode(), "x.csv").words


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
