"""Whole numbers and choices as people read them, in every sentence of the program."""

THIN = "\u202f"
MINUS = "\u2212"


def whole(value: int) -> str:
    """12 345 678 with thin spaces; four digits are grouped too."""
    return f"{value:,}".replace(",", THIN).replace("-", MINUS)


def any_of(*choices: str) -> str:
    """raise stop.seconds, stop at a larger error, or start from a larger scale: those that are not empty."""
    given = [each for each in choices if each]
    return f"{', '.join(given[:-1])}, or {given[-1]}" if len(given) > 1 else "".join(given)
