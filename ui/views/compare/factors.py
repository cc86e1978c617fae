"""What two runs may differ in: every field of the spec, with a name and values to begin with. Read off its schema."""

from collections.abc import Iterator
from typing import Any

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.integrators import usual_integrator
from dmf_core.prepare import check, shape_of
from dmf_core.problems import PROBLEMS
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, kinds
from ui.session.options import alike, schemas

FIRST = (
    "model.depth",
    "init.scale",
    "problem.observations",
    "problem.rank",
    "init.kind",
    "integrator.kind",
    "seed",
    "problem.noise",
    "model.width",
)
SECTIONS = ("problem", "model", "init", "integrator")
BY_DIGEST = {"problem.data", "init.factors", "problem.mask"}  # these come with a file or a drawing
FEW = 10  # so many whole numbers are neighbours, more are a range of sizes
NEIGHBOURS = 20  # below this a size of one more or less is worth a comparison
USUAL = 3  # values to begin with
FROM_ZERO = (0.0, 0.1, 0.3)  # where a range of sizes begins that holds zero


def factors(spec: RunSpec, inputs: Inputs = Inputs()) -> tuple[str, ...]:
    """The paths of every field of which at least two values make a run, the usual ones first."""
    paths = list(_paths(spec))
    ordered = [path for path in FIRST if path in paths] + [path for path in paths if path not in FIRST]
    return tuple(path for path in ordered if len(default_values(spec, path, inputs)) >= limits.MIN_COMPARED)


def _paths(spec: RunSpec) -> Iterator[str]:
    for section in SECTIONS:
        if spec.init.factors is not None and section in ("model", "init"):
            continue  # given factors stand in for them
        if len(kinds(section)) > 1:
            yield f"{section}.kind"
        yield from (f"{section}.{name}" for name in schemas(_settings(spec, section)) if name != "kind")
    yield from ("seed", "dtype")


def value_of(spec: RunSpec, path: str) -> Any:
    """The value at a path of the spec."""
    head, _, rest = path.partition(".")
    return getattr(getattr(spec, head), rest) if rest else getattr(spec, head)


def options(spec: RunSpec, path: str, inputs: Inputs = Inputs()) -> tuple[Any, ...]:
    """All values of a field that has few; of a range of sizes none."""
    head, _, name = path.partition(".")
    if name == "kind":
        present = alike(spec, path, list(kinds(head)))
        if head == "problem":
            own = inputs.data is not None
            present = [kind for kind in present if _as_large(spec, kind) or (PROBLEMS[kind].needs_data and own)]
        return tuple(present)
    schema = _schema(spec, path)
    if "enum" in schema:
        return tuple(schema["enum"])
    if schema.get("type") == "boolean":
        return (False, True)
    low, high = schema.get("minimum"), schema.get("maximum")
    if schema.get("type") == "integer" and low is not None and high is not None and high - low < FEW:
        return tuple(range(low, high + 1))
    return ()


def _as_large(spec: RunSpec, kind: str) -> bool:
    """Another kind of problem of the same size; one of another size would change more than one thing."""
    try:
        return spec.shape is not None and spec.replaced({"problem.kind": kind}).shape == spec.shape
    except BadInput:
        return kind == spec.problem.kind


def default_values(spec: RunSpec, path: str, inputs: Inputs = Inputs()) -> tuple[Any, ...]:
    """Up to three values that make runs, the spec's own among them; empty where the field has no two."""
    if path in BY_DIGEST:
        return ()
    own = value_of(spec, path)
    few = options(spec, path, inputs)
    if few:
        at = few.index(own) if own in few else 0
        first = max(0, at - 2) if isinstance(own, int) and not isinstance(own, bool) else 0
        others = [*few[first:at], *few[at + 1 :]]
        others_first = _making_runs(spec, path, others, inputs)[: USUAL - 1]
        return tuple(value for value in few if value == own or value in others_first)
    usual = [own, *_making_runs(spec, path, _sizes(spec, path, inputs), inputs)[: USUAL - 1]]
    return in_order(spec, path, usual)


