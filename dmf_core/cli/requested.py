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

SPEC_BYTES = 1 << 20  # of a SPEC.json or a mask: a mask of 100 x 100 takes 20 kB


def data_of(options: argparse.Namespace) -> Reading | None:
    """The given data, read. Raises BadInput."""
    return reading_of(options.data, options) if options.data else None


def spec_of(options: argparse.Namespace, inputs: Inputs) -> RunSpec:
    """Later ones win: the default, SPEC.json or preset, given files, --set. Raises BadInput."""
    if options.spec and options.preset:
        raise BadInput("Both SPEC.json and --preset were given; choose one, and change it with --set.")
    spec, chosen = RunSpec(), set[str]()
    if options.spec:
        text = sys.stdin.buffer.read(SPEC_BYTES) if options.spec == "-" else content_of(options.spec, SPEC_BYTES)
        spec = RunSpec.from_json(text)
        chosen = {f"stop.{name}" for name in spec.stop.model_fields_set} | {f"init.{name}" for name in spec.init.model_fields_set}
    elif options.preset:
        spec = preset_spec(options.preset)
    changes = _masked(options) | dict(_change(text) for text in options.set)
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


def _masked(options: argparse.Namespace) -> dict[str, object]:
    """The changes that a given mask makes. Raises BadInput."""
    if not options.mask:
        return {}
    content = content_of(options.mask, SPEC_BYTES)
    mask = painted_mask.from_table(read(content, options.mask, ReadOptions("table")).array)
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
