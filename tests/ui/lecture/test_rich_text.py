"""Texts of a lecture: Markdown and formulas as trees, and nothing of a person as HTML."""

import re

import pytest

from dmf_core.errors import BadInput
from ui.lecture.rich_text import blocks, check, html, inline, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[text](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "<http://example.org>",
    r"$\text{<img src=x onerror=1>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\text{<script>}$ *<b>*",
    "`<b>`",
]


def test_a_plain_text_is_the_tree_of_itself() -> None:
    assert inline("Two have arrived, a < b") == "Two have arrived, a < b"


def test_emphasis_lists_and_formulas_become_elements() -> None:
    assert inline("*a* **b** `c`") == [["em", "a"], " ", ["strong", "b"], " ", ["code", "c"]]
    assert blocks("one\ntwo\n\n- x") == [["p", "one", ["br"], "two"], ["ul", ["li", ["p", "x"]]]]
    power = ["math", ["mrow", ["msup", ["mi", "σ"], ["mn", "2"]]]]
    assert inline(r"as $\sigma^2$ does") == ["as ", power, " does"]
    assert html(inline(r"$\sigma^2$")).startswith('<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><msup><mi>σ</mi>')


def test_a_price_is_no_formula() -> None:
    assert inline("from $5 to $6") == "from $5 to $6" and inline(r"\$x\$") == "$x$"


@pytest.mark.parametrize("text", HOSTILE)
def test_html_and_links_are_shown_as_text(text: str) -> None:
    for tree in (inline(text), blocks(text)):
        written = html(tree)
        tags = set(re.findall(r"<(\w+)", written))
        assert tags <= {"p", "em", "code", "math", "mrow", "mi", "mtext"} and not re.search(r"<[^>]*(href|src|on\w+)=", written)


def test_a_formula_that_cannot_be_read_is_refused_and_shown_as_written() -> None:
    for text in (r"$\frac{1$", r"$^$", r"$\left($", "$" + "{" * 300 + "$"):
        with pytest.raises(BadInput, match="cannot be read as a formula"):
            check(text)
        assert plain(inline(text)) == text
    check(r"$\frac{d\sigma_r}{dt} = -N\,\sigma_r^{2-2/N}\,u_r^\top G v_r$")


def test_numbers_are_not_broken_at_the_end_of_a_line() -> None:
    assert inline("1 500 of 3 600 entries, 71 % of it") == "1\u202f500 of 3\u202f600 entries, 71\u00a0% of it"
    assert inline("in 2020 100 people, 12 34, 1.5 100") == "in 2020 100 people, 12 34, 1.5 100"
    assert inline("`1 500`") == [["code", "1 500"]]
