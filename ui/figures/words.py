"""Measured numbers and counted things in words, on top of `ui.words`."""

import math
import re
from collections.abc import Sequence

from dmf_core import limits
from dmf_core.problems.base import ProblemSettings
from dmf_core.spec import RunSpec
from ui.words import MINUS, SUPERSCRIPT
from ui.words import THIN as THIN
from ui.words import whole as whole

EXPONENT = re.compile(r"-?\d+(\.\d+)?e[+-]\d+")
MOST = limits.COMPONENTS_KEPT
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(x: float, digits: int = 3) -> str:
    """Rounded to `digits` significant digits, never to fewer than its integer part: 0.022, 39.4, 1 205, 2.3·10⁻⁶."""
    if x == 0 or not math.isfinite(x):
        return "0" if x == 0 else "unknown"
    x = float(f"{x:.{digits - 1}e}") if abs(x) < 10**digits else float(round(x))
    exponent = math.floor(math.log10(abs(x)))
    if not -4 < exponent < 6:
        return power(x, digits)
    text = f"{x:,.{max(0, digits - 1 - exponent)}f}".replace(",", THIN).replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text


def power(x: float, digits: int = 2) -> str:
    """In powers of ten: 10⁻³, 2.5·10⁶."""
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    ten = "10" + str(int(exponent)).translate(SUPERSCRIPT)
    sign = MINUS if mantissa.startswith("-") else ""
    mantissa = mantissa.lstrip("-")
    return sign + (ten if mantissa == "1" else f"{mantissa}·{ten}")


def typeset(text: str) -> str:
    """A sentence of dmf_core, which is written for terminals too, with its powers of ten as people read them."""
    return EXPONENT.sub(lambda match: number(float(match.group())), text)


def percent(share: float) -> str:
    """3 %, 0.05 %: two digits."""
    return f"{number(100 * share, 2)}{THIN}%"


def count(n: int, noun: str) -> str:
    """one mode, five modes, 13 modes; of entries no more are recorded than MOST: 128 or more entries."""
    if noun == "entry" and n >= MOST:
        return f"{whole(n)} or more {plural(noun)}"
    return f"{COUNTS[n] if n < len(COUNTS) else whole(n)} {noun if n == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """modes, entries."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def listed(items: Sequence[str]) -> str:
    """a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def modes(numbers: Sequence[int], noun: str = "mode") -> str:
    """mode 3; modes 3 and 4; modes 3 to 7; five modes."""
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    run = list(range(numbers[0], numbers[-1] + 1)) == list(numbers)
    if run and len(numbers) > 2:
        return f"{plural(noun)} {numbers[0]} to {numbers[-1]}"
    if len(numbers) > 4:
        return count(len(numbers), noun)
    return f"{plural(noun)} {listed([str(n) for n in numbers])}"


def sides(shape: Sequence[int]) -> str:
    """100 × 60; 16 × 16 × 16."""
    return " × ".join(whole(side) for side in shape)


def ranks(rank: int | Sequence[int]) -> str:
    """5; (3, 3, 3)."""
    return whole(rank) if isinstance(rank, int) else f"({', '.join(str(each) for each in rank)})"


def truth(problem: ProblemSettings) -> str:
    """The truth of a random problem: rank 5; 20 nonzero entries."""
    rank = problem.truth_rank
    if rank is None:
        return "no set rank"
    if not problem.sparse or not isinstance(rank, int):
        return f"rank {ranks(rank)}"
    return f"{whole(rank)} {'nonzero entry' if rank == 1 else plural('nonzero entry')}"


def clock(spec: RunSpec) -> str:
    """What t is: flow time, or what the steps of a method that is no flow add up to."""
    return "flow time" if spec.integrator.continuous else "sum of the steps"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
