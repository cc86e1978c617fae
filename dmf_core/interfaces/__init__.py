"""Read first: every abstract noun of the package, with its shapes.

The end-to-end tensor W is the narrow waist: a matrix, or a tensor of higher order. Left of it a `Problem` gives the
loss and dL/dW; right of it a `Factorization` builds W from factors and pulls dL/dW back to them. A `VectorField` joins the
two into one ordinary differential equation dx/dt = -dL/dx for the flat vector x of all factors; an `Integrator` solves
it and knows neither side.

[*d] stands for the sides of W: [rows, columns] for a matrix.
"""

from dmf_core.interfaces.factorization import Factorization, Factors, InitialFactors, Linearize, Pullback, Sample
from dmf_core.interfaces.integrator import Coverage, Covered, Effort, Integrator, Trace
from dmf_core.interfaces.problem import Observations, Problem
from dmf_core.interfaces.vector_field import Step, VectorField
from dmf_core.shapes import Shape

__all__ = [
    "Coverage",
    "Covered",
    "Effort",
    "Factorization",
    "Factors",
    "InitialFactors",
    "Integrator",
    "Linearize",
    "Observations",
    "Problem",
    "Pullback",
    "Sample",
    "Shape",
    "Step",
    "Trace",
    "VectorField",
]
