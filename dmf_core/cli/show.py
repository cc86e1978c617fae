"""`show`: what an archive holds."""

import json

from dmf_core import archive
from dmf_core.cli.completed import write_completed
from dmf_core.cli.files import opened
from dmf_core.cli.words import as_json, summary


def show(path: str, wants_json: bool, completed: str | None = None) -> int:
    """Prints the same as the run did; writes its completed data to a file. Raises BadInput where hashes or digests do not fit."""
    with opened(path) as file:
        run = archive.read(file)
    if completed:
        write_completed(completed, run.trajectory, run.spec, run.inputs)
    if wants_json:
        print(json.dumps(as_json(run.trajectory, run.spec, run.inputs), allow_nan=False))
    else:
        account = run.inputs.account
        words = " ".join([account["sentence"], *account["notes"]]) if account else None
        print(summary(run.trajectory, run.spec, words))
        for sentence in archive.other_versions(run.spec, run.manifest):
            print(sentence)
        print(f"Written by {str(run.manifest.get('program'))[:60]}.")
        print("Every part has the hash that the manifest names, and the digest is that of the settings; verify runs it again.")
    return 0
