"""Numbers that stand for unknown: those that were named, and those that no other value is near, such as 99 in Jester."""

import numpy as np

LIKELY = tuple(sign * (10**digits - 1.0) for digits in range(2, 6) for sign in (1, -1))  # 99, -99, 999, ..
FAR = 9.0  # how many times larger than every other value
SHARE = 0.01  # of the values that it must be
HINT = {0.0: 0.15, -1.0: 0.02}  # a number that may mean unknown, and the share from which on this is said


def unknown_values(values: np.ndarray, named: tuple[float, ...] | None) -> tuple[tuple[float, ...], list[str]]:
    """Which of these values stand for unknown, and notes. `named` None: decided by the values."""
    mask = np.isnan(values)
    known = values[np.logical_not(mask, out=mask)] if mask.any() else values
    if named is not None:
        return tuple(each for each in named if (known == each).any()), []
    ends = (known.min(), known.max()) if known.size else ()
    for number in LIKELY:
        if number not in ends:
            continue
        same = known == number
        count = int(same.sum())
        if count >= max(2, SHARE * known.size) and count < known.size:
            rest = known[~same]
            if FAR * np.abs(rest).max() <= abs(number):
                note = (
                    f"{number:g} was taken as unknown, because all other values lie from {rest.min():g} to {rest.max():g} "
                    "(--data-unknown none keeps it)."
                )
                return (number,), [note]
    return (), _hints(known)


def forget(values: np.ndarray, unknown: tuple[float, ...]) -> None:
    """Makes unknown, in place, what is one of these numbers."""
    for number in unknown:
        values[values == number] = np.nan


def _hints(known: np.ndarray) -> list[str]:
    for number, share in HINT.items():
        same = float((known == number).mean()) if known.size else 0.0
        if not share <= same < 1 or float(known.min()) < number:
            continue
        rest = known[known != number]
        if float(rest.min()) < float(rest.max()):
            share_of = f"{number:g} fills {100 * same:.0f} % of the known entries"
            return [f"{share_of}; if it stands for unknown, add --data-unknown={number:g}."]
    return []
