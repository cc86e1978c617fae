"""The run nearest to values that may not all fit: what does not fit is named and gets the present default."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from dmf_core.errors import BadInput
from dmf_core.spec import VERSION, RunSpec, explained, kinds
from ui.session.past import KINDED, Past, nested, pasts


def repaired(values: Mapping[str, Any], given: Mapping[str, Any], sentences: list[str]) -> RunSpec:
    """The run of these values, by path. `given`: those that a person chose; the others are defaults of some version."""
    now = pasts()[VERSION]
    values = dict(values)
    for _ in range(2 * len(values)):
        try:
            return RunSpec.model_validate(nested(values))
        except ValidationError as error:
            path, sentence, culprit = explained(error)
            if path in KINDED:  # the kind is unknown, or values do not fit each other
                path = _culprit(path, culprit, values, given, now)
            if path in given or path in _usual(values, now):  # else a default of the old version, which the link does not name
                sentences.append(sentence)
            values = _without(path, values, now)
    return RunSpec()


def _culprit(section: str, named: str, values: Mapping[str, Any], given: Mapping[str, Any], now: Past) -> str:
    """The given value of a section to do without: the one that is `named`, else the latest that mends it, the kind last."""
    kind = str(values[f"{section}.kind"])
    if f"{section}.{kind}" not in now.by_kind and kind not in kinds(section):
        return f"{section}.kind"
    usual = _usual(values, now)
    inside = [path for path in given if path in usual and values[path] != usual[path] and path.startswith(f"{section}.")]
    candidates = sorted(reversed(inside), key=lambda path: (path != named, path == f"{section}.kind"))
    for path in candidates:
        try:
            RunSpec.check(nested(_without(path, values, now)))
            return path
        except BadInput:
            continue
    return candidates[0] if candidates else f"{section}.kind"


def _without(path: str, values: Mapping[str, Any], now: Past) -> dict[str, Any]:
    """The values with the default of now in place of this one, or without it where it is no setting any more."""
    rest = {other: value for other, value in values.items() if other != path}
    usual = _usual(rest, now)
    if path.endswith(".kind") and path in usual:
        section = path.partition(".")[0]
        return {other: value for other, value in usual.items() if other.startswith(f"{section}.")} | rest | {path: usual[path]}
    return rest | ({path: usual[path]} if path in usual else {})


def _usual(values: Mapping[str, Any], now: Past) -> dict[str, Any]:
    return now.values({path: value for path, value in values.items() if path.endswith(".kind")})
