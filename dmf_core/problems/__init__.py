"""The table of problems: one file and one line for each."""

from typing import Annotated

from pydantic import Field

from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observed_data import ObservedData

PROBLEMS = {
    "matrix_completion": MatrixCompletion,
    "matrix_sensing": MatrixSensing,
    "observed_data": ObservedData,
}
AnyProblem = Annotated[MatrixCompletion | MatrixSensing | ObservedData, Field(discriminator="kind")]
