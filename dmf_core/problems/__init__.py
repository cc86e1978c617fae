"""The table of problems: one file and one line for each."""

from typing import Annotated

from pydantic import Field

from dmf_core.problems.commuting_sensing import CommutingSensing
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observed_data import ObservedData
from dmf_core.problems.razin_cohen import RazinCohen

PROBLEMS = {
    "matrix_completion": MatrixCompletion,
    "matrix_sensing": MatrixSensing,
    "observed_data": ObservedData,
    "razin_cohen": RazinCohen,
    "commuting_sensing": CommutingSensing,
}
AnyProblem = Annotated[
    MatrixCompletion | MatrixSensing | ObservedData | RazinCohen | CommutingSensing, Field(discriminator="kind")
]
