"""Readers of the user's own data: bytes and a file name in, one matrix with NaN where unknown out."""

from dmf_core.data.factors import read_factors
from dmf_core.data.read import DataOptions, Recognized, read_matrix, recognize

__all__ = ["DataOptions", "Recognized", "read_factors", "read_matrix", "recognize"]
