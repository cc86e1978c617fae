"""How exact is the gradient flow at its default tolerance? Against scipy's DOP853 at rtol 1e-9 in float64.

python -m benchmarks.accuracy [--matrices 400] [--tensors 100] [--most 400000]

Random settings (benchmarks/random_settings.py), each solved by an independent flow (tests/integrators/exact_flow.py) with at
most so many evaluations; settings that need more have no reference and are counted as such. Promised: births within 1 %,
final singular values within 0.5 % of the largest, in 99 of 100; stop time and unseen error within 2 %. A setting outside of
the promise for births or final values is printed, with what the run itself estimates. Takes about 20 minutes on two cores.
"""

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.random_settings import label, random_matrix_settings, random_tensor_settings
from dmf_core.analysis import accuracy
from dmf_core.analysis.replay import returned
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy
from tests.integrators.exact_flow import Errors, errors, reference

NOTICED = 5e-4  # errors below that are estimated, but no factor is taken of them


class Row(NamedTuple):
    spec: RunSpec
    errors: Errors | None  # None: no reference
    estimate: Accuracy | None
    gradients: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matrices", type=int, default=400)
    parser.add_argument("--tensors", type=int, default=100)
    parser.add_argument("--most", type=int, default=400_000)
    arguments = parser.parse_args()
    met, figures = True, {}
    for name, specs in (
        ("matrices", random_matrix_settings(arguments.matrices)),
        ("tensors", random_tensor_settings(arguments.tensors)),
    ):
        rows = list(measured(specs, arguments.most)) if specs else []
        if rows:
            figures[name] = summary(name, rows)
            met &= figures[name]["promised"] >= 0.99 and figures[name]["unflagged"] == 0
    print(json.dumps({"benchmark": "accuracy", "met": bool(met), **figures}))


def measured(specs: list[RunSpec], most: int) -> Iterator[Row]:
    """Every setting, on all cores."""
    with ProcessPoolExecutor(os.cpu_count(), initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for row in pool.map(measure, specs, [most] * len(specs)):
            if row.errors and not row.errors.promised:
                births, final = (100 * each for each in row.errors[:2])
                own = row.estimate and accuracy.sentence(row.estimate, 1e-2)
                print(f"births {births:6.2f} %, final {final:6.3f} %: {label(row.spec)}: {own}", flush=True)
            yield row


def measure(spec: RunSpec, most: int) -> Row:
    """One setting."""
    exact = reference(spec, most)
    if exact is None:
        return Row(spec, None, None, 0)
    trajectory = run(spec)
    estimate = returned(accuracy.assessed(spec, Inputs(), accuracy.outline(trajectory)))
    assert trajectory.end is not None
    return Row(spec, errors(trajectory, exact), estimate, trajectory.end.gradients)


def summary(name: str, rows: list[Row]) -> dict[str, float]:
    """The shares of what is promised, printed and returned."""
    known = [row for row in rows if row.errors is not None]
    table = np.array([row.errors for row in known if row.errors], dtype=float)
    unflagged = [row for row in known if row.errors and not row.errors.promised and not flagged(row.estimate)]
    factors = np.array([factor for row in known for factor in estimated(row)])
    right = float(np.mean((factors > 1 / 3) & (factors < 3))) if len(factors) else 1.0
    result = {
        "settings": len(rows),
        "with_reference": len(known),
        "promised": float(np.mean([row.errors.promised for row in known if row.errors])),
        "unflagged": len(unflagged),
        "estimates_within_3": right,
        "births_99": float(100 * np.percentile(table[:, 0], 99)),
        "final_99": float(100 * np.percentile(table[:, 1], 99)),
        "time_within_2": float(np.mean(table[:, 2] <= 0.02)),
        "unseen_within_2": float(np.mean(table[:, 3] <= 0.02)),
        "gradients_median": float(np.median([row.gradients for row in known])),
    }
    share = {key: f"{100 * value:.1f} %" for key, value in result.items()}
    print(f"{name}: {len(known)} of {len(rows)} have a reference; median {result['gradients_median']:.0f} gradients")
    print(f"  births and final values as promised: {share['promised']}; others that the run does not flag: {len(unflagged)}")
    print(f"  99th percentiles: births {result['births_99']:.2f} %, final values {result['final_99']:.3f} %")
    print(f"  within 2 %: stop time {share['time_within_2']}, unseen error {share['unseen_within_2']}")
    print(f"  own estimates within a factor of 3: {share['estimates_within_3']} of {len(factors)}", flush=True)
    return result


def flagged(estimate: Accuracy | None) -> bool:
    """Whether the run itself says that it is not as accurate as promised."""
    return estimate is not None and ((estimate.births or 0) > accuracy.BIRTHS or estimate.final > accuracy.FINAL)


def estimated(row: Row) -> list[float]:
    """Estimate over error, of births and of final values, where the error is large enough to be seen."""
    if row.errors is None or row.estimate is None:
        return []
    pairs = [(row.estimate.births or 0.0, row.errors.births), (row.estimate.final, row.errors.final)]
    return [own / error for own, error in pairs if error > NOTICED and np.isfinite(error)]


if __name__ == "__main__":
    main()
