"""What one field of a text means: a number, an unknown entry, or a word."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dmf_core.data.reading import Ambiguous, Choice
from dmf_core.errors import BadInput

UNKNOWN = frozenset(  # in lower case: an entry that nobody knows
    (
        *("", "nan", "na", "n/a", "n.a.", "<na>", "null", "(null)", "none", "nil", "missing", "unknown", "nat", "\\n", "-nan"),
        *("1.#qnan", "n.d.", "k.a.", ":", "-", "--", "\u2013", "\u2014", ".", "..", "?", "*"),
    )
)
EXCEL_ERROR = re.compile(  # #VALUE! and #NAME? in any language of Excel, and what it writes for #N/A in some
    r"#\u00a1?[^\W\d_]+(/0)?[!?]|#(n/?a|nv|n/d|n/b|i/t|yok|\u043d/\u0434|hi\u00e1nyzik)(?!\w)", re.IGNORECASE
)
TRUTH = {"true": 1.0, "false": 0.0}  # truth values are numbers, as in numpy
SPACES = {ord(space): None for space in "\u00a0\u2007\u2009\u202f\u2060"}  # within a number: they group its digits
MARKS = {ord(dash): "-" for dash in "\u2212\u2012\u2013\ufe63\uff0d"} | {ord("\u2019"): "'"}  # minus signs; the Swiss mark
GROUPED = re.compile(r"[+-]?\d{1,3}([ ']\d{3})+([.,]\d*)?")
FORTRAN = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))[dD]([+-]?\d+)")
COMMA_GROUPS = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,2}(,\d\d)+,\d{3})(\.\d*)?([eE][+-]?\d+)?")  # 12,34,567 in India, too
POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?([eE][+-]?\d+)?")
POINT_NUMBER = re.compile(r"[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d+)?")
COMMA_NUMBER = re.compile(r"[+-]?[\d.' \u00a0\u2009\u202f]*,[\d,.]*([eE][+-]?\d+)?")
CACHED = 20_000  # different fields whose numbers are remembered: about 3 MB

Mark = Literal[".", ","]


class Numbers(dict[str, float]):
    """The number in a field, by the field's text: NaN where unknown. Raises ValueError for a word. Remembers what it read."""

    def __init__(self, decimal: Mark = ".", grouped: bool = False) -> None:
        super().__init__()
        self.comma = decimal == ","
        self._grouped = grouped  # the other mark groups thousands

    def __missing__(self, text: str) -> float:
        value = self._parsed(text)
        if len(self) < CACHED:
            self[text] = value
        return value

    def column(self, texts: Iterable[str]) -> list[float]:
        """The numbers in these fields, NaN where unknown. Raises ValueError for a word."""
        return [self[text] for text in texts]

    def _parsed(self, text: str) -> float:
        bare = text.strip()
        if is_unknown(bare):
            return math.nan
        if bare.lower() in TRUTH:
            return TRUTH[bare.lower()]
        bare = bare.translate(SPACES).translate(MARKS)
        if GROUPED.fullmatch(bare):
            bare = bare.replace(" ", "").replace("'", "")
        if self.comma:
            if self._grouped and POINT_GROUPS.fullmatch(bare):
                bare = bare.replace(".", "")
            bare = bare.replace(",", ".")
        elif self._grouped and COMMA_GROUPS.fullmatch(bare):
            bare = bare.replace(",", "")
        if match := FORTRAN.fullmatch(bare):
            bare = f"{match[1]}e{match[2]}"
        if "_" in bare:  # 1_000 is a word here, although Python reads it as 1000
            raise ValueError
        return float(bare)

    def knows(self, text: str) -> bool:
        """Whether the field is a number or an unknown entry."""
        try:
            self[text]
        except ValueError:
            return False
        return True


SPOILED_LENGTH = 200  # characters of a field that are looked at
SPOILED = tuple(  # fields that are no numbers but meant as such, and what is said of them
    (re.compile(form, re.DOTALL), words)
    for form, words in (
        (r'.*".*', "whose quotes do not match; close or remove them"),
        (r"'.+'", "which stands in single quotes; write double ones, or none"),
        (r"['`].*\d.*", "which begins with a quote; leave it out"),
        (r".*%", "which is a percentage; write 0.1 or 10 instead of 10%, in every entry"),
        (r"[+-]?[$€£¥].*|.*[€£¥]", "which is an amount of money; leave the sign of the currency out"),
        (r".*\d{1,4}[-/]\d{1,2}[-/]\d{1,4}.*|.*\d:\d\d.*", "which is a date or a time; leave this column out"),
        (r".*(#|//).*|[-+\d.,]+\s?\*+", "which has a note at the end; leave notes out"),
        (r"[^a-zA-Z]*\d[.\d]*\s*[ij]|.*\d[+-][\d.]+([eE][+-]?\d+)?[ij]\)?", "which is a complex number; give real numbers"),
        (r"\([$€£]?\d[\d.,' ]*\)", "which is a negative number in parentheses; write -123 instead of (123)"),
        (r"([-+]?\d+\s+)?\d+/\d+", "which is a fraction; write 0.5 instead of 1/2"),
        (r"[<>≤≥~≈]\s*[-+]?[\d.,]+", "which is a bound; write a number, or nothing where it is unknown"),
        (r"[-+\d.,]+\s*(±|\+/-|\([\d.]+\)).*", "which holds two numbers; give the value alone"),
        (r"[-+]?0[xX][\da-fA-F]+", "which is a hexadecimal number; write it in decimals"),
        (r"[-+\d.,]+\s*(×|\*|x)\s*10.*", "which is a power of ten in words; write 1.5e3"),
        (r"\d[\d.,]*\s*[-\u2013]\s*\d[\d.,]*", "which is a range; give one number"),
        (r"[-+]?\d[\d.,]{0,7}\s?[a-zA-Zµ°Ω]{1,3}", "which has a unit or a mark after it; leave it out"),
    )
)
AMOUNT = re.compile(
    r"[+-]?[$€£¥]\s*\d[\d.,' ]*|[+-]?\d[\d.,' ]*\s*[%‰$€£¥]"
    r"|\([$€£¥]?\d[\d.,' ]*\)|['`]\d[\d.,' ]*|[+-]?\d[\d.,]*\s?\*+|[+-]?\d[\d.,]*\s?±.*"
)
LENIENT = (Numbers(".", grouped=True), Numbers(",", grouped=True))


