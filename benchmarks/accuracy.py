"""How exact is the gradient flow at its default tolerance? Against scipy's DOP853 at rtol 1e-9 in float64.

python -m benchmarks.accuracy [--seeds N] [--quick] [--method chebyshev|exponential]

Per problem and depth the worst over the seeds and both precisions: error of the births (in % of the birth time) and
of the final singular values (in % of the largest). No case is excluded; a mode is counted as learned when its
final singular value is above 10 % of the largest.
"""

import argparse
import json
from typing import Literal, cast

import numpy as np
import torch

from dmf_core.integrators.gradient_flow import GradientFlow
from tests.integrators.flows import Case, errors, ours, scipys, start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="only 20 x 20")
    parser.add_argument("--method", choices=["chebyshev", "exponential"], default="chebyshev")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    integrator = GradientFlow(method=cast(Literal["chebyshev", "exponential"], arguments.method))
    families: list[tuple[Literal["completion", "sensing"], int, int, int]]
    families = [("completion", 20, 2, 240), ("sensing", 20, 2, 300)]
    if not arguments.quick:
        families += [("completion", 40, 3, 800), ("sensing", 40, 2, 800)]
    rows = []
    print(f"{'problem':16} depth  gradients (median)  births %  singular values %  (worst of both precisions and all seeds)")
    for kind, n, rank, observations in families:
        for depth in (1, 2, 3, 4):
            worst, gradients = np.zeros(2), []
            for seed in range(arguments.seeds):
                case = Case(kind, n, rank, observations, depth, seed)
                reference = scipys(case)
                for dtype in (torch.float32, torch.float64):
                    field, x = start(case, dtype)
                    mine = ours(field, integrator.steps(field, x))
                    worst = np.maximum(worst, errors(mine, reference))
                    gradients.append(mine.gradients)
            births, final = 100 * worst
            print(f"{kind + ' ' + str(n):16} {depth:5}  {np.median(gradients):18.0f}  {births:8.3f}  {final:17.3f}", flush=True)
            rows.append([kind, n, depth, float(np.median(gradients)), float(births), float(final)])
    ok = all(births < 1 and final < 0.5 for *_, births, final in rows)
    print(json.dumps({"benchmark": "accuracy", "seeds": arguments.seeds, "method": arguments.method, "met": ok, "rows": rows}))


if __name__ == "__main__":
    main()
