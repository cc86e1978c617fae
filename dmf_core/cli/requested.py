"""What the arguments ask for: a spec, and the data it needs. Shared by the commands that run."""

import argparse
import sys

from dmf_core import painted_mask
from dmf_core.cli.files import content_of
from dmf_core.cli.user_file import reading_of
from dmf_core.data import Reading, ReadOptions, read
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import in_units_of_data, with_inputs
from dmf_core.presets import preset_spec
from dmf_core.problems import usual_problem
from dmf_core.spec import RunSpec, parse_value

SPEC_BYTES = 1 << 20


def data_of(wanted: argparse.Namespace) -> Reading | None:
    """The given data, read. Raises BadInput."""
    return reading_of(wanted.data, wanted) if wanted.data else None


def spec_of(wanted: argparse.Namespace, inputs: Inputs) -> RunSpec:
    """Later ones win: the default, SPEC.json or preset, given files, --set. Raises BadInput."""
    if wanted.spec and wanted.preset:
        raise BadInput("Both SPEC.json and --preset were given; choose one, and change it with --set.")
    spec, chosen = RunSpec(), set[str]()
    if wanted.spec:
        text = sys.stdin.buffer.read(SPEC_BYTES) if wanted.spec == "-" else content_of(wanted.spec, SPEC_BYTES)
        spec = RunSpec.from_json(text)
        chosen = {f"stop.{name}" for name in spec.stop.model_fields_set} | {f"init.{name}" for name in spec.init.model_fields_set}
    elif wanted.preset:
        spec = preset_spec(wanted.preset)
    changes = _masked(wanted) | dict(_change(text) for text in wanted.set)
    if inputs.data is not None and spec.shape is not None:  # a drawn truth's count and unit mean nothing here
        given = usual_problem(tensor=inputs.data.ndim > 2, needs_data=True)
        spec = spec.replaced({"problem.kind": given, "problem.observations": None})
        spec = in_units_of_data(spec, chosen | set(changes))
    spec = with_inputs(spec, Inputs(inputs.data)).replaced(changes)
    if inputs.factors is not None:  # what they are factors of is known only now
        spec = with_inputs(spec, inputs).replaced(changes)
    if changes.get("problem.mask") and getattr(spec.problem, "mask", None) is None:
        raise BadInput("problem.mask is given, but only problem.pattern=drawn uses one; add --set problem.pattern=drawn.")
    if changes.get("problem.replacement") is True and not getattr(spec.problem, "replacement", False):
        raise BadInput("problem.replacement is true, but a mask names its entries, each once; leave one of the two out.")
    return spec


def _masked(wanted: argparse.Namespace) -> dict[str, object]:
    """The changes that a given mask makes. Raises BadInput."""
    if not wanted.mask:
        return {}
    content = content_of(wanted.mask, SPEC_BYTES)
    mask = painted_mask.from_table(read(content, wanted.mask, ReadOptions("table")).array)
    rows, columns = mask.shape
    return {
        "problem.rows": rows,
        "problem.columns": columns,
        "problem.pattern": "drawn",
        "problem.mask": painted_mask.to_text(mask),
    }


def _change(text: str) -> tuple[str, object]:
    path, equals, value = text.partition("=")
    if not path or not equals:
        raise BadInput(f"--set {text} does not say what to set; write PATH=VALUE, for example --set model.depth=2.")
    return path.strip(), parse_value(value.strip())