def offered(spec: RunSpec, path: str, chosen: tuple[Any, ...], inputs: Inputs = Inputs()) -> tuple[Any, ...]:
    """What the control offers: all values of a field that has few, else sizes around the spec's own."""
    few = options(spec, path, inputs)
    if few:
        return few
    return in_order(spec, path, [value_of(spec, path), *_making_runs(spec, path, _sizes(spec, path, inputs), inputs), *chosen])


def in_order(spec: RunSpec, path: str, values: list[Any] | tuple[Any, ...]) -> tuple[Any, ...]:
    """Each value once: in the order of the options, or rising with nothing (the default size) last."""
    few = options(spec, path)
    if few:
        return tuple(value for value in few if value in values)
    return tuple(sorted(dict.fromkeys(values), key=lambda value: (value is None, 0 if value is None else value)))


def spec_with(spec: RunSpec, path: str, value: Any, inputs: Inputs = Inputs()) -> RunSpec:
    """The spec with this one value changed. Raises BadInput when it makes no run."""
    changed = spec.replaced({path: value})
    if path == "problem.replacement" and value_of(changed, path) != value:
        raise BadInput(f"{path} is {value}, but a painted mask names its entries, each once; choose another pattern first.")
    if path == "problem.observations" and value_of(changed, path) != value:
        raise BadInput(
            f"{path} is {value}, but a painted mask has {value_of(changed, path)} observed entries; paint another one."
        )
    shape = check(changed, inputs)
    unknowns = changed.model.unknowns(shape)
    most = changed.integrator.most_unknowns
    if most is not None and unknowns > most:
        raise BadInput(
            f"{path} is {value}, but the factors have {unknowns} entries and {changed.integrator.kind} solves at most "
            f"{most}; choose {usual_integrator()}, or a smaller matrix."
        )
    return changed


def _making_runs(spec: RunSpec, path: str, values: list[Any], inputs: Inputs) -> list[Any]:
    possible = []
    for value in values:
        try:
            spec_with(spec, path, value, inputs)
        except BadInput:
            continue
        possible.append(value)
    return possible


def _sizes(spec: RunSpec, path: str, inputs: Inputs) -> list[Any]:
    """Values of other sizes than the spec's own, the most telling first."""
    own, schema = value_of(spec, path), _schema(spec, path)
    if isinstance(own, tuple):  # sides and ranks of a tensor: typed, not offered
        return []
    if path == "seed":
        return [own + i for i in (1, 2, 3, 4)]
    if own is None:  # the default size: a width is then the smaller side, observations are all that are given
        own = (
            min(shape_of(spec, inputs))
            if path in ("model.width", "model.rank")
            else 2 * ((spec.model.layers or 1) if inputs.data is None else 50)
        )
        return [max(1, own // 2), max(1, own // 4), max(1, own // 8), own]
    if schema["type"] == "integer":
        steps = [own // 2, own * 2, own // 4, own * 4] + ([own + 1, own - 1] if own < NEIGHBOURS else [])
    elif own == 0:
        steps = list(FROM_ZERO[1:])
    else:
        steps = [float(f"{own * factor:.6g}") for factor in (0.1, 10.0, 0.01, 100.0, 0.001)]
    return [value for value in dict.fromkeys(steps) if value != own and value >= schema.get("minimum", 0) and value > 0]


def _schema(spec: RunSpec, path: str) -> dict[str, Any]:
    head, _, name = path.partition(".")
    properties = schemas(_settings(spec, head)) if name else schemas(RunSpec)
    schema: dict[str, Any] = properties[name or head]
    numeric = [each for each in schema.get("anyOf", []) if each.get("type") in ("integer", "number")]
    return numeric[0] if numeric else schema


def _settings(spec: RunSpec, section: str) -> type[Settings]:
    settings: type[Settings] = type(getattr(spec, section))
    return settings
