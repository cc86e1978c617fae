"""Values of settings as people read and type them, and the values that a setting can be changed to."""

from functools import cache
from typing import Any

from dmf_core.interfaces import InitialFactors
from dmf_core.problems.tensor_truth import FORMATS
from dmf_core.registry import name_of
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, kinds

OPTIONS = {  # values of fields that are no kinds
    "uniform": "anywhere",
    "disconnected": "two blocks, nothing between",
    "block": "all but one block",
    "banded": "near the diagonal",
    "empty_row": "not in the first row",
    "drawn": "painted by hand",
    "low_rank": "low rank",
    "sparse": "sparse",
} | {name: each.label for name, each in FORMATS.items()}


def option(path: str, value: Any) -> str:
    """A value of a field as it is read in a list."""
    section, _, name = path.partition(".")
    settings = kinds(section).get(str(value)) if name == "kind" else None
    if isinstance(settings, InitialFactors):
        return settings.label
    return OPTIONS.get(str(value), str(value)) if settings is None else name_of(settings)


def alike(spec: RunSpec, path: str, options: list[Any]) -> list[Any]:
    """The kinds that a run of a matrix, or of a tensor, can change to."""
    if path == "init.kind":
        return [kind for kind in options if kind in spec.model.starts]
    if path not in ("problem.kind", "model.kind"):
        return options
    table = kinds(path.partition(".")[0])
    return [kind for kind in options if getattr(table[kind], "tensor", False) == spec.model.tensor]


def numbers(text: Any) -> tuple[int, ...]:
    """16, 16, 16 as typed: commas, spaces or crosses between; empty where it is no such list."""
    if not isinstance(text, str):
        return tuple(text)
    parts = text.replace("×", " ").replace("x", " ").replace(",", " ").split()
    return tuple(int(part) for part in parts) if all(part.isdecimal() and len(part) < 10 for part in parts) else ()


def as_text(ranks: Any) -> str:
    """3 or 3, 3, 4; empty for nothing."""
    return "" if ranks is None else str(ranks) if isinstance(ranks, int) else ", ".join(str(each) for each in ranks)


@cache
def schemas(settings: type[Settings]) -> dict[str, Any]:
    """Types and limits of the fields; made once for each class, because it takes longer than the rest of a rerun."""
    properties: dict[str, Any] = settings.model_json_schema()["properties"]
    return properties
