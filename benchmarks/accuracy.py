"""How exact is the gradient flow at its default tolerance, and how many gradients does it take?

    python -m benchmarks.accuracy [--seeds 3]

Against scipy's DOP853 (rtol 1e-9, float64) from the same starting factors: the worst relative error of a birth time (a
singular value passes half of its final value) and of a final singular value, over the largest of them. Ours in float32.
"""

import argparse
import json
import statistics

import torch

from dmf_core.integrators.gradient_flow import GradientFlow
from tests.integrators.flows import Case, errors, ours, scipys, start

PROBLEMS = [("completion", 20, 2, 240), ("completion", 40, 3, 800), ("sensing", 20, 2, 300), ("sensing", 40, 3, 800)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    torch.set_num_threads(1)
    rows = []
    print("problem     n  depth   births off by   final values off by   gradients (median)   scipy's")
    for kind, n, rank, observations in PROBLEMS:
        for depth in (1, 2, 3, 4):
            births, finals, gradients, theirs = [], [], [], []
            for seed in seeds:
                case = Case(kind, n, rank, observations, depth, seed)  # type: ignore[arg-type]
                field, x = start(case, torch.float32)
                mine, reference = ours(field, GradientFlow().steps(field, x)), scipys(case)
                birth, final = errors(mine, reference)
                births.append(birth)
                finals.append(final)
                gradients.append(mine.gradients)
                theirs.append(reference.gradients)
            row = {
                "problem": kind,
                "n": n,
                "depth": depth,
                "births": max(births),
                "finals": max(finals),
                "gradients": statistics.median(gradients),
                "scipy_gradients": statistics.median(theirs),
            }
            rows.append(row)
            print(
                f"{kind:10s} {n:3d} {depth:5d}   {max(births):11.3%}   {max(finals):17.3%}   {row['gradients']:16.0f}   "
                f"{row['scipy_gradients']:8.0f}",
                flush=True,
            )
    print(json.dumps({"benchmark": "accuracy", "seeds": len(seeds), "rows": rows}))


if __name__ == "__main__":
    main()
