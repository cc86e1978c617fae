"""Round numbers between two ends of a scale, with their words."""

import math

from ui.figures import words

Tick = tuple[float, str]  # place in the units of the scale, words
STEPS = (1, 2, 5, 10)  # of a round step, times a power of ten
BEYOND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # ends of an axis that may still grow, times a power of ten
ROOM = 1.15  # times the largest value: the least length of such an axis


def linear(low: float, high: float, count: float) -> list[float]:
    """Multiples of the largest round step that gives about `count` of them."""
    if not high > low:
        return [low]
    raw = (high - low) / count
    ten = 10.0 ** math.floor(math.log10(raw))
    step = ten * next(m for m in STEPS if m * ten >= 0.999 * raw)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def decades(low: float, high: float, count: float) -> list[int]:
    """Exponents between two decimal logarithms, about `count` of them at most."""
    every = max(1, math.ceil((high - low) / count))
    return list(range(math.ceil(low / every - 1e-9) * every, math.floor(high + 1e-9) + 1, every))


def logarithmic(low: float, high: float, count: float) -> list[Tick]:
    """Between two decimal logarithms: powers of ten, or 1, 2 and 5 of each where there are fewer than two."""
    tens = decades(low, high, count)
    if len(tens) > 1:
        return [(float(e), decade(e)) for e in tens]
    marks = [(e + math.log10(m), m * 10.0**e) for e in range(math.floor(low), math.floor(high) + 1) for m in (1, 2, 5)]
    return [(at, words.number(value)) for at, value in marks if low - 1e-9 <= at <= high + 1e-9]


def decade(exponent: int) -> str:
    """1, 10, 10², 10⁻³."""
    return {0: "1", 1: "10"}.get(exponent) or words.power(10.0**exponent)


def beyond(reached: float) -> float:
    """Where an axis ends on which a run may still grow."""
    if not reached > 0:
        return 1.0
    ten = 10.0 ** math.floor(math.log10(ROOM * reached))
    return float(ten * next((m for m in BEYOND if m * ten >= 0.999999 * ROOM * reached), 10))
