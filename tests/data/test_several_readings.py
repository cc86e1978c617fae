"""What may be names or data, a table or a list: asked, or read as what is as likely, with a note."""

import numpy as np
import pandas as pd
import pytest

from dmf_core.data import Ambiguous, read
from dmf_core.errors import BadInput
from tests.data.samples import WHOLE, lines

SHUFFLED = b"\n".join(np.random.default_rng(1).permutation(lines("{u},{i},{v}").splitlines()).tolist())


@pytest.mark.parametrize(
    ("content", "readings"),
    [
        (pd.DataFrame(WHOLE).to_csv(index=False).encode(), ("--data-header yes", "--data-header no")),
        (pd.DataFrame(WHOLE).to_csv(header=False).encode(), ("--data-index yes", "--data-index no")),
        (b"1,234;5,678\n2,345;6,789\n", ("--data-decimal comma", "--data-decimal point")),
        (SHUFFLED, ("--data-kind table", "--data-kind list")),
        (
            lines("{u},{i},{v},{u}", "user,item,price,amount\n"),
            ("--data-columns user,item,price", "--data-columns user,item,amount"),
        ),
    ],
)
def test_two_likely_readings_are_asked_with_the_flags_that_choose(content: bytes, readings: tuple[str, str]) -> None:
    with pytest.raises(Ambiguous) as caught:
        read(content, "x")
    assert tuple(choice.flags for choice in caught.value.choices) == readings
    assert all(choice.flags in str(caught.value) for choice in caught.value.choices)


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
