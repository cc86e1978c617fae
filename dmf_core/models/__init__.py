"""The table of factorizations: one file and one line for each."""

from typing import Annotated, TypeAlias

from dmf_core.interfaces import Factorization
from dmf_core.models.cp import CP
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.hadamard import Hadamard
from dmf_core.models.hierarchical_tucker import HierarchicalTucker
from dmf_core.models.starts import KINDS
from dmf_core.models.symmetric import Symmetric
from dmf_core.models.tensor_train import TensorTrain
from dmf_core.models.tucker import Tucker
from dmf_core.registry import Table, name_of

MODELS: Table[Factorization] = Table(
    "model",
    Factorization,
    DeepMatrix,
    Symmetric,
    Hadamard,
    CP,
    Tucker,
    TensorTrain,
    HierarchicalTucker,
    says=("starts",),
)
AnyModel: TypeAlias = Annotated[Factorization, MODELS]
register = MODELS.register  # a decorator for a class of one's own


def _collect_starts() -> None:
    KINDS.clear()
    for model in MODELS.values():
        KINDS.update({kind: start for kind, start in model.starts.items() if kind not in KINDS})


_collect_starts()
MODELS.on_change(_collect_starts)


def described(model: Factorization) -> str:
    """The model in words: what it is called, and its depth."""
    return name_of(type(model)) + ("" if model.layers is None else f" of depth {model.layers}")


def usual_model(tensor: bool) -> str:
    """The kind of model that a problem of tensors, or of matrices, has by default: the first one in the table."""
    return next(kind for kind, model in MODELS.items() if model.tensor == tensor)
