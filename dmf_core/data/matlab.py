"""Files of MATLAB (v4, v5), read by SciPy in a process of its own.

scipy.io.loadmat ends the whole process (segmentation fault, SciPy 1.17.1) on some damaged files; a server must outlive that.
"""

import io
import json
import math
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dmf_core.data.arrays import BYTES, UNLISTED, Loaded, chosen_part, entries_of, sides_fit
from dmf_core.data.cells import short
from dmf_core.data.npy import read_npy
from dmf_core.data.reading import Ambiguous, Choice
from dmf_core.errors import BadInput
from dmf_core.events import FaultRecord, record
from dmf_core.events.log import places_of
from dmf_core.formatting import whole

SECONDS = 60  # that the reading may take
DAMAGED = "The MATLAB file cannot be read; it is damaged, or not complete: save it again with save(name, 'A', '-v7')."
UNREAD = (
    "The MATLAB file was not read because of an error in the program, which is now in the log; save the matrix as NPY or CSV."
)
PROGRAM = b"error in the program\n"  # what the child writes before the places of an error that is not the file's
NO_NUMBERS = ("char", "cell", "struct", "object", "function")


def from_mat(content: bytes, part: str | None) -> Loaded:
    """The chosen variable, or the only one that is a matrix or tensor. Raises BadInput, Ambiguous."""
    root = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "dmf_core.data.matlab", *([part] if part is not None else [])]
    try:
        child = subprocess.run(
            command, input=content, capture_output=True, timeout=SECONDS, env=os.environ | {"PYTHONPATH": search}, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadInput(f"The MATLAB file was not read within {SECONDS} s; save the matrix as NPY or CSV.") from None
    head, _, body = child.stdout.partition(b"\n")
    _, program, error = child.stderr.partition(PROGRAM)
    if program:
        places = error.decode(errors="replace").strip()
        record(FaultRecord("matlab", places.rpartition("\n")[2], traceback=places))
        raise BadInput(UNREAD)
    if child.returncode != 0 or not head:
        raise BadInput(DAMAGED)
    result: dict[str, Any] = json.loads(head)
    if "refusal" in result:
        raise BadInput(result["refusal"])
    if "choices" in result:
        raise Ambiguous("The file holds several variables", *(Choice(*each) for each in result["choices"]))
    arrays = []
    for size in result["sizes"]:
        arrays.append(read_npy(body[:size], "The variable").copy())
        body = body[size:]
    notes, chosen, names = tuple(result["notes"]), result["part"], tuple(result["parts"])
    if len(arrays) == 1:
        return Loaded(arrays[0], "MATLAB", notes, chosen, names)
    rows, columns, values, shape = arrays
    entries = entries_of(rows, columns, values, (int(shape[0]), int(shape[1])))
    return Loaded(entries, "MATLAB", (*notes, UNLISTED), chosen, names)


def answer(content: bytes, part: str | None) -> bytes:
    """What the child says: a line of JSON, then arrays as NPY."""
    try:
        arrays, notes, chosen, names = _load(content, part)
    except Ambiguous as error:
        return json.dumps({"choices": [(choice.reading, dict(choice.options)) for choice in error.choices]}).encode() + b"\n"
    except BadInput as error:
        return json.dumps({"refusal": str(error)}).encode() + b"\n"
    packed = []
    for array in arrays:
        stream = io.BytesIO()
        np.save(stream, array, allow_pickle=False)
        packed.append(stream.getvalue())
    head = {"sizes": list(map(len, packed)), "notes": notes, "part": chosen, "parts": names}
    return json.dumps(head).encode() + b"\n" + b"".join(packed)


def _guarded(load: Callable[[], Any]) -> Any:
    """What SciPy returns. Raises BadInput for whatever it raises."""
    try:
        return load()
    except Exception:  # on broken files it is nearly everything
        raise BadInput(DAMAGED) from None


def main() -> None:
    """The child. Of an error of the program it says the places, without the words, which may quote the file."""
    try:
        sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else None))
    except Exception as error:
        sys.stderr.buffer.write(PROGRAM + places_of(error).encode())
        sys.exit(1)


def _load(content: bytes, part: str | None) -> tuple[list[np.ndarray], list[str], str, list[str]]:
    """The array, or rows, columns, values and shape of a sparse one; notes; its name, and the names of all variables."""
    from scipy.io import loadmat, whosmat  # a third of a second that others do not wait for

    warnings.simplefilter("ignore")
    listed = _guarded(lambda: whosmat(io.BytesIO(content)))
    shapes = {name: tuple(shape) for name, shape, kind in listed if kind not in NO_NUMBERS}
    sparse = {name for name, _, kind in listed if kind == "sparse"}
    fitting = {name: shape for name, shape in shapes.items() if sides_fit(shape)}
    names = [name for name, _, _ in listed]
    chosen = chosen_part(part, names, fitting, "variable")
    if chosen not in shapes:
        raise BadInput(f"The variable {short(chosen)} holds no numbers; choose another one with --data-part.")
    if chosen not in sparse and math.prod(shapes[chosen]) * 8 > BYTES:
        raise BadInput(f"The variable {short(chosen)} has {whole(math.prod(shapes[chosen]))} entries; give a smaller one.")
    value = _guarded(lambda: loadmat(io.BytesIO(content), variable_names=[chosen])[chosen])
    notes = [f"Of {len(listed)} variables, {short(chosen)} was read."] if len(listed) > 1 else []
    if chosen in sparse:
        matrix = _guarded(value.tocoo)
        shape = np.array(matrix.shape, np.int64)
        return [matrix.row.astype(np.int64), matrix.col.astype(np.int64), np.asarray(matrix.data), shape], notes, chosen, names
    return [np.asarray(value)], notes, chosen, names


if __name__ == "__main__":
    main()
