"""The completed matrix or tensor of a run on given data: W at its end in the unit of the data, with the names of its sides."""

import csv
import io
from typing import Any

import numpy as np

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.problems.observed_data import Given
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

ENDINGS = (".csv", ".npy", ".npz")


def can_complete(trajectory: Trajectory, spec: RunSpec, inputs: Inputs) -> bool:
    """Whether the run has given data and an end."""
    return isinstance(spec.problem, Given) and inputs.data is not None and trajectory.end is not None


def completed(trajectory: Trajectory, spec: RunSpec, inputs: Inputs) -> np.ndarray:  # [*d] float64
    """The entries of W, those of given entries included, in the unit of the data. Raises BadInput for a run without data."""
    problem, data, end = spec.problem, inputs.data, trajectory.end
    if not isinstance(problem, Given) or data is None:
        raise BadInput("The run is not about given data, so there is nothing to complete; give some with --data FILE.")
    if end is None:
        raise BadInput("The run has not ended yet; wait for it, or cancel it.")
    return problem.in_unit_of_data(np.asarray(end.end_to_end_last, np.float64), data, trajectory.start.observed_mask)


def names_of(inputs: Inputs) -> tuple[list[str] | None, list[str] | None]:
    """The names of rows and columns as the file gives them, None where it names none."""
    account: dict[str, Any] = inputs.account or {}
    names = account.get("names") or {}
    return names.get("rows"), names.get("columns")


def completed_csv(array: np.ndarray, inputs: Inputs) -> str:
    """A table with its names; of a tensor the list of its entries, with indices from 1."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    if array.ndim > 2:
        writer.writerow([*"ijklmn"[: array.ndim], "value"])
        writer.writerows([*(k + 1 for k in place), repr(float(array[place]))] for place in np.ndindex(array.shape))
        return stream.getvalue()
    rows, columns = names_of(inputs)
    corner = [] if rows is None else [""]
    if columns is not None:
        writer.writerow([*corner, *columns])
    for k, row in enumerate(array):
        writer.writerow([*([] if rows is None else [rows[k]]), *map(repr, row.tolist())])
    return stream.getvalue()


def completed_file(ending: str, trajectory: Trajectory, spec: RunSpec, inputs: Inputs) -> bytes:
    """The same as .csv with names, .npy without, or .npz with `completed` and the names that there are. Raises BadInput."""
    array = completed(trajectory, spec, inputs)
    if ending == ".csv":
        return completed_csv(array, inputs).encode()
    stream = io.BytesIO()
    if ending == ".npy":
        np.save(stream, array, allow_pickle=False)
    elif ending == ".npz":
        named = zip(("rows", "columns"), names_of(inputs), strict=True)
        names = {side: np.array(listed) for side, listed in named if listed is not None}
        np.savez(stream, allow_pickle=False, completed=array, **names)
    else:
        raise BadInput(f"The completed matrix is written as {', '.join(ENDINGS)}, not as {ending or 'a file without an ending'}.")
    return stream.getvalue()
