"""Whole numbers as people read them, in every sentence of the program."""

THIN = "\u202f"
MINUS = "\u2212"


def whole(value: int) -> str:
    """12 345 678 with thin spaces; four digits are grouped too."""
    return f"{value:,}".replace(",", THIN).replace("-", MINUS)
