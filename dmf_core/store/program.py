"""Which program computed a run: its version, and a digest of the source that the numbers come from."""

import hashlib
from functools import cache
from pathlib import Path

from dmf_core import __version__

ENGINE = ("problems", "models", "integrators", "measures", "recording", "simulate.py", "prepare.py", "interfaces", "spec.py")


@cache
def program() -> str:
    """Equal for programs that give the same numbers on the same machine; others may give others, within their accuracy."""
    root, sha = Path(__file__).parents[1], hashlib.sha256()
    for name in ENGINE:
        for path in sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]:
            sha.update(path.relative_to(root).as_posix().encode())
            sha.update(path.read_bytes())
    return f"DMF Lab {__version__}, engine {sha.hexdigest()[:8]}"
