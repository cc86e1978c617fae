"""The table of problems: one file and one line for each."""

from typing import Annotated

from pydantic import Field

from dmf_core.problems.commuting_sensing import CommutingSensing
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observed_data import ObservedData
from dmf_core.problems.observed_tensor import ObservedTensor
from dmf_core.problems.razin_cohen import RazinCohen
from dmf_core.problems.tensor_completion import TensorCompletion
from dmf_core.problems.tensor_sensing import TensorSensing

PROBLEMS = {
    "matrix_completion": MatrixCompletion,
    "matrix_sensing": MatrixSensing,
    "observed_data": ObservedData,
    "razin_cohen": RazinCohen,
    "commuting_sensing": CommutingSensing,
    "tensor_completion": TensorCompletion,
    "tensor_sensing": TensorSensing,
    "observed_tensor": ObservedTensor,
}
TENSORS = frozenset(kind for kind, each in PROBLEMS.items() if getattr(each, "tensor", False))  # the others: matrices
AnyProblem = Annotated[
    MatrixCompletion
    | MatrixSensing
    | ObservedData
    | RazinCohen
    | CommutingSensing
    | TensorCompletion
    | TensorSensing
    | ObservedTensor,
    Field(discriminator="kind"),
]
