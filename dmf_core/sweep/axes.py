"""Axes as they are typed: `model.depth=2,3,4`, `seed=0:9`, `init.scale=1e-3:1e-6:4log`, `a,b=20:100:5` for two settings."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.spec import parse_value

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
WHOLE = re.compile(r"[-+]?\d+")
RANGE = re.compile(rf"({NUMBER}):({NUMBER})(?::(?:(\d+)(log|lin)|({NUMBER})))?")
SLACK = 1e-9  # of a step: the last value of a range counts although its sum was rounded
DIGITS = 12  # of a value in a range: 1e-3:1e-6:4log gives 0.0001, whose digest is that of a run with 1e-4
EXAMPLES = "for example seed=0:9, init.scale=1e-3:1e-6:4log or model.depth=2,3,4"


@dataclass(frozen=True)
class Axis:
    """Settings that take one value after the other; several paths of one axis take the same value together."""

    paths: tuple[str, ...]
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The heading of its column."""
        return self.paths[0]


def parse_axis(text: str) -> Axis:
    """An axis as typed. Raises BadInput."""
    names, equals, values = text.partition("=")
    paths = tuple(name.strip() for name in names.split(","))
    if not equals or not all(paths) or not values.strip():
        raise BadInput(f"--axis {text} does not say which values to take; write PATH=VALUES, {EXAMPLES}.")
    if len(set(paths)) < len(paths):
        raise BadInput(f"--axis {text} names a setting twice; each once.")
    return Axis(paths, parse_values(values))


def parse_values(text: str) -> tuple[Any, ...]:
    """The values of a list whose parts may be ranges. Raises BadInput.

    a:b whole numbers with both ends, a:b:step, a:b:Nlog and a:b:Nlin N values with both ends. Ends written as whole numbers give
    whole numbers, rounded, each once.
    """
    parsed: list[Any] = []
    for part in _parts(text):
        parsed += _range(part) if ":" in part and part[:1] not in '"{[' else [parse_value(part)]
        if len(parsed) > limits.SWEEP_RUNS:
            raise BadInput(f"{text[:60]} has more than {limits.SWEEP_RUNS} values, the most of a sweep; take fewer.")
    return tuple(parsed)


def check_axes(axes: tuple[Axis, ...]) -> None:
    """Raises BadInput where a setting is on two axes, or where there are more runs than a sweep may have."""
    paths = [path for axis in axes for path in axis.paths]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice:
        raise BadInput(f"{twice} is on two axes; give all its values to one of them.")
    count = math.prod(len(axis.values) for axis in axes)
    if count > limits.SWEEP_RUNS:
        sides = " x ".join(str(len(axis.values)) for axis in axes)
        raise BadInput(f"{sides} are {count} runs, above the limit of {limits.SWEEP_RUNS}; take fewer values.")


def _range(text: str) -> list[Any]:
    match = RANGE.fullmatch(text)
    if not match:
        raise BadInput(f"{text[:60]} is no range; write a:b, a:b:step, a:b:Nlog or a:b:Nlin, {EXAMPLES}.")
    first, last, count, kind, step = match.groups()
    a, b = float(first), float(last)
    if not (math.isfinite(a) and math.isfinite(b)):
        raise BadInput(f"{text[:60]} has an end that is too large for a number; take a smaller one.")
    whole = bool(WHOLE.fullmatch(first) and WHOLE.fullmatch(last))
    if kind:
        values = _spread(text, a, b, int(count), kind == "log")
        return list(dict.fromkeys(map(round, values))) if whole else values
    if step is None:
        if not whole:
            raise BadInput(f"{text[:60]} has ends that are no whole numbers; add a step, as in 0.1:0.5:0.1.")
        return list(_stepped(text, a, b, math.copysign(1.0, b - a), True))
    return list(_stepped(text, a, b, float(step), whole and bool(WHOLE.fullmatch(step))))


def _stepped(text: str, a: float, b: float, step: float, whole: bool) -> Iterator[Any]:
    if not math.isfinite(step) or step == 0 or (b - a) * step < 0:
        raise BadInput(f"{text[:60]} never arrives: the step must lead from the first value to the last one.")
    count = (b - a) / step + SLACK
    if count >= limits.SWEEP_RUNS:
        raise BadInput(f"{text[:60]} has more than {limits.SWEEP_RUNS} values, the most of a sweep; take fewer.")
    for i in range(int(count) + 1):
        yield round(a + i * step) if whole else _rounded(a + i * step)


def _spread(text: str, a: float, b: float, count: int, logarithmic: bool) -> list[float]:
    if not 2 <= count <= limits.SWEEP_RUNS:
        raise BadInput(f"{text[:60]} asks for {count} values; a range has from 2 to {limits.SWEEP_RUNS}.")
    if logarithmic and not a * b > 0:
        raise BadInput(f"{text[:60]} has ends of different signs, or zero; a logarithmic range needs two of one sign.")
    shares = [i / (count - 1) for i in range(count)]
    inner = [a * (b / a) ** share if logarithmic else a + (b - a) * share for share in shares[1:-1]]
    return [a, *map(_rounded, inner), b]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _parts(text: str) -> list[str]:
    """Split at the commas outside brackets and quotes: a list of ranks such as [2,2,2] is one value."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    stripped = [part.strip() for part in parts]
    if not all(stripped):
        raise BadInput(f"{text[:60]} has an empty value between its commas; take it out, or write null.")
    return stripped
