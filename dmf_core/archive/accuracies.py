"""The accuracy of a run in its archive: written, read from a stranger, and held against that of a run done again."""

import math
from collections.abc import Iterator
from typing import Any

from dmf_core.analysis.accuracy import LEAST
from dmf_core.archive.difference import Difference
from dmf_core.errors import BadInput
from dmf_core.trajectory import Accuracy

ERRORS = ("births", "final", "time", "unseen")
INFINITE = "infinite"  # how births are written where another number of modes is born; JSON has no infinity
FACTOR = 3.0  # an estimate is right within it, so two honest ones differ by its square at most: see dmf_core.analysis.accuracy
SAME = 1e-3  # relative: of two estimates for the same bits, whose stricter walks may round differently


def accuracy_object(accuracy: Accuracy) -> dict[str, Any]:
    """An accuracy as a JSON object; the inverse of `accuracy_of`."""
    values = {name: getattr(accuracy, name) for name in ERRORS}
    return {name: INFINITE if value == math.inf else value for name, value in values.items()} | {"split": accuracy.split}


def accuracy_of(value: dict[str, Any]) -> Accuracy:
    """The accuracy of an archive. Raises BadInput."""
    errors: dict[str, Any] = {name: value.get(name) for name in ERRORS}
    errors["births"] = math.inf if errors["births"] == INFINITE else errors["births"]
    fine = set(value) == {*ERRORS, "split"} and type(value["split"]) is bool and errors["final"] is not None
    fine = fine and all(each is None or type(each) is float for each in errors.values())
    fine = fine and all(each is None or each >= 0 for each in errors.values())
    fine = fine and all(each is None or math.isfinite(each) for name, each in errors.items() if name != "births")
    if not fine:
        raise BadInput("The archive's accuracy.json is not the estimate of an error; export the run again.")
    return Accuracy(**errors, split=value["split"])


def accuracies_apart(old: Accuracy, fresh: Accuracy, same_bits: bool) -> Iterator[Difference]:
    """Every error that is not that of the run done again. Where the bits are others, each estimate is right within FACTOR.

    Where a saddle splits, one rounding decides, and nothing is compared but for the same bits.
    """
    if old.split != fresh.split and same_bits:
        yield Difference("accuracy", math.inf, 0.0, "in whether a saddle splits")
    if (old.split or fresh.split) and not same_bits:
        return
    for name in ERRORS:
        a, b = getattr(old, name), getattr(fresh, name)
        if a == b:
            continue
        if a is None or b is None or math.isinf(a) or math.isinf(b):
            amount, allowed = math.inf, 0.0
        elif same_bits:
            amount, allowed = abs(a - b), SAME * max(b, LEAST)
        else:
            amount, allowed = max(a + LEAST, b + LEAST) / min(a + LEAST, b + LEAST), FACTOR**2
        unit = f"in the error of {name}" if same_bits or math.isinf(amount) else f"times in the error of {name}"
        if amount > allowed:
            yield Difference("accuracy", amount, allowed, unit)
