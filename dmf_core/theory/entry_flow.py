"""How the entries of W = u^N - v^N move along the gradient flow: each by itself, but for the pull that all share.

With p = -dL/dW of an entry, u' = N u^(N-1) p and v' = -N v^(N-1) p, so

    w' = N^2 (u^(2N-2) + v^(2N-2)) p,    and    u v (N = 2),  u^(2-N) + v^(2-N) (N > 2),  u + v (N = 1)    stay constant.

From u = v = alpha, w is a function of the integral z of p, and W follows the mirror flow of a potential: for N = 2 the
hyperbolic entropy, between the square of the 2-norm (large alpha) and the 1-norm (small alpha).

Source: Woodworth et al. 2020, as remembered (the paper could not be read here): potential for N = 2, w as a function of z.
All formulas are derived; tests/theory/test_entry_flow.py holds them against scipy.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from scipy.integrate import quad
from scipy.optimize import brentq
from torch import Tensor

from dmf_core.interfaces import Factors
from dmf_core.theory.births import CLEAR, SMALL


class Growth(NamedTuple):
    """Size, pull and speed of every entry of W, each [*d]."""

    size: Tensor  # |w|
    pull: Tensor  # sign(w) * -dL/dw: positive where the entry grows
    speed: Tensor  # d |w| / dt along the flow, exactly


def growth(factors: Factors, gradient: Tensor, degree: int) -> Growth:  # (u, v), dL/dW: [*d]
    """d |w| / dt = N^2 (u^(2N-2) + v^(2N-2)) pull, from any start."""
    u, v = factors
    w = u.pow(degree) - v.pow(degree)
    pull = -gradient * torch.where(w < 0, -1.0, 1.0)
    return Growth(w.abs(), pull, mobility(u, v, degree) * pull)


def mobility(u: Tensor, v: Tensor, degree: int) -> Tensor:
    """dw/dt over the pull."""
    power = 2 * degree - 2
    return degree**2 * (u.pow(power) + v.pow(power))


def invariant(u: Tensor, v: Tensor, degree: int) -> Tensor:
    """What the flow conserves of every entry, whatever the loss."""
    if degree == 1:
        return u + v
    return u * v if degree == 2 else u.pow(2 - degree) + v.pow(2 - degree)


def entry_after(z: np.ndarray, alpha: float, degree: int) -> np.ndarray:
    """w where the pulls that an entry has felt add up to z = integral of p dt, from u = v = alpha.

    Infinite pulls are never needed: for N > 2, w is infinite at |z| = alpha^(2-N) / (N (N-2)).
    """
    if degree == 1:
        return 2 * np.asarray(z)
    if degree == 2:
        entry: np.ndarray = 2 * alpha**2 * np.sinh(4 * z)
        return entry
    share = degree * (degree - 2) * alpha ** (degree - 2) * np.asarray(z)
    exponent = -degree / (degree - 2)
    return np.asarray(alpha**degree * ((1 - share) ** exponent - (1 + share) ** exponent))


def hyperbolic_entropy(w: np.ndarray, alpha: float) -> np.ndarray:
    """The potential Q with Q''(w) = 1 / (dw/dt over the pull) for N = 2: grows like w^2 / (16 alpha^2), then like |w| log |w|."""
    x = np.asarray(w) / (2 * alpha**2)
    return np.asarray(alpha**2 / 2 * (x * np.arcsinh(x) - np.sqrt(1 + x**2) + 1))


def birth_time(pull: float, target: float, start: tuple[float, float], degree: int) -> float | None:
    """When an entry passes half of `target` under the pull `pull` (1 - w / target); both have one sign, `start` is (u, v) > 0.

    Exact for an observed entry in completion, where target is its value; an estimate in sensing, where the entries pull at each
    other. None where it is there already.
    """
    u, v = start if target > 0 else start[::-1]  # a falling entry is a growing one with u and v in turn
    pull, target = abs(pull), abs(target)
    constant = conserved_number(u, v, degree)

    def entry(log_u: float) -> float:
        return math.exp(log_u) ** degree - partner(math.exp(log_u), constant, degree) ** degree

    def rate(log_u: float) -> float:  # dt / d(log u)
        return math.exp(log_u) ** (2 - degree) / (degree * pull * (1 - entry(log_u) / target))

    first, last = math.log(u), math.log((target / 2 + v**degree) ** (1 / degree))
    if entry(first) >= target / 2:
        return None
    end = brentq(lambda log_u: entry(log_u) - target / 2, first, last, xtol=1e-13)
    time, _ = quad(rate, first, end, limit=200, epsrel=1e-9)
    return float(time)


def conserved_number(u: float, v: float, degree: int) -> float:
    """`invariant` of one entry."""
    if degree == 1:
        return u + v
    return u * v if degree == 2 else u ** (2 - degree) + v ** (2 - degree)


def partner(u: float, constant: float, degree: int) -> float:
    """v of an entry, from u and from what the flow conserves."""
    if degree == 1:
        return constant - u
    return constant / u if degree == 2 else float((constant - u ** (2 - degree)) ** (1 / (2 - degree)))


def predicted_births(
    factors: tuple[np.ndarray, np.ndarray],  # u, v [*d] at the start, positive
    pull: np.ndarray,  # [*d] -dL/dW there
    noise: float,  # the standard deviation of its entries without structure; 0 where single entries are observed
    reach: np.ndarray,  # [*d] the size over its pull at which an entry stops: see `birth_time`
    degree: int,
    count: int,
) -> Iterator[tuple[int, float]]:
    """(number from 1 by the size of the pull, t) of those of the first entries that stand out.

    The largest of n standard normal numbers is about sqrt(2 log n).
    """
    u, v, p, ends = factors[0].ravel(), factors[1].ravel(), pull.ravel(), (pull * reach).ravel()
    least = CLEAR * noise * math.sqrt(2 * math.log(max(2, p.size)))
    largest = np.argsort(-np.abs(p), kind="stable")[:count]
    for number, i in enumerate(largest, start=1):
        if abs(p[i]) <= least or min(u[i], v[i]) <= 0 or abs(u[i] ** degree - v[i] ** degree) > SMALL * abs(ends[i]):
            return
        time = birth_time(float(p[i]), float(ends[i]), (float(u[i]), float(v[i])), degree)
        if time is not None:
            yield number, time
