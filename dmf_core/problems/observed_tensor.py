"""Completion of the user's own tensor: training uses some of the given entries, the others are held out to measure its error."""

from typing import ClassVar, Literal

from dmf_core.problems.observed_data import Given


class ObservedTensor(Given):
    """A tensor with unknown entries."""

    kind: Literal["observed_tensor"] = "observed_tensor"
    noun: ClassVar[str] = "tensor"
    tensor: ClassVar[bool] = True
    unknowable: ClassVar[bool] = True
    label: ClassVar[str] = "your own tensor"
