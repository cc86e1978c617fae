"""RunSpec: everything that defines a run, checked, frozen, versioned, with a digest."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from dmf_core import limits
from dmf_core.errors import BadInput, Conflict
from dmf_core.integrators import INTEGRATORS, AnyIntegrator
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.interfaces import Factorization
from dmf_core.models import MODELS, AnyModel, usual_model
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.starts import KINDS, Initialization
from dmf_core.problems import PROBLEMS, AnyProblem, makes_tensors, usual_problem
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.registry.plugins import Plugin, check_shared, used_by
from dmf_core.settings import Settings
from dmf_core.validation import incompatibility, one_line, shown

VERSION = 1  # raised when specs of an older version mean another run
ADDED = {
    "problem.pattern": "uniform",
    "problem.mask": None,
    "problem.replacement": False,
    "problem.truth": "low_rank",
    "stop.relative_loss": None,
    "init.relative": False,
}  # settings added since: with these values a spec has the digest that it had before

TYPES = ("int", "tuple[int, ...]")  # how pydantic calls the members of a union in a location
UNSHARED = {"model": "rank"}  # of components, modes or cuts: no number of one kind means anything to another


TABLES: Mapping[str, Mapping[str, Any]] = {"problem": PROBLEMS, "model": MODELS, "init": KINDS, "integrator": INTEGRATORS}


class Stop(Settings):
    """When a run ends; whichever comes first. None: never for this reason."""

    loss: float | None = Field(1e-6, ge=limits.MIN_LOSS, le=limits.MAX_LOSS)
    relative_loss: float | None = Field(None, ge=limits.MIN_RELATIVE_LOSS, le=limits.MAX_RELATIVE_LOSS)  # see Prepared.unit
    time: float | None = Field(None, gt=0, le=limits.MAX_STOP_TIME)  # flow time
    iterations: int | None = Field(None, ge=1, le=limits.MAX_ITERATIONS)
    seconds: float = Field(600.0, gt=0, le=limits.MAX_SECONDS)  # wall clock; a run that needs more has failed


class Save(Settings):
    """Which moments of a run are recorded."""

    snapshots: int = Field(120, ge=limits.MIN_SNAPSHOTS, le=limits.MAX_SNAPSHOTS)  # at most; first and last included


class RunSpec(Settings):
    """A run is a pure function of this. The default is Arora et al. 2019, figure 1: 100 x 100, rank 5, depth 3."""

    version: Literal[1] = 1
    problem: AnyProblem = MatrixCompletion()
    model: AnyModel = DeepMatrix()
    init: Initialization = Initialization()
    integrator: AnyIntegrator = GradientFlow()
    stop: Stop = Stop()
    save: Save = Save()
    seed: int = Field(0, ge=0, le=limits.MAX_SEED)
    dtype: Literal["float32", "float64"] = "float32"
    device: Literal["auto", "cpu", "cuda"] = "auto"

    @model_validator(mode="before")
    @classmethod
    def _named(cls, values: Any) -> Any:
        """A model without a kind is the usual one for the problem, a start without a kind the usual one for the model."""
        if not isinstance(values, dict) or not isinstance(values.get("problem", {}), dict | Settings):
            return values
        model, init = values.get("model", {}), values.get("init", {})
        if isinstance(model, dict) and "kind" not in model:
            model = {"kind": usual_model(makes_tensors(_kind_in(values.get("problem", {})))), **model}
            values = values | {"model": model}
        chosen = MODELS.get(str(_kind_in(model)))
        if chosen is not None and isinstance(init, dict) and "kind" not in init:
            values = values | {"init": {"kind": usual_start(chosen), **init}}
        return values

    @model_validator(mode="after")
    def _fit_each_other(self) -> Self:
        _check_kinds(self)
        return self

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The sides of W; None when only the data know them."""
        return self.problem.sides

    @property
    def needs_inputs(self) -> bool:
        """True when the run cannot be made from this alone, but needs given data or given factors."""
        return self.shape is None or self.init.factors is not None

    @property
    def plugins(self) -> dict[Plugin, list[str]]:
        """The plugins that this run needs, each with its kinds."""
        return used_by((self.problem, self.model, self.integrator))

    def check_workers(self) -> None:
        """Raises BadInput with one sentence when worker processes cannot know one of its kinds."""
        check_shared((self.problem, self.model, self.integrator))

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> Self:
        """The spec with these values, the rest by default. Raises BadInput with one sentence."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise BadInput(explained(error).sentence) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The inverse of `to_json`; keys may be missing. Raises BadInput."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadInput(f'The spec is not valid JSON ({error}); it must be one object like {{"seed": 7}}.') from None
        if not isinstance(values, dict):
            raise BadInput(f'The spec is a JSON {type(values).__name__}; it must be one object like {{"seed": 7}}.')
        return cls.check(values)

    def to_json(self) -> str:
        """Every value, defaults included, in a fixed order."""
        return json.dumps(self.model_dump(mode="json"), indent=2)

    def digest(self) -> str:
        """sha256 of the spec as canonical JSON: equal for equal specs, on every machine."""
        return _digest(self)

    def with_seed(self, seed: int) -> Self:
        """`replaced` for the seed alone, ten times faster: sweeps have thousands."""
        if type(seed) is not int or not 0 <= seed <= limits.MAX_SEED:
            return self.replaced({"seed": seed})
        return self.model_copy(update={"seed": seed})

    def replaced(self, changes: Mapping[str, Any]) -> Self:
        """This spec with values set by path, e.g. {"model.depth": 2}. A new kind keeps the values that it shares.

        From a matrix to a tensor and back nothing of problem, model and start is shared. Raises BadInput.
        """
        values = self.model_dump(mode="json")
        for path in sorted(changes, key=lambda path: (not path.endswith(".kind"), path != "problem.kind")):  # kinds first
            _set(values, path, changes[path])
        return self.check(values)


def _rebuild() -> None:
    RunSpec.model_rebuild(force=True)


for table in (PROBLEMS, MODELS, INTEGRATORS):
    table.on_change(_rebuild)


@lru_cache(maxsize=256)
def _digest(spec: RunSpec) -> str:
    values = spec.model_dump(mode="json")
    for path, usual in ADDED.items():
        section, _, name = path.partition(".")
        if name in values[section] and values[section][name] == usual:
            del values[section][name]
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _set(values: dict[str, Any], path: str, value: Any) -> None:
    head, _, rest = path.partition(".")
    if head not in values or bool(rest) != isinstance(values[head], dict):
        raise BadInput(f"There is no setting {path}; the first part must be one of {', '.join(values)}.")
    if not rest:
        values[head] = value
        return
    section = values[head]
    if rest == "kind" and value != section["kind"]:
        options = kinds(head)
        if value not in options:
            raise BadInput(f"{path} is {value}; it must be one of {', '.join(options)}.")
        if head == "problem" and makes_tensors(value) != makes_tensors(section["kind"]):
            values |= _afresh(value)
            return
        if head == "model":
            _follow(values["init"], options[section["kind"]], options[value])
        if head in ("problem", "model", "integrator"):  # each kind has its own fields
            section = values[head] = _carried(section, options[section["kind"]], options[value], UNSHARED.get(head, ""))
    elif rest not in section:
        raise BadInput(f"{path} does not exist for {_described(head, section)}; it has {', '.join(section)}.")
    section[rest] = value


def example(section: str, kind: str) -> RunSpec:
    """A default run with this kind of problem, model, init or integrator, and with what that needs."""
    needs: dict[str, Any] = {}
    if section == "model":
        needs = {**MODELS[kind].needs} | ({"problem.kind": usual_problem(tensor=True)} if MODELS[kind].tensor else {})
    return RunSpec().replaced({f"{section}.kind": kind} | needs)


def usual_start(model: type[Factorization]) -> str:
    """The kind of start that a model has by default: "gaussian" where it has that, else its first one."""
    usual = str(Initialization.model_fields["kind"].default)
    return usual if usual in model.starts else next(iter(model.starts))


def _kind_in(section: Any) -> Any:
    return section.get("kind") if isinstance(section, dict) else getattr(section, "kind", None)


def _afresh(problem: str) -> dict[str, Any]:
    """Problem, model and start by default, for a kind of problem."""
    spec = RunSpec.model_validate({"problem": {"kind": problem}})
    return {section: getattr(spec, section).model_dump(mode="json") for section in ("problem", "model", "init")}


def _check_kinds(spec: RunSpec) -> None:
    """Raises Conflict where problem, model and start do not fit each other."""
    problem, model, init = spec.problem.kind, spec.model.kind, spec.init.kind
    if spec.model.tensor != spec.problem.tensor:
        thing = "tensors" if spec.model.tensor else "matrices"
        models = [kind for kind, each in MODELS.items() if each.tensor != spec.model.tensor]
        raise Conflict(
            "model.kind",
            f"model.kind is {model}, which makes {thing}, but problem.kind is {problem}; choose {' or '.join(models)} "
            f"as the model, or a problem of {thing}.",
        )
    if init not in spec.model.starts:
        starts = ", ".join(spec.model.starts)
        raise Conflict("init.kind", f"init.kind is {init}, which does not exist for {model}; it must be one of {starts}.")
    if refusal := spec.model.refusal(spec.problem):
        raise Conflict("model.kind", refusal)
    if spec.shape is not None and (wrong := spec.model.incompatibility(spec.shape)):
        raise Conflict("model", wrong)


def _carried(section: Mapping[str, Any], old: type[Settings], new: type[Settings], unshared: str) -> dict[str, Any]:
    """The new kind's values: the old ones where a field has the same name and type, else the defaults."""
    return {
        name: section[name]
        if name in old.model_fields and old.model_fields[name].annotation == field.annotation and name != unshared
        else field.get_default()
        for name, field in new.model_fields.items()
    }


