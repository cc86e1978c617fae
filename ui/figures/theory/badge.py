"""The badge of a statement: whether its assumptions hold in this run, and by how much they are violated."""

from dataclasses import dataclass

from dmf_core.integrators import INTEGRATORS
from dmf_core.interfaces import Coverage
from dmf_core.registry import title_of
from dmf_core.theory.statements import STATEMENTS, covered
from ui.figures import words
from ui.figures.law import BALANCED, SMALL_STEP
from ui.figures.theory.readings import Readings

HOLDS, FAILS = "✓", "△"
STEADY = 0.5  # a ratio of pulls that changes by more than this share is not constant


@dataclass(frozen=True)
class Badge:
    """A mark, and one or two sentences for it."""

    mark: str
    text: str

    @property
    def holds(self) -> bool:
        return self.mark == HOLDS


def badge(statement: str, readings: Readings) -> Badge:
    """Every condition is looked at; the first sentences are about those that fail."""
    sentences = [
        *_flow(statement, readings),
        *_balanced(statement, readings),
        *_ratio(statement, readings),
        *_start(statement, readings),
    ]
    failing = [text for holds, text in sentences if not holds]
    if failing:
        return Badge(FAILS, f"{' '.join(map(_sentence, failing))}")
    return Badge(HOLDS, f"Applies here: {words.listed([text for _, text in sentences])}.{_also(statement)}")


def method(kind: str, readings: Readings | None) -> Badge:
    """Of a method as a whole: whether theorems about the flow cover it, and why; with its run, also by what it is missed."""
    integrator = INTEGRATORS[kind]
    name, known = title_of(integrator), covered("births", integrator)
    failing = [] if readings is None else [_sentence(text) for holds, text in _balanced("theorem_3", readings) if not holds]
    if known.coverage is Coverage.NONE:
        return Badge(FAILS, " ".join([f"{name} is not covered: it {covered('balance', integrator).because}.", *failing]))
    if readings is None or known.coverage is Coverage.EXACT:
        return Badge(HOLDS, " ".join([f"{name} {known.because}.", *failing]))
    steps = f"{name} {known.because}; here they are {percent(readings.flow_deviation)} away from it."
    return Badge(HOLDS if readings.flow_deviation <= SMALL_STEP else FAILS, " ".join([steps, *failing]))


def percent(share: float) -> str:
    """A share with two digits, also where it is tiny."""
    return f"{words.number(100 * share, 2)}{words.THIN}%"


def residual(statement: str, readings: Readings) -> str:
    """How far the statement is off, as a sentence; empty where nothing was measured."""
    off = readings.off.get(statement)
    if off is None:
        return ""
    if statement == "balance":
        return f"Lost at most {percent(off.worst)} of the size of the factors."
    if statement == "births":
        return f"Predicted and measured births differ by {percent(off.worst)} at most."
    grow = "modes move" if readings.insight.bounds is None else "components grow"
    moments = {"theorem_3": grow, "vectors": "vectors turn", "portrait": "mode 1 grows"}.get(statement, "W moves")
    return f"Prediction and measurement differ by {percent(off.worst)} at most while {moments}."


def _flow(statement: str, readings: Readings) -> list[tuple[bool, str]]:
    known = covered(statement, readings.spec.integrator)
    if known.coverage is Coverage.EXACT:
        return [(True, "the gradient flow is solved")]
    if known.coverage is Coverage.NONE:
        return [(False, f"{title_of(type(readings.spec.integrator))} is not covered: it {known.because}")]
    share = percent(readings.flow_deviation)
    if readings.flow_deviation <= SMALL_STEP:
        return [(True, f"small steps ({share} away from the flow)")]
    return [(False, f"The steps are too large: they are {share} away from the flow, where {percent(SMALL_STEP)} is small")]


def _balanced(statement: str, readings: Readings) -> list[tuple[bool, str]]:
    if not STATEMENTS[statement].balanced:
        return []
    if readings.insight.depth == 1:
        return [(True, "one matrix has nothing to balance")]
    worst = readings.imbalance(statement)
    if readings.insight.bounds is not None:
        return _equally_long(worst)
    share, when = percent(worst), "vectors turn" if statement == "vectors" else "modes move"
    if worst <= BALANCED:
        return [(True, f"balanced to {share}")]
    return [(False, f"The factors are not balanced: by {share} at worst while {when}, where {percent(BALANCED)} is near enough")]


def _equally_long(worst: float) -> list[tuple[bool, str]]:
    """Of the vectors of a component, for the law of components."""
    if worst <= BALANCED:
        return [(True, f"vectors of a component nearly equally long (their squares differ by {percent(worst)} at most)")]
    much = f"by {percent(worst)} at worst while components grow, where {percent(BALANCED)} is near enough"
    return [(False, f"The vectors of a component are not equally long: their squares differ {much}")]


def _ratio(statement: str, readings: Readings) -> list[tuple[bool, str]]:
    if statement != "portrait" or readings.pair is None:
        return []
    first, last = readings.pair
    ratios = [readings.ratio(frame) for frame in range(first, last + 1)]
    low, high = min(ratios), max(ratios)
    sentence = f"from {words.number(low, 3)} to {words.number(high, 3)} while mode 1 grows"
    if high <= (1 + STEADY) * low:
        return [(True, f"a steady ratio of pulls ({sentence})")]
    return [(False, f"The ratio of the pulls is not constant: it changes {sentence}")]


def _start(statement: str, readings: Readings) -> list[tuple[bool, str]]:
    """Births are predicted only where there is something to wait for."""
    if statement != "births" or covered(statement, readings.spec.integrator).coverage is Coverage.NONE:
        return []
    predicted = any(birth.predicted is not None for birth in readings.births)
    return (
        [] if predicted else [(False, "No birth is predicted: the start is not small, or no mode stands out in the first pull")]
    )


def _also(statement: str) -> str:
    further = STATEMENTS[statement].further
    return f" It also takes {further}." if further and statement != "portrait" else ""


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
