"""Licences of all that requirements.txt and requirements-dev.txt install, as the packages state them: docs/licences.md

python -m checks.licences           says what is not allowed, or not in the table; exit status 1 then
python -m checks.licences --write   writes the table
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "licences.md"
RUN, TEST = "run", "test"
FILES = {RUN: "requirements.txt", TEST: "requirements-dev.txt"}

ALLOWED = frozenset(
    {
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "0BSD",
        "ISC",
        "Apache-2.0",
        "PSF-2.0",
        "BSL-1.0",
        "Zlib",
        "CC0-1.0",
        "CNRI-Python",
        "LLVM-exception",
        "MPL-2.0",  # asks for the source of changed files of the package itself
    }
)  # all let the program be used, changed and sold
NAMES = {  # as classifiers and free texts write them
    "mit license": "MIT",
    "bsd license": "BSD",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
STATED = {"axe-playwright-python": "MIT"}  # in its LICENSE file alone
ELSEWHERE = ("nvidia-", "triton", "cuda-")  # with a CUDA build of torch: under NVIDIA's own terms, installed by whoever wants it
HEAD = """# Licences

DMF Lab is under the MIT licence. What it installs, and under which licence, as each package states it. This table is written by
`python -m checks.licences --write`; `make check` compares it with what is installed, and refuses a licence that is not one of
{allowed}.

A CUDA build of torch brings packages of NVIDIA under NVIDIA's own terms; the CPU build, which `deploy/Dockerfile` takes, brings
none.

| package | licence | needed to |
| --- | --- | --- |
"""


@dataclass(frozen=True)
class Package:
    """One line of the table."""

    name: str
    licence: str
    purpose: str  # RUN or TEST

    @property
    def line(self) -> str:
        return f"| {self.name} | {self.licence} | {self.purpose} |"

    @property
    def allowed(self) -> bool:
        parts = re.split(r"\s+(?:AND|OR|WITH)\s+|[()\s]+", self.licence)
        return all(part in ALLOWED for part in parts if part)


def licence_of(package: metadata.PackageMetadata) -> str:
    """In the words of SPDX where that is possible; "unknown" where the package says nothing."""
    expression = package.get("License-Expression")
    if expression:
        return expression
    free = (package.get("License") or "").strip()
    classified = [each.rpartition("::")[2].strip() for each in package.get_all("Classifier") or [] if each.startswith("License")]
    stated = [free] if free and len(free) <= 40 and "\n" not in free else classified
    names = sorted({NAMES.get(each.lower(), each) for each in stated})
    return " OR ".join(names) or STATED.get(canonicalize_name(package["Name"]), "unknown")


def requirements(file: Path) -> Iterator[Requirement]:
    """What a file asks for here, without the other files that it names."""
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and not text.startswith("-"):
            yield Requirement(text)


def closure(roots: Iterator[Requirement]) -> dict[str, metadata.Distribution]:
    """The installed packages that these need, with all that those need, by canonical name."""
    packages: dict[str, metadata.Distribution] = {}
    waiting = [each for each in roots if _applies(each)]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in packages:
            continue
        try:
            packages[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        needs = [Requirement(text) for text in packages[name].requires or []]
        waiting += [each for each in needs if _applies(each, requirement.extras)]
    return packages


def _applies(requirement: Requirement, extras: set[str] | frozenset[str] = frozenset()) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras})


def installed() -> list[Package]:
    """Everything, what is needed to run first in its purpose, by name."""
    run = closure(requirements(ROOT / FILES[RUN]))
    both = {**closure(requirements(ROOT / FILES[TEST])), **run}
    return [
        Package(name, licence_of(both[name].metadata), RUN if name in run else TEST)
        for name in sorted(both)
        if not name.startswith(ELSEWHERE)
    ]


def table(packages: list[Package]) -> str:
    return HEAD.format(allowed=", ".join(sorted(ALLOWED))) + "\n".join(package.line for package in packages) + "\n"


def complaints(packages: list[Package], text: str) -> list[str]:
    """What is not allowed, and what of these is not in the table; a package of another system may be in it besides."""
    lines = text.splitlines()
    wrong = [f"{each.name} is under {each.licence}, which is not allowed." for each in packages if not each.allowed]
    missing = [f"docs/licences.md lacks: {each.line}" for each in packages if each.line not in lines]
    return wrong + missing


def main(arguments: list[str]) -> int:
    packages = installed()
    if "--write" in arguments:
        TABLE.write_text(table(packages), encoding="utf-8")
    wrong = complaints(packages, TABLE.read_text(encoding="utf-8"))
    print("\n".join(wrong) or f"{len(packages)} packages, all under licences that are allowed.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
