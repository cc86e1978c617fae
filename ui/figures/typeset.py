"""Plain formulas as people read them: 1e-3 as a power of ten, 2 x 2 with a cross, true minus signs."""

import re

from ui.words import MINUS, power


def typeset(text: str) -> str:
    """Words stay as they are."""
    text = re.sub(r"\b\d+(\.\d+)?e-?\d+\b", lambda match: power(float(match[0])), text)
    text = re.sub(r"(?<![\w)])-(?=[\d ])", MINUS, text)
    return re.sub(r"(?<=\d|d) x (?=\d|d)", " × ", text)


def plain(text: str) -> str:
    """Typeset, and otherwise as it is: bars, stars and underscores are not Markdown here."""
    return "".join(f"\\{letter}" if letter in "|*_[]$<>~" else letter for letter in typeset(text))
