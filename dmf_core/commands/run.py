"""`run`: from spec, preset, settings and files to a result, and to an archive."""

import argparse
import json
import sys

from dmf_core import archive, limits
from dmf_core.commands.files import Output, content_of
from dmf_core.commands.follow import follow
from dmf_core.commands.words import summary
from dmf_core.data import DataOptions, Recognized, read_factors, recognize
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.presets import preset_spec
from dmf_core.spec import RunSpec, parse_value
from dmf_core.trajectory import Outcome, Trajectory

SPEC_BYTES = 1 << 20


def run(wanted: argparse.Namespace) -> int:
    """Runs, writes, prints. Returns the exit status."""
    given = _data(wanted)
    factors = read_factors(content_of(wanted.factors, limits.UPLOAD_BYTES)) if wanted.factors else None
    inputs = Inputs(given.matrix if given else None, factors)
    spec = _spec(wanted, inputs)
    output = Output(wanted.out) if wanted.out else None
    try:
        trajectory = follow(spec, inputs)
        trouble = _write(output, archive.write(trajectory, spec, inputs)) if output else None
    finally:
        if output:
            output.close()
    if wanted.json:
        print(json.dumps(archive.result(trajectory, spec), allow_nan=False))
    else:
        print(summary(trajectory, spec, given.words if given else None))
        if output and not trouble:
            print(f"Written to {output.path} ({output.path.stat().st_size / 2**20:.1f} MB).")
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    return _status(trajectory)


def _data(wanted: argparse.Namespace) -> Recognized | None:
    if not wanted.data:
        return None
    content = content_of(wanted.data, limits.UPLOAD_BYTES)
    return recognize(wanted.data, content, DataOptions(wanted.data_kind, wanted.image_side))


def _spec(wanted: argparse.Namespace, inputs: Inputs) -> RunSpec:
    """Later ones win: the default, SPEC.json or preset, given files, --set. Raises BadInput."""
    if wanted.spec and wanted.preset:
        raise BadInput("Both SPEC.json and --preset were given; choose one, and change it with --set.")
    spec = RunSpec()
    if wanted.spec:
        text = sys.stdin.buffer.read(SPEC_BYTES) if wanted.spec == "-" else content_of(wanted.spec, SPEC_BYTES)
        spec = RunSpec.from_json(text)
    elif wanted.preset:
        spec = preset_spec(wanted.preset)
    if inputs.data is not None and spec.problem.kind != "observed_data":  # a drawn truth's count means nothing here
        spec = spec.replaced({"problem.kind": "observed_data", "problem.observations": None})
    spec = with_inputs(spec, inputs)
    changes = dict(_change(text) for text in wanted.set)
    return spec.replaced(changes) if changes else spec


def _change(text: str) -> tuple[str, object]:
    path, equals, value = text.partition("=")
    if not path or not equals:
        raise BadInput(f"--set {text} does not say what to set; write PATH=VALUE, for example --set model.depth=2.")
    return path.strip(), parse_value(value.strip())


def _write(output: Output, content: bytes) -> str | None:
    """None, or the sentence that says why the archive could not be written."""
    try:
        output.write(content)
    except OSError as error:
        return f"The run is done, but {output.path} could not be written: {error.strerror}; make room or choose another --out."
    return None


def _status(trajectory: Trajectory) -> int:
    assert trajectory.end is not None  # a run always ends
    if trajectory.end.outcome is Outcome.CANCELLED:
        return 130
    return 0 if trajectory.end.outcome.done else 1
