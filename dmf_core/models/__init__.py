"""The table of factorizations: one file and one line for each."""

from typing import Annotated

from pydantic import Field

from dmf_core.models.cp import CP
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.hierarchical_tucker import HierarchicalTucker
from dmf_core.models.tensor_train import TensorTrain
from dmf_core.models.tucker import Tucker

MODELS: dict[str, type[DeepMatrix] | type[CP] | type[Tucker] | type[TensorTrain] | type[HierarchicalTucker]] = {
    "deep_matrix": DeepMatrix,
    "cp": CP,
    "tucker": Tucker,
    "tensor_train": TensorTrain,
    "hierarchical_tucker": HierarchicalTucker,
}
AnyModel = Annotated[DeepMatrix | CP | Tucker | TensorTrain | HierarchicalTucker, Field(discriminator="kind")]
