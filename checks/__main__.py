"""Every check but the tests, as `make check` runs them: the shortest first, and it ends at the first that fails."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("lint-imports",),
    ("python", "-m", "checks.licences"),
    ("deno", "fmt", "--check"),
    ("deno", "lint"),
    ("deno", "check", "ui"),
    ("mypy",),
    ("python", "-m", "checks.audit"),
)
NO_DENO = "deno does not run here: the JavaScript is neither linted nor type-checked, the tests check its imports and lines"


def main() -> int:
    """The exit status: that of the first check that fails, or 0."""
    deno = _deno_runs()
    if not deno:
        print(NO_DENO, flush=True)
    for command in CHECKS:
        if command[0] == "deno" and not deno:
            continue
        print("+", *command, flush=True)
        if status := subprocess.run([BIN / command[0], *command[1:]], check=False).returncode:
            print(f"This check failed: {' '.join(command)}", flush=True)
            return status
    return 0


def _deno_runs() -> bool:
    try:
        return subprocess.run([BIN / "deno", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
