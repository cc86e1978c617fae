"""The words of the glossary on hover, and flags of the command line as the page labels them."""

import re

import pytest

from ui.figures.files.flags import in_controls
from ui.figures.text.glossary import GLOSSARY, terms_in, with_meanings


def test_hover_explains_each_word_once_in_paragraphs_alone() -> None:
    html = (
        '<h1>The nuclear norm</h1><p title="nuclear norm">A nuclear norm, a Nuclear norm.</p><p>One nuclear norm, two modes.</p>'
    )
    explained = with_meanings(html)
    meanings = re.findall(r'<abbr tabindex="0" title="([^"]*)">([^<]*)</abbr>', explained)
    assert [word for _, word in meanings] == ["nuclear norm", "modes"]
    assert [meaning for meaning, _ in meanings] == [GLOSSARY["nuclear norm"], GLOSSARY["mode"]]
    assert re.sub(r"</?abbr[^>]*>", "", explained) == html


def test_hover_takes_the_meaning_of_the_page_where_it_has_its_own() -> None:
    assert (
        with_meanings("<p>two components</p>", {"component": "A group."})
        == '<p>two <abbr tabindex="0" title="A group.">components</abbr></p>'
    )


def test_glossary_explains_every_term_by_itself_and_no_verb() -> None:
    for term, meaning in GLOSSARY.items():
        assert term == "σ" or terms_in([f"a {term}, that is"]) == {term: meaning}
    assert terms_in(["each entry pulls on itself"]) == {}


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("if it names the rows, add --data-index yes.", "if it names the rows, choose “Names in first column: yes”."),
        (
            "99 was taken as unknown (--data-unknown none keeps it).",
            "99 was taken as unknown (“Stands for unknown: none” keeps it).",
        ),
        ("add --data-unknown=-1.", "choose “Stands for unknown: -1”."),
        ("are left (--data-largest N for fewer).", "are left (“Largest side” for fewer)."),
        ("with --data-kind list).", "with “Kind: list of entries”)."),
        ("or name it with --data-columns row,column,value.", "or call it “value” in the file's first row."),
        ("The sheet 'a' is empty; name another one with --data-part.", "The sheet 'a' is empty; name another one with “Sheet”."),
        ("choose another one with --data-part.", "choose another one with “Array”."),
    ],
)
def test_flags_are_named_as_the_controls_of_the_page(sentence: str, shown: str) -> None:
    assert in_controls(sentence) == shown