def is_word(text: str) -> bool:
    """Neither a number in any spelling, nor one with a sign such as 10%, (12) or 3*, nor an unknown entry."""
    text = text.strip().strip('"')  # a quote without a partner makes no name
    return not any(numbers.knows(text) for numbers in LENIENT) and AMOUNT.fullmatch(text.strip()) is None


def is_unknown(text: str) -> bool:
    bare = text.strip()
    return bare.lower() in UNKNOWN or (bare.startswith("#") and EXCEL_ERROR.fullmatch(bare) is not None)


def whole_number(text: str) -> int | None:
    """The integer that a field is, as 7 or 7.0, else None."""
    bare = text.strip()
    match = re.fullmatch(r"([+-]?\d{1,15})(\.0*)?", bare) if bare.isascii() else None
    return int(match[1]) if match else None


@dataclass
class Marks:
    """Collects what the fields of a file say about its decimal mark and its thousands."""

    comma: str = ""  # a field whose comma must be a decimal mark
    comma_groups: str = ""  # ... whose commas must group thousands
    point: str = ""
    point_groups: str = ""
    unclear: str = ""  # a field such as 1,234

    def add(self, texts: Iterable[str]) -> None:
        """Counts what these fields say about decimal marks and thousands."""
        for text in texts:
            if "," in text or "." in text:
                self._note(text.strip().translate(MARKS))

    def _note(self, text: str) -> None:
        commas, points = text.count(","), text.count(".")
        if commas and COMMA_NUMBER.fullmatch(text):
            if points:
                if text.rfind(",") > text.rfind("."):
                    self.comma, self.point_groups = text, text
                else:
                    self.point, self.comma_groups = text, text
            elif commas > 1:
                self.comma_groups = text
            elif COMMA_GROUPS.fullmatch(text) and not text.lstrip("+-").startswith("0"):
                self.unclear = text
            else:
                self.comma = text
        elif points > 1 and POINT_GROUPS.fullmatch(text):
            self.point_groups = text
        elif points == 1 and POINT_NUMBER.fullmatch(text) and (not POINT_GROUPS.fullmatch(text) or text.lstrip("+-")[0] == "0"):
            self.point = text

    def numbers(self) -> Numbers:
        """How numbers are written here. Raises BadInput where two fields contradict each other, Ambiguous for 1,234 alone."""
        for mark, standard, kind in (
            (self.comma, self.point, "a decimal comma and a decimal point"),
            (self.comma, self.comma_groups, "a decimal comma and commas that group thousands"),
            (self.point, self.point_groups, "a decimal point and points that group thousands"),
        ):
            if mark and standard:
                raise BadInput(
                    f"The file holds {kind}, {mark[:30]!r} and {standard[:30]!r}; write all numbers in one way, or say which: "
                    "--data-decimal point or comma."
                )
        if self.comma or self.point_groups:
            return Numbers(",", grouped=bool(self.point_groups))
        if self.unclear and not (self.point or self.comma_groups):
            near = self.unclear.replace(",", ".")
            raise Ambiguous(
                f"The comma of {self.unclear[:30]!r} has two meanings",
                Choice(f"a decimal comma, {near}", {"decimal": "comma"}),
                Choice(f"thousands, {near.replace('.', '')}", {"decimal": "point"}),
            )
        return Numbers(".", grouped=bool(self.unclear or self.comma_groups))

    @property
    def decimal(self) -> Mark:
        return "," if self.comma or self.point_groups else "."


def remedy(text: str) -> str:
    """The end of a sentence about a field that is no number: why it is none, and what to do."""
    bare = text.strip()[:SPOILED_LENGTH]
    return next((words for form, words in SPOILED if form.fullmatch(bare)), None) or (
        "which is not a number; write numbers like -1.5, and nothing or NaN where one is unknown"
    )


def spoiled(text: str) -> bool:
    """Whether the field is a date, or a number in a form that is refused by name, such as 10% or (12)."""
    bare = text.strip()[:SPOILED_LENGTH]
    return any(form.fullmatch(bare) for form, _ in SPOILED)


def short(text: str) -> str:
    """The beginning of a field, in quotes, for a sentence."""
    clean = "".join(letter for letter in text.strip() if letter.isprintable())
    return repr(clean if len(clean) <= 30 else clean[:27] + "...")
