"""The settings of a problem: the hidden truth, and what is observed of it."""

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import torch

from dmf_core import limits
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.settings import Settings
from dmf_core.shapes import Ranks, Shape


class ProblemSettings(Settings, ABC):
    """A problem declares all that other parts need to know: nothing else in the program lists problems.

    Settings called `observations`, `noise` and `rank` are taken for what `count`, `noise_level` and `truth_rank` say.
    """

    if TYPE_CHECKING:
        kind: str  # a field of every subclass; not one of this class, or it would come first in every JSON

    tensor: ClassVar[bool] = False  # True: W has order 3 or more; False: it is a matrix
    measured: ClassVar[bool] = False  # True: random measurements of the whole W; False: single entries are seen
    needs_data: ClassVar[bool] = False  # True: its data come from a file
    own_size: ClassVar[bool] = True  # True: its sizes mean nothing to other kinds, nor theirs to it
    unknowable: ClassVar[bool] = False  # True: theory can decide which hidden entries the observed ones leave undetermined
    batched: ClassVar[bool] = False  # True: sweeps integrate runs of one shape together; single entries of a matrix are seen
    label: ClassVar[str] = ""  # in a list; empty: the kind

    @property
    @abstractmethod
    def sides(self) -> Shape | None:
        """The sides of W; None when only the data know them."""

    @abstractmethod
    def build(self, seed: int, dtype: torch.dtype, device: torch.device, inputs: Inputs) -> Problem:
        """Samples truth and observations. Raises BadInput when settings and inputs do not fit together."""

    @property
    def slice_rank(self) -> int | None:
        """A row, column or slice with fewer observed entries than this is not determined; None where no such number is known."""
        rank = getattr(self, "rank", None)
        return rank if isinstance(rank, int) else None

    @property
    def count(self) -> int | None:
        """How many observations there are; None: as many as are given."""
        return getattr(self, "observations", None)

    @property
    def most(self) -> int | None:
        """How many observations there can be; None where that is no choice, or only the data know it."""
        if self.sides is None:
            return None
        entries = math.prod(self.sides)
        return min(entries, limits.MEASUREMENT_BYTES // (8 * entries)) if self.measured else entries

    @property
    def distinct(self) -> int | None:
        """About how many single entries are seen; None: measurements, or a number that only the data know."""
        return None if self.measured else self.count

    @property
    def noise_level(self) -> float:
        """Standard deviation that is added to every observation; 0 where there is none or it is unknown."""
        return getattr(self, "noise", 0.0)

    @property
    def truth_rank(self) -> Ranks | None:
        """The rank of the truth; None where it has no set rank."""
        return getattr(self, "rank", None)

    @property
    def components(self) -> int | None:
        """How many components of a CP decomposition the truth was made of; None where it was made otherwise."""
        return None

    @property
    def draws(self) -> int | None:
        """How many draws with replacement the observations are; None without replacement."""
        return None

    @property
    def positive_semidefinite(self) -> bool:
        """True where the truth is symmetric and has no negative eigenvalue."""
        return False

    @property
    def sparse(self) -> bool:
        """True where `truth_rank` counts nonzero entries."""
        return False

    @property
    def freedom(self) -> int | None:
        """The number of parameters that determine the truth; None where that is unknown."""
        return None

    @property
    def in_order(self) -> bool:
        """True where rows and columns keep their order in pictures, because it means something."""
        return self.tensor
