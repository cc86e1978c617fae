"""Numbers that stand for unknown: those that were named, and those that no other value is near, such as 99 in Jester."""

from collections.abc import Iterator

import numpy as np

PIECE = 1 << 14  # values that are looked at together
LIKELY = tuple(sign * (10**digits - 1.0) for digits in range(2, 6) for sign in (1, -1))  # 99, -99, 999, ..
FAR = 9.0  # how many times larger than every other value
SHARE = 0.01  # of the values that it must be
HINT = {0.0: 0.15, -1.0: 0.02}  # a number that may mean unknown, and the share from which on this is said


def unknown_values(values: np.ndarray, named: tuple[float, ...] | None) -> tuple[tuple[float, ...], list[str]]:
    """Which of these values [n] stand for unknown, and notes. `named` None: decided by the values."""
    if named is not None:
        return tuple(each for each in named if any((piece == each).any() for piece in _pieces(values))), []
    low, high = _ends(values)
    known = len(values) - sum(int(np.count_nonzero(np.isnan(piece))) for piece in _pieces(values))
    for number in LIKELY:
        if number not in (low, high):
            continue
        count = _count(values, number)
        if max(2, SHARE * known) <= count < known:
            rest = _ends(values, number)
            if FAR * max(map(abs, rest)) <= abs(number):
                note = (
                    f"{number:g} was taken as unknown, because all other values lie from {rest[0]:g} to {rest[1]:g} "
                    "(--data-unknown none keeps it)."
                )
                return (number,), [note]
    return (), _hints(values, known, low)


def forget(values: np.ndarray, unknown: tuple[float, ...]) -> None:
    """Makes unknown, in place, what is one of these numbers."""
    for number in unknown:
        values[values == number] = np.nan


def _hints(values: np.ndarray, known: int, low: float) -> list[str]:
    for number, share in HINT.items():
        same = _count(values, number) / known if known else 0.0
        if not share <= same < 1 or low < number:
            continue
        least, largest = _ends(values, number)
        if least < largest:
            share_of = f"{number:g} fills {100 * same:.0f} % of the known entries"
            return [f"{share_of}; if it stands for unknown, add --data-unknown={number:g}."]
    return []


def _pieces(values: np.ndarray) -> Iterator[np.ndarray]:
    """The values a few at a time, so that no mask or copy of all is needed."""
    return (values[start : start + PIECE] for start in range(0, len(values), PIECE))


def _count(values: np.ndarray, number: float) -> int:
    return sum(int(np.count_nonzero(piece == number)) for piece in _pieces(values))


def _ends(values: np.ndarray, but: float = np.nan) -> tuple[float, float]:
    """The least and the largest known value other than `but`; infinity and minus infinity where there is none."""
    low, high = np.inf, -np.inf
    for piece in _pieces(values):
        left = piece[(piece != but) & ~np.isnan(piece)]
        low, high = min(low, float(left.min(initial=np.inf))), max(high, float(left.max(initial=-np.inf)))
    return low, high
