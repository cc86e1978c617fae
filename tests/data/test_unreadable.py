"""Files that cannot be meant are refused, with cause and remedy."""

import numpy as np
import pytest

from dmf_core.data import read
from dmf_core.data.literals import read_literal
from dmf_core.errors import BadInput


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


def test_brackets_nest_as_deep_as_a_tensor_has_sides() -> None:
    cube = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(read_literal(str(cube).encode(), "utf-8"), cube)
    with pytest.raises(BadInput, match="nested more than"):
        read_literal(b"[" * 2000 + b"1" + b"]" * 2000, "utf-8")
