"""What does a run on 10 000 of 100 000 ratings of 1682 x 943 cost, at full hidden width?

python -m benchmarks.large [--quick]

The ratings are made here. Each run in a process of its own, on one thread, with everything that it records: to the
default end, a training error of 1e-6, and stopped early, at an error of 0.5. Seconds of the processor are told beside
those of the clock: on a busy machine only they mean something. Peak memory is that of the whole
process, torch included. Last, one gradient with the residual sparse and dense. --quick: depth 2 only.
"""

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable

import numpy as np
import torch

from dmf_core.inputs import Inputs
from dmf_core.prepare import prepare, with_inputs
from dmf_core.simulate import simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Snapshot

ROWS, COLUMNS, KNOWN, TRAINED = 1682, 943, 100_000, 10_000
ENDS = {"default": 1e-6, "early": 0.5}


def ratings() -> np.ndarray:  # [ROWS, COLUMNS] 1 to 5, NaN where unknown
    """A taste model of rank 8 with offsets and noise; some rows and columns are rated more often than others."""
    source = np.random.default_rng(0)
    taste = source.normal(size=(ROWS, 8)) @ (source.normal(size=(8, COLUMNS)) * 0.6 ** np.arange(8)[:, None])
    liked = 3.5 + 0.5 * source.normal(size=(ROWS, 1)) + 0.4 * source.normal(size=(1, COLUMNS)) + 0.7 * taste
    values = np.clip(np.rint(liked + 0.6 * source.normal(size=(ROWS, COLUMNS))), 1, 5)
    often = (1 / (1 + np.arange(ROWS)) ** 0.6)[:, None] * source.gamma(1.2, size=(1, COLUMNS))
    observed = source.choice(values.size, KNOWN, replace=False, p=(often / often.sum()).ravel())
    matrix = np.full(values.size, np.nan)
    matrix[observed] = values.ravel()[observed]
    return matrix.reshape(ROWS, COLUMNS)


def spec_of(depth: int, loss: float, inputs: Inputs) -> RunSpec:
    changes = {"problem.observations": TRAINED, "model.depth": depth, "stop.loss": loss, "stop.seconds": 3600.0, "device": "cpu"}
    return with_inputs(RunSpec(), inputs).replaced(changes)


def measured(case: tuple[int, float]) -> dict[str, float | str]:
    """One run, in this fresh process."""
    torch.set_num_threads(1)
    inputs = Inputs(data=ratings())
    began, cpu = time.perf_counter(), time.process_time()
    shown, waits, end = began, [], None
    for event in simulate(spec_of(*case, inputs), inputs):
        if isinstance(event, Snapshot):
            now = time.perf_counter()
            waits.append(now - shown)
            shown, last = now, event
        elif isinstance(event, End):
            end = event
    assert end is not None
    return {
        "depth": case[0],
        "loss": case[1],
        "outcome": end.outcome.value,
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "gradients": end.gradients,
        "snapshots": len(waits),
        "longest_wait": max(waits),
        "held_out": last.measures["unobserved_error"] or 0.0,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def gradients(depth: int, repeats: int = 5) -> tuple[float, float]:
    """(sparse, dense) processor seconds of one gradient, the least of several."""
    inputs = Inputs(data=ratings())
    prepared = prepare(spec_of(depth, 1e-6, inputs), inputs)
    field, dense, x = prepared.field, prepared.field.factorization, prepared.x
    out = torch.empty_like(x)

    def whole() -> None:
        W, pullback = dense.linearize(field.factors(x))
        pullback(prepared.problem.loss_gradient(W), field.factors(out))

    return _least(lambda: field(x, out), repeats), _least(whole, repeats)


def _least(work: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="depth 2 only")
    depths = [2] if parser.parse_args().quick else [2, 3]
    torch.set_num_threads(1)
    rows = []
    for case in [(depth, loss) for depth in depths for loss in ENDS.values()]:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            row = pool.apply(measured, (case,))
        rows.append(row)
        print(
            "depth {depth} to {loss:g}: {seconds:.1f} s ({cpu_seconds:.1f} s of one core), {gradients} gradients,".format(**row),
            "{snapshots} snapshots, at most {longest_wait:.1f} s apart,".format(**row),
            "held-out error {held_out:.3f}, {gigabytes:.2f} GB".format(**row),
            flush=True,
        )
    for depth in depths:
        sparse, dense = gradients(depth)
        rows.append({"depth": depth, "sparse_gradient": sparse, "dense_gradient": dense})
        print(f"depth {depth}: a gradient {1e3 * sparse:.1f} ms, with a dense residual {1e3 * dense:.0f} ms")
    print(json.dumps({"benchmark": "large", "rows": rows}))


if __name__ == "__main__":
    main()
