"""`verify`: does an archive hold what its spec gives?"""

import json
import math
import sys
from typing import Any

from dmf_core import archive
from dmf_core.cli.files import opened
from dmf_core.cli.follow import follow
from dmf_core.errors import Damaged
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory


def verify(path: str, as_json: bool) -> int:
    """Runs it again, prints the verdict. Returns the exit status. Raises BadInput when it is no archive."""
    digest = None
    try:
        with opened(path) as file:
            archived = archive.read(file)
        digest = archived.spec.digest()
        for sentence in archive.other_versions(archived.spec, archived.manifest):
            print(sentence, file=sys.stderr)
        verdict = _verdict(archived)
    except Damaged as error:
        verdict = archive.Verdict(archive.Word.DAMAGED, str(error), ())
    if as_json:
        print(json.dumps(_object(digest, verdict), allow_nan=False))
    else:
        print(verdict.message)
    return 0 if verdict.word.fine else 1


def _verdict(archived: archive.Archive) -> archive.Verdict:
    fresh = archive.assessed_alike(archived, _again(archive.again(archived), archived.inputs))
    verdict = archive.decided(archived, fresh)
    if verdict is not None:
        return verdict
    if sys.stderr.isatty():
        print("Its bits are others. Running it from starts one rounding away, to see what rounding does.", file=sys.stderr)
    return archive.compare(archived, fresh, [_again(*each) for each in archive.rounded(archived, fresh)])


def _again(spec: RunSpec, inputs: Inputs) -> Trajectory:
    trajectory = follow(spec, inputs)
    assert trajectory.end is not None
    if trajectory.end.outcome is Outcome.CANCELLED:
        raise KeyboardInterrupt
    return trajectory


def _object(digest: str | None, verdict: archive.Verdict) -> dict[str, Any]:
    differences = [
        {
            "array": each.array,
            "amount": each.amount if math.isfinite(each.amount) else None,
            "allowed": each.allowed if math.isfinite(each.allowed) else None,
            "unit": each.unit,
        }
        for each in verdict.differences
    ]
    return {"digest": digest, "verdict": verdict.word.value, "message": verdict.message, "differences": differences}
