"""A table of kinds: the classes that can stand at problem.kind, model.kind or integrator.kind. The only list of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Generic, TypeVar, Union, cast

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from dmf_core.errors import BadInput
from dmf_core.formatting import with_article
from dmf_core.settings import Settings

Kind = TypeVar("Kind", bound=Settings)
Registered = TypeVar("Registered", bound=type[Settings])


TABLES: "dict[str, Table[Any]]" = {}  # by section: problem, model, integrator


class Table(Mapping[str, type[Kind]], Generic[Kind]):
    """Classes by kind, in the order in which they are offered. `Annotated[Base, table]` is the union of all of them.

    What was built from the table before a kind came (a pydantic model with such a field) is built again: see `on_change`.
    """

    def __init__(self, section: str, base: type, *classes: type[Kind], says: tuple[str, ...] = ()) -> None:
        """`base` is what all of them are; `says` are attributes without a default that every class has."""
        self.section = section
        self._base, self._says = base, says
        self._classes = {kind_of(each): each for each in classes}
        self._watchers: list[Callable[[], object]] = []
        TABLES[section] = self

    def register(self, added: Registered) -> Registered:
        """Adds a class; a decorator. Raises BadInput when it is not whole, or its kind is taken."""
        name, kind = added.__name__, kind_of(added)
        if not issubclass(added, self._base):
            raise BadInput(f"{name} is no {self._base.__name__}; make it a subclass: class {name}({self._base.__name__}).")
        missing = [*sorted(getattr(added, "__abstractmethods__", ())), *(each for each in self._says if not hasattr(added, each))]
        if missing:
            raise BadInput(f"{name} does not say its {', '.join(missing)}; see {self._base.__name__} for what that is.")
        present = self._classes.get(kind)
        if present is not None and _origin(present) != _origin(added):
            raise BadInput(f"There is already {with_article(self.section)} of kind {kind}; give {name} another kind.")
        self._set({**self._classes, kind: cast(type[Kind], added)})
        return added

    def remove(self, kind: str) -> None:
        """Takes a registered kind away again."""
        self._set({each: value for each, value in self._classes.items() if each != kind})

    def on_change(self, watcher: Callable[[], object]) -> None:
        """Calls `watcher` after every change of the table."""
        self._watchers.append(watcher)

    def _set(self, classes: dict[str, type[Kind]]) -> None:
        self._classes = classes
        for watcher in self._watchers:
            watcher()

    def __getitem__(self, kind: str) -> type[Kind]:
        return self._classes[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)

    def __hash__(self) -> int:
        return id(self)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        union: Any = Union[tuple(self._classes.values())]  # noqa: UP007 (made from a tuple)
        return handler.generate_schema(Annotated[union, Field(discriminator="kind")])


def kind_of(settings: type[Settings]) -> str:
    """The kind of a settings class. Raises BadInput when it has none."""
    field = settings.model_fields.get("kind")
    kind = None if field is None else field.default
    if not isinstance(kind, str) or not kind.isidentifier():
        raise BadInput(f'{settings.__name__} has no kind; give it one like this: kind: Literal["mine"] = "mine".')
    return kind


def name_of(settings: type[Settings]) -> str:
    """What a kind is called in a list: its `label`, else its kind in words."""
    label: str = getattr(settings, "label", "")
    return label or kind_of(settings).replace("_", " ")


def title_of(settings: type[Settings]) -> str:
    """What a kind is called at the beginning of a sentence: its `title`, else its label."""
    title: str = getattr(settings, "title", "")
    label = name_of(settings)
    return title or label[:1].upper() + label[1:]


def _origin(settings: type[Settings]) -> tuple[str, str]:
    return settings.__module__, settings.__qualname__
