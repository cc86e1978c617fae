"""What a run needs besides its spec: the user's matrix and given factors. The spec names them by digest."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Inputs:
    """Arrays of the user. Empty for a run that is drawn from its seed."""

    data: np.ndarray | None = None  # [*d] float64, NaN where unknown
    factors: tuple[np.ndarray, ...] | None = None  # in the order of Factorization.factor_shapes
    account: dict[str, Any] | None = None  # how the data were read, as JSON: see data.reading.Account

    @property
    def given(self) -> bool:
        """True where there are arrays of a person."""
        return self.data is not None or self.factors is not None

    @property
    def of_picture(self) -> bool:
        """True where the data were read as a picture."""
        return self.account is not None and self.account["kind"] == "picture"


def digest_of(*arrays: np.ndarray) -> str:
    """sha256 over shapes and float64 values, the same on every machine."""
    sha = hashlib.sha256()
    for array in arrays:
        values = np.ascontiguousarray(array, dtype="<f8")
        values = np.where(np.isnan(values), np.nan, values)  # one NaN for all NaNs
        sha.update(repr(values.shape).encode())
        sha.update(values.tobytes())
    return sha.hexdigest()
