"""Gradient descent on a fully observed, given target, with the step in the paper's own normalisation."""

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.integrators.gradient_descent import GradientDescent
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.framework.reproduction import Run
from dmf_core.reproductions.framework.scalar_recursion import identical, perturbed
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory


def descent(
    target: np.ndarray,  # [n, n] symmetric
    depth: int,
    start: float,
    step: float,
    iterations: int,
    first: float | None = None,
) -> Run:
    """Every factor starts at `start` times the identity, W_1 at `first` times it where that is given.

    `step` belongs to the loss 1/2 |W - M|_F^2. Ours is the mean square, 2/n^2 times that: hence the learning rate.
    """
    n = len(target)
    factors = tuple((start if first is None or j > 0 else first) * np.eye(n) for j in range(depth))
    inputs = Inputs(data=target, factors=factors)
    spec = RunSpec().replaced(
        {
            "problem.kind": "observed_data",
            "integrator.kind": "gradient_descent",
            "integrator.learning_rate": step * n**2 / 2,
            "stop.loss": None,
            "stop.iterations": iterations,
            "save.snapshots": 2000,  # in a phase that moves, every few iterations
            "dtype": "float64",
            "device": "cpu",
        }
    )
    return Run(with_inputs(spec, inputs), inputs)


def step_of(run: Run) -> float:
    """The step of a `descent`, in the paper's normalisation."""
    assert isinstance(run.spec.integrator, GradientDescent) and run.inputs.data is not None
    return run.spec.integrator.learning_rate * 2 / run.inputs.data.size


def eigenpath(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """(V [n, n], eigenvalues of W by iteration [T + 1, n]) from the scalar recursion over the measured eigenvalues."""
    spec, data, factors = run.spec, run.inputs.data, run.inputs.factors
    assert data is not None and factors is not None and spec.stop.iterations is not None
    eigenvalues, V = np.linalg.eigh(data)
    step = step_of(run)
    start, first = float(factors[-1][0, 0]), float(factors[0][0, 0])
    if first == start:
        return V, identical(eigenvalues, len(factors), start, step, spec.stop.iterations)
    return V, perturbed(eigenvalues, len(factors), start, first, step, spec.stop.iterations)


def distance(run: Run, trajectory: Trajectory | None) -> float:
    """How far the matrix run is from the scalar recursion, over every snapshot and the last W; NaN without a run."""
    if trajectory is None or trajectory.end is None:
        return float("nan")
    V, path = eigenpath(run)
    at = trajectory.column("iteration").astype(int)
    expected = -np.sort(-np.abs(path[at]), axis=1)
    last = (V * path[at[-1]]) @ V.T
    return float(max(np.abs(trajectory.singular_values - expected).max(), np.abs(trajectory.end.end_to_end_last - last).max()))


def passing(trajectory: Trajectory, place: int, level: float) -> float:
    """The iteration at which a singular value of the matrix run first reaches a level; NaN when it never does.

    Between snapshots on a straight line: within an iteration or two where the value moves.
    """
    at, values = trajectory.column("iteration"), trajectory.singular_values[:, place]
    after = int(np.argmax(values >= level))
    if values[after] < level:
        return float("nan")
    if after == 0:
        return float(at[0])
    return float(np.interp(level, values[after - 1 : after + 1], at[after - 1 : after + 1]))


def measured_windows(trajectory: Trajectory, early: float, late: float) -> list[tuple[float, float]]:
    """(opens, closes) of the matrix run: the L largest have come, the next has not started. One for every L that is learned.

    A singular value has started at the share `early` of its last value, and has come at the share `late`. The last window
    closes with the run.
    """
    last = trajectory.singular_values[-1]
    learned = int((last > 1e-3 * last[0]).sum())
    come = [passing(trajectory, place, late * last[place]) for place in range(learned)]
    begun = [passing(trajectory, place, early * last[place]) for place in range(1, learned)]
    return list(zip(np.maximum.accumulate(come).tolist(), [*begun, float(trajectory.column("iteration")[-1])], strict=True))
