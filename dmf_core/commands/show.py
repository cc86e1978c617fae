"""`show`: what an archive holds."""

import json

from dmf_core import archive
from dmf_core.commands.files import opened
from dmf_core.commands.words import summary


def show(path: str, as_json: bool) -> int:
    """Prints the same as the run did. Raises BadInput."""
    with opened(path) as file:
        run = archive.read(file)
    if as_json:
        print(json.dumps(archive.result(run.trajectory, run.spec), allow_nan=False))
    else:
        print(summary(run.trajectory, run.spec))
        print(f"Written by {str(run.manifest.get('program'))[:60]}.")
    return 0
