"""What is measured at a moment: from points on the way to Snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.interpolation import Way, points
from dmf_core.interfaces import Factors, Step
from dmf_core.measures import Moments, measure
from dmf_core.measures.balancedness import Balance
from dmf_core.measures.spectra import spectra, spectrum
from dmf_core.norms import norm
from dmf_core.prepare import Prepared
from dmf_core.shapes import picture_shape, shown_sides
from dmf_core.trajectory import picture_index

AT_ONCE_BYTES, AT_ONCE = 4 << 20, 16  # moments measured together: more take fewer calls and more memory
CACHED_BYTES, MOST_AT_ONCE = 1 << 20, 64  # small moments, which stay in the cache of a core: at 20 x 20 a run takes 7 % less


@dataclass(frozen=True, eq=False)
class Recorded:
    """What was measured at one moment of a run."""

    step: Step
    singular_values: np.ndarray  # [k] float64
    measures: dict[str, float | None]
    picture: np.ndarray  # [a, b] int8
    spectra: dict[str, np.ndarray]  # the others


class Points(NamedTuple):
    """Moments that are not measured yet."""

    steps: list[Step]
    W: Tensor  # [B, *d]
    factors: Factors  # each: [B, *its shape]


class Costly(NamedTuple):
    """What takes long to measure of moments: see `Recorder.costly`."""

    spectra: dict[str, np.ndarray]  # each: [B, k], all values; the main one first
    unfoldings: list[np.ndarray]  # [B, k] each, see Moments
    drift: np.ndarray  # [B]


class Recorder:
    """Measures moments of one run, several at once: at these sizes a call costs as much as its arithmetic."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._balance = Balance(prepared.field.factorization, prepared.field.factors(prepared.x))
        truth = prepared.problem.ground_truth
        self._truth_norm = None if truth is None else norm(truth)
        self._lengths = prepared.field.factorization.spectra(prepared.problem.shape)
        self._grey = 127 / prepared.start.picture_limit
        each = 2 * prepared.x.nbytes + 4 * prepared.start.end_to_end_first.nbytes
        self.at_once = max(1, min(AT_ONCE, AT_ONCE_BYTES // each), min(MOST_AT_ONCE, CACHED_BYTES // each))

    def record(self, ways: Sequence[Way]) -> list[Recorded]:
        """The points on these ways, measured. The same bits however many are measured together."""
        moments = self.points(ways)
        return self.measured(moments, self.costly(moments))

    def points(self, ways: Sequence[Way]) -> Points:
        """The points on these ways."""
        field = self._prepared.field
        steps, x = points(field, ways)
        return Points(steps, torch.stack([field.W(step) for step in steps]), field.stacked(x))

    @torch.inference_mode()
    def costly(self, moments: Points) -> Costly:
        """Their spectra and the drift. Any thread may compute them: nothing here is changed."""
        W, factors = moments.W, moments.factors
        all_spectra = spectra(self._prepared.field.factorization, W, factors)
        modes = [f"unfolding_{n}" for n in range(1, W.ndim)] if W.ndim > 3 else []
        unfoldings = [all_spectra[name] if name in all_spectra else spectrum(name, W) for name in modes]
        return Costly(all_spectra, unfoldings, self._balance.drift(factors))

    def measured(self, points: Points, costly: Costly) -> list[Recorded]:
        """All that is recorded of them."""
        steps, W, factors = points
        (main, sigma), *others = costly.spectra.items()
        moments = Moments(
            W=W,
            loss=np.array([step.loss for step in steps]),
            factors=factors,
            degree=self._prepared.field.degree,
            singular_values=sigma,
            problem=self._prepared.problem,
            drift=costly.drift,
            truth_norm=self._truth_norm,
            unfoldings=costly.unfoldings,
        )
        recorded = sigma[:, : self._lengths[main]]
        rows = zip(steps, recorded, measure(moments), self._pictures(W), strict=True)
        return [
            Recorded(step, values, measures, picture, {name: each[i, : self._lengths[name]] for name, each in others})
            for i, (step, values, measures, picture) in enumerate(rows)
        ]

    def _pictures(self, W: Tensor) -> np.ndarray:  # [B, *d] -> [B, a, b] int8
        for axis, index in self._shown:
            W = W.index_select(axis, index)
        grey = (W * self._grey).clamp_(-127, 127).round_().to(torch.int8).cpu().numpy()
        return grey.reshape(len(W), *picture_shape(self._prepared.problem.shape))

    @cached_property
    def _shown(self) -> list[tuple[int, Tensor]]:
        """Which indices of W [B, *d] a picture keeps, by axis, where it does not keep all."""
        shape, device = self._prepared.problem.shape, self._prepared.x.device
        pairs = enumerate(zip(shape, shown_sides(shape), strict=True), start=1)
        return [(n, torch.from_numpy(picture_index(side, shown)).to(device)) for n, (side, shown) in pairs if shown < side]
