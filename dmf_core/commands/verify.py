"""`verify`: does an archive hold what its spec gives?"""

import json
import math
from typing import Any

from dmf_core import archive
from dmf_core.commands.files import opened
from dmf_core.commands.follow import follow
from dmf_core.trajectory import Outcome


def verify(path: str, as_json: bool) -> int:
    """Runs it again, prints the verdict. Returns the exit status."""
    with opened(path) as file:
        kept = archive.read(file)
    fresh = follow(archive.again(kept), kept.inputs)
    assert fresh.end is not None
    if fresh.end.outcome is Outcome.CANCELLED:
        raise KeyboardInterrupt
    verdict = archive.compare(kept, fresh)
    if as_json:
        print(json.dumps(_object(kept, verdict), allow_nan=False))
    else:
        print(verdict.message)
    return 1 if verdict.word is archive.Word.DIFFERENT else 0


def _object(kept: archive.Archive, verdict: archive.Verdict) -> dict[str, Any]:
    differences = [
        {
            "array": each.array,
            "amount": each.amount if math.isfinite(each.amount) else None,
            "allowed": each.allowed,
            "unit": each.unit,
        }
        for each in verdict.differences
    ]
    digest = kept.spec.digest()
    return {"digest": digest, "verdict": verdict.word.value, "message": verdict.message, "differences": differences}
