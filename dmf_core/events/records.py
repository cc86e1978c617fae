"""The kinds of records. Their fields are numbers, codes of rooms and words of the program, never texts of people."""

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

GIVEN = "given"  # in place of the digest of a run of given data: a digest says whether somebody has these data

Source = Literal["memory", "store", "shared", "new"]  # where a run comes from; shared: it waits or runs already


@dataclass(frozen=True)
class Record:
    """What happened. `event` and `level` are those of its line in the log."""

    event: ClassVar[str]
    level: ClassVar[int] = logging.INFO


@dataclass(frozen=True)
class JobRecord(Record):
    """A job has ended."""

    event: ClassVar[str] = "job"
    run: str  # the first eight digits of its digest, or GIVEN
    problem: str
    model: str
    outcome: str
    start: float | None  # seconds since 1970; None where it never began
    end: float
    seconds: float  # from start to end
    waited: float  # seconds from its submission to its start
    first_frame: float | None  # seconds from its submission to the first picture


@dataclass(frozen=True)
class FrameRecord(Record):
    """A run has its first picture. For counting only: no line in the log."""

    event: ClassVar[str] = "frame"
    level: ClassVar[int] = logging.DEBUG
    seconds: float  # since its submission


@dataclass(frozen=True)
class SubmissionRecord(Record):
    """A run was requested. For counting only: it makes no line in the log."""

    event: ClassVar[str] = "submission"
    level: ClassVar[int] = logging.DEBUG
    source: Source


@dataclass(frozen=True)
class RoomRecord(Record):
    """A room of a lecture was opened, deleted, or is driven by another presenter."""

    event: ClassVar[str] = "room"
    what: Literal["open", "close", "handover"]
    code: str
    followers: int


@dataclass(frozen=True)
class RefusalRecord(Record):
    """Somebody was refused. A line stands for `count` refusals of this kind since the line before."""

    event: ClassVar[str] = "refusal"
    level: ClassVar[int] = logging.WARNING
    where: str  # "page", "socket", "message", "run", "metrics", ..
    why: str  # a word of the program
    count: int = 1


@dataclass(frozen=True)
class FaultRecord(Record):
    """Something that must not happen."""

    event: ClassVar[str] = "fault"
    level: ClassVar[int] = logging.ERROR
    where: str  # "run", "analysis", "worker", "export", "thread", ..
    error: str  # the class of an exception, or how a worker died
    run: str = ""
    spec: str = ""  # of the run, as JSON; empty where it is about given data
    traceback: str = ""


def fields_of(event: Record) -> dict[str, Any]:
    """The fields as they are written: moments in UTC, seconds to a tenth of a millisecond."""
    fields = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(event).items()}
    return fields | {name: moment_of(fields[name]) for name in ("start", "end") if fields.get(name) is not None}


def as_text(event: Record) -> str:
    """A line for people, with the traceback below it."""
    fields = {name: value for name, value in fields_of(event).items() if value not in (None, "")}
    places = fields.pop("traceback", "")
    line = " ".join([event.event, *(f"{name}={value}" for name, value in fields.items())])
    return f"{line}\n{places}" if places else line


def moment_of(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
