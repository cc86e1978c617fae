"""Known vulnerabilities of the installed packages, as `pip-audit` finds them in the index: python -m checks.audit

Exit status: 1 where there is one. Where no index answers, or one that knows no vulnerabilities, one line says so, and it is 0.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REQUEST_SECONDS = "3"  # of one answer of the index
PROBE_SECONDS, AUDIT_SECONDS = 20, 120
PROBED = "jinja2==2.10"  # it has known ones (CVE-2019-10906): an index that names none of them lists none
COMMAND = (sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", REQUEST_SECONDS, "--format", "json")


def reported(arguments: Sequence[str], seconds: float) -> list[dict[str, Any]] | None:
    """One entry for each package; None where the index did not answer in time."""
    try:
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=seconds)
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return packages


def index_answers() -> bool:
    """Whether the index names vulnerabilities of a package that has some: so no other is looked up in vain."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(f"{PROBED}\n")
        packages = reported(["--requirement", str(file), "--no-deps", "--disable-pip"], PROBE_SECONDS)
    return bool(packages) and bool(packages[0].get("vulns"))


def summary(packages: Sequence[dict[str, Any]]) -> tuple[int, str]:
    """(exit status, what to print) of an audit."""
    lines = [
        f"{each['name']} {each['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for each in packages
        for fault in each.get("vulns", [])
    ]
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    unknown = f"; the index does not know {', '.join(skipped)}" if skipped else ""
    lines.append(f"{len(packages) - len(skipped)} packages were audited{unknown}.")
    return (1 if len(lines) > 1 else 0), "\n".join(lines)


def main() -> int:
    packages = reported([], AUDIT_SECONDS) if index_answers() else None
    if packages is None:
        print("Known vulnerabilities were not looked up: no index that lists them answers here.")
        return 0
    status, text = summary(packages)
    print(text)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
