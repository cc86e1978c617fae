"""Whole numbers and choices as people read them, in every sentence of the program."""

THIN = "\u202f"
MINUS = "\u2212"


def whole(value: int) -> str:
    """12 345 678 with thin spaces; four digits are grouped too."""
    return f"{value:,}".replace(",", THIN).replace("-", MINUS)


def with_article(noun: str) -> str:
    """An 8 x 5 matrix, a 12 x 5 matrix, an integrator: with the article that is spoken before its first letter or number."""
    digits = noun[: len(noun) - len(noun.lstrip(f"0123456789{THIN}"))].replace(THIN, "")
    leading = digits[: (len(digits) - 1) % 3 + 1]  # of 11 000 the eleven
    vowel = leading in ("11", "18") or leading.startswith("8") if digits else noun[:1].lower() in tuple("aeio")
    return f"an {noun}" if vowel else f"a {noun}"


def any_of(*choices: str) -> str:
    """raise stop.seconds, stop at a larger error, or start from a larger scale: those that are not empty."""
    given = [each for each in choices if each]
    return f"{', '.join(given[:-1])}, or {given[-1]}" if len(given) > 1 else "".join(given)
