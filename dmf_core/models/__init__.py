"""The table of factorizations: one file and one line for each."""

from dmf_core.models.deep_matrix import DeepMatrix

MODELS = {"deep_matrix": DeepMatrix}
AnyModel = DeepMatrix
