"""Theory: what is proved about the gradient flow, laid over the run of Explore, each statement with its conditions."""

from ui.methods import methods
from ui.sidebar import settings
from ui.theory import theory

visitor, cost = settings()
theory(visitor, cost)
methods(visitor, cost)
