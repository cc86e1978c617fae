"""What phones and presenters may send over their socket. Everything else is refused and counts as a message."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from dmf_core import limits
from dmf_core.settings import Settings
from ui.player.view import View

Role = Literal["projector", "desk"]
Height = Annotated[int, Field(strict=True, ge=0, le=100)]  # per cent of the top
Sketch = Annotated[tuple[Height, ...], Field(min_length=limits.LECTURE_SKETCH_POINTS, max_length=limits.LECTURE_SKETCH_POINTS)]
Value = bool | int | Annotated[float, Field(allow_inf_nan=False)] | Annotated[str, Field(max_length=60)] | None  # of a setting
Place = Annotated[float, Field(ge=0, le=1)]


class Time(Settings):
    """Asks for the server's clock; also a sign of life."""

    kind: Literal["time"] = Field(alias="is")
    t: float


class Me(Settings):
    """The browser says under which name it answers; empty: it has none yet."""

    kind: Literal["me"] = Field(alias="is")
    voter: str = Field("", max_length=80)


class Answering(Settings):
    """An answer to the question of a scene."""

    kind: Literal["answer"] = Field(alias="is")
    scene: int = Field(ge=0, lt=limits.LECTURE_SCENES)
    value: int | float | Sketch


class Present(Settings):
    """Asks to be a presenter; the first one drives."""

    kind: Literal["present"] = Field(alias="is")
    key: str = Field(max_length=200)
    role: Role


class Drive(Settings):
    """A presenter takes the lecture over."""

    kind: Literal["drive"] = Field(alias="is")


class Do(Settings):
    """What the driver wants done; only what its `what` needs is read."""

    kind: Literal["do"] = Field(alias="is")
    what: Literal[
        "next",
        "previous",
        "scene",
        "play",
        "pause",
        "lock",
        "reveal",
        "view",
        "blank",
        "point",
        "change",
        "script",
    ]
    scene: int = Field(0, ge=0, lt=limits.LECTURE_SCENES)
    frame: float = Field(0.0, ge=0, lt=limits.MAX_SNAPSHOTS)
    view: View = View()
    on: bool = False
    place: tuple[Place, Place] | None = None
    path: str = Field("", max_length=60)
    value: Value = 0


Message = Annotated[Time | Me | Answering | Present | Drive | Do, Field(discriminator="kind")]
_MESSAGES: TypeAdapter[Any] = TypeAdapter(Message)


def parse(text: str) -> Time | Me | Answering | Present | Drive | Do | None:
    """The message in a text; None of anything else."""
    if len(text.encode("utf-8", "replace")) > limits.LECTURE_MESSAGE_BYTES:
        return None
    try:
        values = json.loads(text, parse_constant=_refuse)
        message: Time | Me | Answering | Present | Drive | Do = _MESSAGES.validate_python(values)
    except (ValueError, ValidationError, RecursionError):
        return None
    return message


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")
