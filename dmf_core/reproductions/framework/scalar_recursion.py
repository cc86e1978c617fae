"""Gradient descent on a fully observed symmetric target from multiples of the identity: one number for each eigenvalue."""

import numpy as np
from scipy.integrate import quad


def identical(eigenvalues: np.ndarray, depth: int, start: float, step: float, iterations: int) -> np.ndarray:
    """Eigenvalues of W [iterations + 1, n] when every factor starts at `start` times the identity.

    Loss 1/2 |W - M|^2: d <- d - step d^(N-1) (d^N - lambda), and W has d^N. Source: Chou et al. 2020, Lemma 2.1, as
    given in a seminar report; check: equal to the matrix run, tests/papers/test_chou.py.
    """
    d = np.full(len(eigenvalues), start)
    values = [d]
    for _ in range(iterations):
        d = d - step * d ** (depth - 1) * (d**depth - eigenvalues)
        values.append(d)
    return np.array(values) ** depth


def perturbed(
    eigenvalues: np.ndarray,  # [n]
    depth: int,
    start: float,
    first: float,
    step: float,
    iterations: int,
) -> np.ndarray:  # [iterations + 1, n]
    """The same when W_1 starts at `first` times the identity: two numbers for each eigenvalue. Source: ibid., Lemma 3.1."""
    a, b = np.full(len(eigenvalues), first), np.full(len(eigenvalues), start)
    values = [a * b ** (depth - 1)]
    for _ in range(iterations):
        residual = a * b ** (depth - 1) - eigenvalues
        a, b = a - step * b ** (depth - 1) * residual, b - step * a * b ** (depth - 2) * residual
        values.append(a * b ** (depth - 1))
    return np.array(values)


def flow_time(eigenvalue: float, depth: int, start: float, end: float) -> float:
    """Time that a factor's eigenvalue takes from `start` to `end`: the integral of dx / (x^(N-1) (lambda - x^N)).

    Derived: stands in for T+ of Chou et al. 2020, which could not be read.
    """
    value, _ = quad(lambda x: 1 / (x ** (depth - 1) * (eigenvalue - x**depth)), start, end, limit=500)
    return float(abs(value))


def first_passing(path: np.ndarray, level: float) -> int:
    """The first iteration at which a path [T] from below is at or above the level; T when it never is."""
    above = path >= level
    return int(np.argmax(above)) if above.any() else len(path)
