"""`--completed`: the completed data of a run in a file of its own."""

from pathlib import Path

from dmf_core.archive import completed_file
from dmf_core.archive.completed import ENDINGS
from dmf_core.cli.files import Output, cannot
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory


def check_completed(path: str, inputs: Inputs) -> None:
    """Refuses what cannot be written, before a run begins. Raises BadInput."""
    if inputs.data is None:
        raise BadInput("--completed needs data to complete; give some with --data FILE.")
    if not path.lower().endswith(ENDINGS):
        raise BadInput(f"--completed is {path[:60]}; its ending must be one of {', '.join(ENDINGS)}.")


def write_completed(path: str, trajectory: Trajectory, spec: RunSpec, inputs: Inputs) -> None:
    """Writes the completed data of a run, in the format that the file's ending names. Raises BadInput."""
    output = Output(path)
    try:
        output.write(completed_file(Path(path).suffix.lower(), trajectory, spec, inputs))
    except OSError as error:
        raise cannot("write", path, error) from None
    finally:
        output.close()
