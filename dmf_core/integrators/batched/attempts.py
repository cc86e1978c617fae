"""One step of some runs by one of the three methods of `stepper`, with estimates of their errors.

All velocities here are times the step size of their run, so that the runs share the weights of the stages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.integrate import RK45
from torch import Tensor

from dmf_core.integrators.batched.field import BatchedField
from dmf_core.integrators.batched.layout import Layout, norms
from dmf_core.integrators.chebyshev_tables import coefficients, stage_weights
from dmf_core.integrators.curvature import AGREE, DISPLACEMENT
from dmf_core.integrators.stepper import FIFTH, FLOOR, STABILIZED, THIRD, Allowance

A, B, E = (torch.from_numpy(each) for each in (RK45.A, RK45.B, RK45.E))
ROWS = 12  # vectors of a workspace
X, F0, PAST1, PAST2, POINT, FIRST = range(6)  # from FIRST on: up to seven stages
RADIUS_FIRST, RADIUS_AGAIN = 10, 2  # gradients of an estimate of the spectral radius, as in `chebyshev`


@dataclass(eq=False)
class Attempt:
    """What a step led to; [B] each. `x1` and `F1` are overwritten by the next step."""

    x1: Tensor  # [B * p]
    F1: Tensor  # [B * p] velocity times h
    error: np.ndarray  # in units of what is allowed
    loss: np.ndarray
    size: np.ndarray
    moved: np.ndarray
    speed: np.ndarray
    rho: np.ndarray
    lost: np.ndarray  # bool


@dataclass(eq=False)
class Current:
    """The runs of a step as they are; [B] each."""

    h: np.ndarray
    rho: np.ndarray
    speed: np.ndarray
    tolerance: np.ndarray
    scales: tuple[np.ndarray, ...]  # what the velocities in the rows F0, PAST1 and PAST2 are times


class Workspace:
    """Memory for a step of up to `most` runs. Rows X, F0, PAST1 and PAST2 are filled by the caller."""

    def __init__(self, field: BatchedField, most: int, like: Tensor) -> None:
        self._field, self._layout = field, field.layout
        self._memory = like.new_zeros(ROWS * most * self._layout.length)
        self._weights = [each.to(like) for each in (A, B, E)]
        self._last_stages = self._weights[1].clone()  # see `Stepper`
        self._last_stages[:5] -= self._weights[0][5]
        self._rounding = float(torch.finfo(like.dtype).eps)
        self._views: dict[int, tuple[Tensor, list[list[Tensor]], list[list[Tensor]], list[list[Tensor]]]] = {}
        self.use(most)

    @property
    def layout(self) -> Layout:
        return self._layout

    def use(self, count: int) -> None:
        """From now on for steps of so many runs."""
        if count not in self._views:
            table = self._memory[: ROWS * count * self._layout.length].view(ROWS, -1)
            self._views[count] = (
                table,
                [self._layout.blocks(row) for row in table],
                [self._layout.parts(row) for row in table],
                [self._layout.matrices(row) for row in table],
            )
        self.table, self.blocks, self.parts, self._matrices = self._views[count]

    def velocity(self, point: int, out: int) -> None:
        """Velocities at the points in one row, times the factor of each run, into another."""
        self._field(self._matrices[point], self._matrices[out])

    def matrices(self, row: int) -> list[Tensor]:  # of each factor [B, rows, columns]
        """A row of the workspace as one tensor for each factor."""
        return self._matrices[row]

    def fifth_order(self, now: Current) -> Attempt:
        """As `Stepper.fifth_order`."""
        table = self.table
        K, (inner, total, difference) = table[FIRST : FIRST + 7], self._weights
        self._times(F0, now.h / now.scales[0], FIRST)
        for i in range(1, 6):
            torch.addmv(table[X], K[:i].T, inner[i, :i], out=table[POINT])
            self.velocity(POINT, FIRST + i)
        D, x1 = table[PAST1], table[PAST2]
        torch.mv(K[:6].T, total, out=D)
        torch.add(table[X], D, out=x1)
        self.velocity(PAST2, FIRST + 6)
        torch.mv(K.T, difference, out=table[POINT])
        estimate = norms(self.blocks[POINT])
        torch.mv(K[:6].T, self._last_stages, out=table[POINT])
        apart = norms(self.blocks[POINT])
        torch.sub(K[6], K[5], out=table[POINT])
        with np.errstate(divide="ignore", invalid="ignore"):
            stiff = norms(self.blocks[POINT]) / now.h / apart
        rho = np.where(apart > 0, np.fmax(now.rho, stiff), now.rho)
        return self._judged(now, PAST2, PAST1, FIRST + 6, estimate, rho, FIFTH)

    def inside(self, share: float) -> None:
        """Puts x at this share of the latest attempt of order 5 into POINT, as `Stepper.inside`."""
        weights = torch.from_numpy(RK45.P @ share ** np.arange(1, 5)).to(self.table)
        torch.addmv(self.table[X], self.table[FIRST : FIRST + 7].T, weights, out=self.table[POINT])

    def third_order(self, now: Current) -> Attempt:
        """As `Stepper.third_order`."""
        table = self.table
        first, second, third, D, F1, x1 = (table[FIRST + i] for i in range(6))
        self._times(F0, now.h / now.scales[0], FIRST)
        torch.add(table[X], first, alpha=1 / 2, out=table[POINT])
        self.velocity(POINT, FIRST + 1)
        torch.add(table[X], second, alpha=0.75, out=table[POINT])
        self.velocity(POINT, FIRST + 2)
        torch.mul(first, 2 / 9, out=D).add_(second, alpha=1 / 3).add_(third, alpha=4 / 9)
        torch.add(table[X], D, out=x1)
        self.velocity(FIRST + 5, FIRST + 4)
        torch.mul(D, 1 / 4, out=table[POINT]).add_(first, alpha=-1 / 8).add_(F1, alpha=-1 / 8)
        return self._judged(now, FIRST + 5, FIRST + 3, FIRST + 4, norms(self.blocks[POINT]), now.rho, THIRD)

    def stabilized(self, now: Current, s: int, h1: np.ndarray, h2: np.ndarray) -> Attempt:
        """As `Stepper.stabilized`, with s stages. h1, h2: the two latest steps."""
        table, (numbers, c), h = self.table, coefficients(s), now.h
        k0, k1, k2 = (h / scale for scale in now.scales)
        weight = 2 * c * h * h
        a0, a1, a2 = 1 / (h1 * (h1 + h2)), -1 / (h1 * h2), 1 / (h2 * (h1 + h2))
        odd, F, start, source, even = range(FIRST, FIRST + 5)
        self._combine(source, ((F0, k0 * weight * a0), (PAST1, k1 * weight * a1), (PAST2, k2 * weight * a2)))
        self._times(F0, k0, start)
        table[start] += table[source]
        torch.mul(table[start], numbers[0][2], out=table[odd])
        table[even].zero_()
        fixed, growing = stage_weights(s, table.dtype, table.device)
        weights = fixed + growing
        before, after = table[odd:even].T, table[F : even + 1].T
        for j in range(1, s):
            last, new, others = (odd, even, before) if j % 2 else (even, odd, after)
            torch.add(table[X], table[last], out=table[POINT])
            self.velocity(POINT, F)
            torch.addmv(table[new], others, weights[j], beta=numbers[j][1], out=table[new])
        D, F1, x1 = (odd if s % 2 else even), F, source
        torch.add(table[X], table[D], out=table[x1])
        self.velocity(x1, F1)
        terms = (
            (F1, weight / (h * (h + h1))),  # F1 has its h
            (F0, k0 * weight * (-1 / (h * h1) - a0)),
            (PAST1, k1 * weight * (1 / (h1 * (h + h1)) - a1)),
            (PAST2, -k2 * weight * a2),
        )
        self._combine(POINT, terms)
        share = 1 / max(1, len(self._layout.shapes) - 1)
        allowance = STABILIZED._replace(of_size=share)
        return self._judged(now, x1, D, F1, norms(self.blocks[POINT]), now.rho, allowance)

    def _judged(
        self, now: Current, x1: int, D: int, F1: int, estimate: np.ndarray, rho: np.ndarray, allowance: Allowance
    ) -> Attempt:
        """As `Stepper._error`."""
        moved, size = norms(self.blocks[D]), norms(self.blocks[x1])
        loss, speed = self._field.loss, norms(self.blocks[F1]) / now.h
        self._times(F0, -now.h / now.scales[0], POINT)
        self.table[POINT] += self.table[F1]
        with np.errstate(divide="ignore", invalid="ignore"):
            rho = np.where(moved > 0, np.fmax(rho, norms(self.blocks[POINT]) / now.h / moved), rho)
        noise = self._rounding * (1 + now.h * rho) * size
        share = np.where(speed > now.speed, allowance.of_move_rising, allowance.of_move_falling)
        most = np.maximum(now.tolerance * share * moved, FLOOR * noise)
        allowed = np.minimum(now.tolerance * allowance.of_size * size, most)
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.where((allowed > 0) & np.isfinite(estimate), estimate / allowed, np.inf)
        return Attempt(self.table[x1], self.table[F1], error, loss, size, moved, speed, rho, moved <= noise)

    def radius(self, size: np.ndarray, guess: int, gradients: int) -> tuple[np.ndarray, np.ndarray]:
        """(rho, gradients taken) as `spectral_radius`, from the directions in the row `guess`, which are then those of rho.

        The selected factor is 1.
        """
        length = norms(self.blocks[guess])
        still = length == 0
        for part in self.parts[guess]:
            part[torch.from_numpy(still)] = 1.0
        length = np.where(still, np.sqrt(self._layout.length), length)
        self._times(guess, 1 / length, guess)
        away = DISPLACEMENT * np.where(size > 0, size, 1.0)
        rho, taken = np.zeros(len(size)), np.zeros(len(size), dtype=int)
        going = np.ones(len(size), dtype=bool)
        for _ in range(gradients):
            self._times(guess, away, POINT)
            self.table[POINT] += self.table[X]
            self.velocity(POINT, FIRST)
            self.table[FIRST] -= self.table[F0]
            length = norms(self.blocks[FIRST])
            taken += going
            going &= (length > 0) & np.isfinite(length)
            last, rho = rho, np.where(going, length / away, rho)
            safe = np.where(going, length, 1.0)
            self._times(FIRST, 1 / safe, FIRST)
            rows = torch.from_numpy(going).view(-1, 1)
            for part, new in zip(self.parts[guess], self.parts[FIRST], strict=True):
                torch.where(rows, new, part, out=part)
            going &= np.abs(rho - last) > AGREE * rho
            if not going.any():
                break
        return rho, taken

    def unscale(self, row: int, scale: np.ndarray) -> None:
        """The velocities in a row, that are times these, as they are."""
        self._times(row, 1 / scale, row)

    def _times(self, row: int, factor: np.ndarray, out: int) -> None:
        """out = factor * row, run by run."""
        column = torch.from_numpy(factor).to(self.table).view(-1, 1)
        for block, target in zip(self.blocks[row], self.blocks[out], strict=True):
            torch.mul(block, column, out=target)

    def _combine(self, out: int, terms: Sequence[tuple[int, np.ndarray]]) -> None:
        """out = sum of factor * row, run by run."""
        (row, factor), *others = terms
        self._times(row, factor, out)
        for row, factor in others:
            column = torch.from_numpy(factor).to(self.table).view(-1, 1)
            for block, target in zip(self.blocks[row], self.blocks[out], strict=True):
                target.addcmul_(block, column)
