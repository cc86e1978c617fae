"""The table of problems: one file and one line for each."""

from typing import Annotated, TypeAlias

from dmf_core.problems.base import ProblemSettings
from dmf_core.problems.commuting_sensing import CommutingSensing
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observed_data import ObservedData
from dmf_core.problems.observed_tensor import ObservedTensor
from dmf_core.problems.razin_cohen import RazinCohen
from dmf_core.problems.tensor_completion import TensorCompletion
from dmf_core.problems.tensor_sensing import TensorSensing
from dmf_core.registry import Table

PROBLEMS: Table[ProblemSettings] = Table(
    "problem",
    ProblemSettings,
    MatrixCompletion,
    MatrixSensing,
    ObservedData,
    RazinCohen,
    CommutingSensing,
    TensorCompletion,
    TensorSensing,
    ObservedTensor,
)
AnyProblem: TypeAlias = Annotated[ProblemSettings, PROBLEMS]
register = PROBLEMS.register  # a decorator for a class of one's own


def makes_tensors(kind: object) -> bool:
    """Whether this is a kind of problem whose W is a tensor; False for matrices, and for what is no kind."""
    return isinstance(kind, str) and kind in PROBLEMS and PROBLEMS[kind].tensor


def usual_problem(tensor: bool, needs_data: bool = False) -> str:
    """The first kind in the table that is about tensors, or matrices, and comes with a file, or without."""
    return next(kind for kind, each in PROBLEMS.items() if each.tensor == tensor and each.needs_data == needs_data)
