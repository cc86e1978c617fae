"""A mask painted by hand, as a change of the requested run."""

from typing import Any

from dmf_core import limits, painted_mask
from dmf_core.problems.matrix_completion import MatrixCompletion


def drawable(problem: MatrixCompletion) -> bool:
    """True when a mask of this size can be painted entry by entry."""
    return max(problem.rows, problem.columns) <= limits.MAX_DRAWN_SIDE


def painted(text: str) -> dict[str, Any]:
    """The changes that make this mask the observed entries."""
    return {"problem.pattern": "drawn", "problem.mask": text}


def following(problem: MatrixCompletion, seed: int, pattern: str, rows: int, columns: int) -> dict[str, Any]:
    """What becomes of the mask with another pattern or size: a drawing begins with the entries that are observed now
    and is stretched with the matrix."""
    if pattern != "drawn" or max(rows, columns) > limits.MAX_DRAWN_SIDE:
        return {}  # too large: refused, with a sentence, by the spec
    mask = painted_mask.stretched(problem.observed(seed), rows, columns)
    return painted(painted_mask.to_text(mask))
