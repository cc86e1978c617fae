"""The defaults that a link of each version relies on: one frozen file per version of RunSpec.

A link holds only what differs from its version's file, so it keeps its meaning when a default changes. The file of
the present version must equal `present()` (tests/ui/session/test_share.py); it gains lines with a new setting or kind. A changed
default raises dmf_core.spec.VERSION: `present()` then gives the next file, and in the older ones `renamed` maps the
paths of then to those of now, `changed` says of a path what it meant then.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dmf_core.models import usual_model
from dmf_core.models.starts import Initialization
from dmf_core.problems import makes_tensors
from dmf_core.spec import VERSION, RunSpec, example, kinds
from ui.player.view import View

HERE = Path(__file__).parent
KINDED = ("problem", "model", "init", "integrator")


@dataclass(frozen=True)
class Past:
    """The defaults of one version, by path, and what became of its settings since."""

    defaults: Mapping[str, Any]
    by_kind: Mapping[str, Mapping[str, Any]]  # "problem.matrix_sensing" -> the section's values, by path
    view: Mapping[str, Any]
    renamed: Mapping[str, str] = field(default_factory=dict)  # path then -> path now
    changed: Mapping[str, str] = field(default_factory=dict)  # path now -> one sentence

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every value of the run that `given` stands for, by path: the defaults of its kinds, then what is given."""
        values = {path: value for path, value in self.defaults.items() if path.partition(".")[0] not in KINDED}
        for section in KINDED:
            usual = self.defaults[f"{section}.kind"]
            if section == "model":
                usual = usual_model(makes_tensors(values["problem.kind"]))
            kind = given.get(f"{section}.kind", usual)
            values |= self.by_kind.get(f"{section}.{kind}") or _added(section, kind) or self.by_kind[f"{section}.{usual}"]
        return values | dict(given)


@cache
def pasts() -> dict[int, Past]:
    """Every version that a link may have, the present one included."""
    return {version: Past(**json.loads((HERE / f"{version}.json").read_text())) for version in range(1, VERSION + 1)}


def present() -> dict[str, Any]:
    """The file of this version, made from the classes: {"defaults": .., "by_kind": .., "view": ..}."""
    return {
        "defaults": flat(RunSpec().model_dump(mode="json", exclude={"version"})),
        "by_kind": {f"{section}.{kind}": _section(section, kind) for section in KINDED for kind in kinds(section)},
        "view": View().model_dump(mode="json"),
    }


def _section(section: str, kind: str) -> dict[str, Any]:
    if section == "init":  # a start has no settings of its own kind
        return flat({section: Initialization(kind=kind).model_dump(mode="json")})
    return flat({section: example(section, kind).model_dump(mode="json")[section]})


def _added(section: str, kind: Any) -> dict[str, Any]:
    """The values of a kind that a plugin brought and no file here lists; empty where the kind is unknown."""
    return _section(section, kind) if isinstance(kind, str) and kind in kinds(section) else {}


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values by path: {"model": {"depth": 3}} as {"model.depth": 3}."""
    values_by_path: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            values_by_path |= flat(value, f"{prefix}{key}.")
        else:
            values_by_path[prefix + key] = value
    return values_by_path


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `flat`."""
    sections: dict[str, Any] = {}
    for path, value in values.items():
        section, _, name = path.partition(".")
        if name:
            sections.setdefault(section, {})[name] = value
        else:
            sections[section] = value
    return sections
