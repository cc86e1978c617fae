"""Theory: what is proved about the gradient flow, laid over the run of Explore, each statement with its conditions."""

from ui.controls.sidebar import settings
from ui.views.theory.methods import methods
from ui.views.theory.page import theory

visitor, cost = settings()
theory(visitor, cost)
methods(visitor, cost)
