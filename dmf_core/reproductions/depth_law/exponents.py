"""Exponents of a growth by ordinary least squares, and an interval for them over independent draws."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from dmf_core.reproductions.depth_law.growth import Growth

POINTS = 60  # of one fit
LEVEL = 0.95  # of confidence, of an interval


class PowerLaw(NamedTuple):
    """speed / gamma = factor * size^exponent, of one run."""

    exponent: float
    factor: float


class Interval(NamedTuple):
    """One number over independent draws."""

    mean: float
    half: float  # of the width

    def off(self, derived: float) -> float:
        """From the derived number to the farther end."""
        return abs(self.mean - derived) + self.half


def of_component(growth: Growth) -> PowerLaw:
    """ds/dt over gamma against the size s of the component."""
    return _fitted(growth, growth.size)


def of_layer(growth: Growth) -> PowerLaw:
    """The same for the norm of its first layer."""
    return _fitted(growth, growth.layer)


def _fitted(growth: Growth, size: np.ndarray) -> PowerLaw:
    """Over the growth phase, the points spread evenly over log size: the method's own steps crowd where it turns."""
    phase = growth.growing
    x, ratio = np.log(size[phase]), growth.speed(size)[phase] / growth.pull[phase]
    if len(x) < 4 or not (np.diff(x) > 0).all() or not (ratio > 0).all():
        return PowerLaw(np.nan, np.nan)  # no growth to speak of: a claim about it fails
    y = np.log(ratio)
    even = np.linspace(x[0], x[-1], POINTS)
    slope, intercept = np.polyfit(even, np.interp(even, x, y), 1)
    return PowerLaw(float(slope), float(np.exp(intercept)))


def interval(values: Sequence[float]) -> Interval:
    """Student's, from the scatter between draws alone: points of one run follow from each other and count as one draw."""
    draws = np.array(values, dtype=float)
    if len(draws) < 2:
        return Interval(float(draws.mean()) if len(draws) else np.nan, np.nan)
    error = draws.std(ddof=1) / np.sqrt(len(draws))
    return Interval(float(draws.mean()), float(student.ppf((1 + LEVEL) / 2, len(draws) - 1) * error))
