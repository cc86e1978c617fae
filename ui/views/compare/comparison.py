"""A comparison: one base run, one factor, two to four values of it. And the address that holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec, parse_value
from ui.views.compare.factors import default_values, factors, in_order, spec_with, value_of

At = Literal["error", "time", "progress", "iterations"]
ATS: tuple[At, ...] = get_args(At)
RUNS = ("beside", "overlaid")  # one column each, or one picture of all
PREFIX = "compare."


@dataclass(frozen=True)
class Comparison:
    """What the Compare page shows. `at`: what is equal in all columns at the cursor; `overlaid`: all curves in one picture."""

    base: RunSpec
    factor: str
    values: tuple[Any, ...]
    at: At = "error"
    overlaid: bool = False

    def specs(self) -> tuple[RunSpec, ...]:
        """One spec for each value; nothing else differs."""
        return tuple(self.base.replaced({self.factor: value}) for value in self.values)


def first(base: RunSpec, inputs: Inputs = Inputs(), factor: str | None = None) -> Comparison:
    """The comparison to begin with: of this factor, or of the first that this run has."""
    factor = factor or factors(base, inputs)[0]
    return Comparison(base, factor, default_values(base, factor, inputs))


def like(shown: Comparison, other: Comparison) -> Comparison:
    """The other comparison, seen as this one is."""
    return replace(other, at=shown.at, overlaid=shown.overlaid)


def with_values(comparison: Comparison, values: list[Any] | tuple[Any, ...], inputs: Inputs = Inputs()) -> Comparison:
    """Other values of the same factor. Raises BadInput when one makes no run, or when they are not two to four."""
    base, factor = comparison.base, comparison.factor
    chosen = in_order(base, factor, [value_of(spec_with(base, factor, value, inputs), factor) for value in values])
    if not limits.MIN_COMPARED <= len(chosen) <= limits.MAX_COMPARED:
        raise BadInput(
            f"compare.values has {len(chosen)} different values; a comparison needs from {limits.MIN_COMPARED} to "
            f"{limits.MAX_COMPARED} of them."
        )
    return replace(comparison, values=chosen)


def how_many(values: int) -> str:
    """A sentence where so many values make no comparison, else ""."""
    if values > limits.MAX_COMPARED:
        return f"A comparison holds {limits.MAX_COMPARED} runs at most: take one value away before you add another."
    return f"A comparison needs {limits.MIN_COMPARED} runs at least." if values < limits.MIN_COMPARED else ""


def to_parameters(comparison: Comparison) -> dict[str, str]:
    """The parameters of the comparison in an address, besides those of its base run."""
    texts = [
        "" if value is None else str(value).lower() if isinstance(value, bool) else str(value) for value in comparison.values
    ]
    parameters = {"compare.factor": comparison.factor, "compare.values": ",".join(texts), "compare.at": comparison.at}
    return parameters | ({"compare.runs": "overlaid"} if comparison.overlaid else {})


def from_parameters(base: RunSpec, parameters: Mapping[str, str], inputs: Inputs = Inputs()) -> tuple[Comparison, str]:
    """The comparison of an address, and a sentence about the first part of it that does not fit."""
    sentences: list[str] = []
    factor = parameters.get("compare.factor")
    known = factors(base, inputs)
    if factor is not None and factor not in known:
        sentences.append(f"compare.factor is {factor[:60]}, which is no setting that can be compared here; {known[0]} was taken.")
        factor = None
    compared = first(base, inputs, factor)
    if not sentences and "compare.values" in parameters:
        try:
            compared = with_values(compared, [parse_value(text) for text in parameters["compare.values"].split(",")], inputs)
        except BadInput as error:
            sentences.append(f"{error} The usual values were taken.")
    at = parameters.get("compare.at", "error")
    if at in ATS:
        compared = replace(compared, at=at)
    else:
        sentences.append(f"compare.at is {at[:60]}; it must be one of {', '.join(ATS)}. {compared.at} was taken.")
    runs = parameters.get("compare.runs", RUNS[0])
    if runs in RUNS:
        compared = replace(compared, overlaid=runs == "overlaid")
    else:
        sentences.append(f"compare.runs is {runs[:60]}; it must be {' or '.join(RUNS)}. {RUNS[0]} was taken.")
    return compared, sentences[0] if sentences else ""
