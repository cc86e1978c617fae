r"""Markdown with formulas, as trees of allowed elements: what a person wrote is never read as HTML.

Emphasis, lists, `code`, and formulas between dollar signs in LaTeX, as in $\sigma_3$, which become MathML. Everything else, HTML
and links too, is shown as it is written. The pages build elements from the trees; `html` writes them for the handout.
"""

import html as markup
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from latex2mathml import exceptions
from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from dmf_core.errors import BadInput

Node = Any  # a text, or [tag, attributes if there are any, *nodes]
Rich = str | list[Node]  # a plain text is the tree of itself, and the shortest one
TAGS = frozenset({"p", "ul", "ol", "li", "em", "strong", "code", "br"})
MATH_TAGS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "mfrac", "msqrt", "mroot", "munder", "mover"}
    | {"munderover", "mtable", "mtr", "mtd", "mstyle"}
)
MATH_ATTRIBUTES = frozenset({"mathvariant", "stretchy", "fence", "width", "accent", "linethickness", "displaystyle", "largeop"})
MATHML = "http://www.w3.org/1998/Math/MathML"
GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)")  # 1 500, not the year and the number in "in 2020 100"
PER_CENT = re.compile(r"(?<=\d) %")
MOST_BRACES = 200  # in one formula: the converter is recursive
# What the converter raises for texts that are no formulas: its own classes, and what its parser stumbles over.
TROUBLE = (
    exceptions.NumeratorNotFoundError,
    exceptions.DenominatorNotFoundError,
    exceptions.ExtraLeftOrMissingRightError,
    exceptions.MissingSuperScriptOrSubscriptError,
    exceptions.DoubleSubscriptsError,
    exceptions.DoubleSuperscriptsError,
    exceptions.NoAvailableTokensError,
    exceptions.InvalidStyleForGenfracError,
    exceptions.MissingEndError,
    exceptions.InvalidAlignmentError,
    exceptions.InvalidWidthError,
    exceptions.LimitsMustFollowMathOperatorError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    StopIteration,
    RecursionError,
)


@lru_cache(maxsize=2048)
def inline(text: str) -> Rich:
    """The tree of one line: a heading, a sentence, a choice."""
    return _shortest(_nodes(_MARKDOWN.parseInline(text)))


@lru_cache(maxsize=512)
def blocks(text: str) -> list[Node]:
    """The tree of paragraphs and lists; a new line within a paragraph stays one."""
    return _nodes(_MARKDOWN.parse(text))


def check(text: str) -> None:
    """Raises BadInput where a formula cannot be read."""
    for token in _MARKDOWN.parse(text):
        for child in token.children or ():
            if child.type == "formula" and _formula(child.content) is None:
                raise BadInput(
                    rf"${child.content[:60]}$ cannot be read as a formula; write LaTeX, as in $\sigma_3$, and a dollar as \$."
                )


def html(tree: Rich) -> str:
    """The tree as HTML; every text in it is escaped."""
    return markup.escape(tree) if isinstance(tree, str) else "".join(map(_html, tree))


def plain(tree: Rich) -> str:
    """The texts alone, for a title or a table."""
    return tree if isinstance(tree, str) else "".join(_plain(node) for node in tree)


# Markdown ------------------------------------------------------------------------------------------------------------


def _dollars(state: StateInline, silent: bool) -> bool:
    """A formula: no space just inside its dollar signs and no digit after the last one, so that prices stay prices."""
    start, text = state.pos, state.src
    if text[start] != "$" or text[start + 1 : start + 2].strip() == "":
        return False
    end = start + 1
    while (end := text.find("$", end)) != -1:
        if text[end - 1] != "\\" and not text[end - 1].isspace() and not text[end + 1 : end + 2].isdigit():
            break
        end += 1
    if end <= start + 1:
        return False
    if not silent:
        state.push("formula", "math", 0).content = text[start + 1 : end]
    state.pos = end + 1
    return True


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False}).enable(["emphasis", "backticks", "list", "newline", "escape"])
    parser.inline.ruler.after("escape", "formula", _dollars)
    return parser


_MARKDOWN = _markdown()


def _nodes(tokens: Sequence[Token]) -> list[Node]:
    open_lists: list[list[Node]] = [[]]
    for token in tokens:
        if token.nesting == 1:
            nodes: list[Node] = [token.tag]
            open_lists[-1].append(nodes)
            open_lists.append(nodes)
        elif token.nesting == -1:
            open_lists.pop()
        elif token.type == "inline":
            open_lists[-1] += _nodes(token.children or ())
        elif token.type == "code_inline":
            open_lists[-1].append(["code", token.content])
        elif token.type == "formula":
            open_lists[-1].append(_formula(token.content) or ["code", f"${token.content}$"])
        elif token.type in ("softbreak", "hardbreak"):
            open_lists[-1].append(["br"])
        elif token.content:
            open_lists[-1].append(_unbroken(token.content))
    return open_lists[0]


def _unbroken(text: str) -> str:
    """With blanks within numbers, and before a per cent sign, at which no line ends."""
    return PER_CENT.sub(
        "\N{NO-BREAK SPACE}%", GROUPS.sub(lambda number: number[0].replace(" ", "\N{NARROW NO-BREAK SPACE}"), text)
    )


def _shortest(nodes: list[Node]) -> Rich:
    texts = [node for node in nodes if isinstance(node, str)]
    return "".join(texts) if len(texts) == len(nodes) else nodes


# Formulas ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def _formula(latex: str) -> Node | None:
    """MathML; None where the formula cannot be read."""
    opened, closed = (latex.count(brace) - latex.count("\\" + brace) for brace in "{}")
    if opened != closed or opened > MOST_BRACES:  # the converter forgives one that is missing, and makes half a fraction
        return None
    try:
        return _math(convert_to_element(latex))
    except TROUBLE:
        return None


def _math(element: Element) -> Node:
    """What is allowed of an element; of another one only what stands in it."""
    tag = element.tag if element.tag in MATH_TAGS else "mrow"
    attributes = {name: value for name, value in element.attrib.items() if name in MATH_ATTRIBUTES}
    node: list[Node] = [tag, attributes] if attributes else [tag]
    if element.text:
        node.append(markup.unescape(element.text))
    return node + [_math(child) for child in element]


# Writing -------------------------------------------------------------------------------------------------------------


def _html(node: Node) -> str:
    if isinstance(node, str):
        return markup.escape(node)
    tag, *rest = node
    assert tag in TAGS or tag in MATH_TAGS
    attributes = rest.pop(0) if rest and isinstance(rest[0], dict) else {}
    if tag == "math":
        attributes = {"xmlns": MATHML, **attributes}
    written = "".join(f' {name}="{markup.escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>" if tag == "br" else f"<{tag}{written}>{''.join(map(_html, rest))}</{tag}>"


def _plain(node: Node) -> str:
    if isinstance(node, str):
        return node
    texts = "".join(_plain(child) for child in node[1:] if not isinstance(child, dict))
    return f"{texts} " if node[0] in ("p", "li", "br") else texts