def _follow(init: dict[str, Any], old: type[Factorization], new: type[Factorization]) -> None:
    """The usual start of one model becomes that of another, where that has no start of this kind."""
    if init["kind"] not in new.starts and init["kind"] == usual_start(old):
        init["kind"] = usual_start(new)


def _described(head: str, section: Mapping[str, Any]) -> str:
    return f"{head} {section['kind']}" if "kind" in section else head


def kinds(section: str) -> Mapping[str, Any]:
    """The kinds of problem, model, init or integrator, each with its class."""
    return TABLES.get(section, {})


class Fault(NamedTuple):
    """What is wrong with values: where, and one sentence with path, value, limit and remedy."""

    path: str  # of a setting, or of a section whose settings do not fit each other
    sentence: str
    culprit: str = ""  # the setting of this section that the sentence is about, where it is one


def explained(error: ValidationError, of: type[Settings] = RunSpec) -> Fault:
    """The first error of pydantic."""
    first = error.errors(include_url=False)[0]
    path = ".".join(_words(first["loc"]))
    if first["type"] == "literal_error" and path == "version":
        value = shown(first["input"])
        sentence = f"version is {value}, but this program understands version {VERSION}; update DMF Lab or correct it."
        return Fault(path, sentence)
    sentence = incompatibility(first, path or "The spec", _field(of, path, first["loc"]), kinds(path))
    conflict = first.get("ctx", {}).get("error")
    culprit = conflict.path if isinstance(conflict, Conflict) else ""
    return Fault(path or culprit, one_line(sentence), culprit)


def _words(loc: Sequence[Any]) -> Iterator[str]:
    """The path in a location of pydantic, which also names the kind after its section, and types."""
    for i, part in enumerate(loc):
        if isinstance(part, str) and part not in TYPES and not (i == 1 and part in kinds(str(loc[0]))):
            yield part


def _field(of: type[Settings], path: str, loc: Sequence[Any]) -> FieldInfo | None:
    """The pydantic field of a setting, by its path; None where there is none."""
    section, _, name = path.partition(".")
    own = of.model_fields.get(section)
    if own is None or not name:
        return own
    kind = next((settings for part in loc if isinstance(settings := kinds(section).get(str(part)), type)), own.annotation)
    fields: Mapping[str, FieldInfo] = getattr(kind, "model_fields", {})
    return fields.get(name)


def parse_value(text: str) -> Any:
    """A value as typed on the command line or in an address: JSON where it is JSON, nothing for null, else a word."""
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
