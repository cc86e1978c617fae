"""What is measured at a moment: from points on the way to Snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.hermite import Way, points
from dmf_core.interfaces import Step
from dmf_core.measures import Moments, measure
from dmf_core.measures.balancedness import Balance
from dmf_core.measures.singular_values import singular_values
from dmf_core.prepare import Prepared
from dmf_core.trajectory import picture_index

AT_ONCE_BYTES = 4 << 20
MOST_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class Recorded:
    """A moment, measured."""

    step: Step
    singular_values: np.ndarray  # [k] float64
    measures: dict[str, float | None]
    picture: np.ndarray  # [a, b] int8


class Recorder:
    """Measures moments of one run, several at once: at these sizes a call costs as much as its arithmetic."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._balance = Balance(prepared.field.factorization, prepared.field.factors(prepared.x))
        truth = prepared.problem.ground_truth
        self._truth_norm = None if truth is None else float(torch.linalg.vector_norm(truth))
        self._grey = 127 / prepared.start.picture_limit
        each = 2 * prepared.x.nbytes + 4 * prepared.start.end_to_end_first.nbytes
        self.at_once = max(1, min(MOST_AT_ONCE, AT_ONCE_BYTES // each))

    def record(self, ways: Sequence[Way]) -> list[Recorded]:
        """The points on these ways, measured. The same bits however many are measured together."""
        field = self._prepared.field
        steps, x = points(field, ways)
        W = torch.stack([field.W(step) for step in steps])
        sigma = singular_values(W)
        moments = Moments(
            W=W.unbind(),
            loss=np.array([step.loss for step in steps]),
            factors=field.stacked(x),
            singular_values=sigma,
            problem=self._prepared.problem,
            start=self._balance,
            truth_norm=self._truth_norm,
        )
        found = zip(steps, sigma, measure(moments), self._pictures(W), strict=True)
        return [Recorded(step, values, measures, picture) for step, values, measures, picture in found]

    def _pictures(self, W: Tensor) -> np.ndarray:  # [B, rows, columns] -> [B, a, b] int8
        rows, columns = self._shown
        shown = W if rows is None else W[:, rows][:, :, columns]
        return np.asarray((shown * self._grey).clamp_(-127, 127).round_().to(torch.int8).cpu().numpy())

    @cached_property
    def _shown(self) -> tuple[Tensor | None, Tensor | None]:
        shape, device = self._prepared.problem.shape, self._prepared.x.device
        if max(shape) <= limits.PICTURE_SIDE:
            return None, None
        rows, columns = (torch.from_numpy(picture_index(side)).to(device) for side in shape)
        return rows, columns
