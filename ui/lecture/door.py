"""The way from the threads of pages to the hall of this process. No hall: the server was started without it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from dmf_core.errors import BadInput
from dmf_core.trajectory import Trajectory
from ui.lecture import keys
from ui.lecture.answer_book import Answer
from ui.lecture.hall import Hall
from ui.lecture.handout import handout
from ui.lecture.script import Lecture
from ui.lecture.stills_pdf import stills_pdf
from ui.lecture.tally import answer_text

SECONDS = 10.0  # until the event loop must have answered
Result = TypeVar("Result")
_hall: Hall | None = None


def open_hall(hall: Hall | None) -> None:
    """Called by the server when it starts and when it ends."""
    global _hall
    _hall = hall


def hall() -> Hall | None:
    """The hall of this process."""
    return _hall


@dataclass(frozen=True)
class RoomLine:
    """A room as the page lists it."""

    code: str
    title: str
    made: float  # seconds since 1970
    here: int
    answers: int
    ready: int  # runs that phones can fetch
    runs: int
    address: str


class Door:
    """Every method may be called from any thread but that of the event loop."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    def open(self, script: str, address: str) -> str:
        """The code of a new room. Raises BadInput."""
        return self._call(lambda: self._hall.open(script, address))

    def delete(self, code: str) -> None:
        self._call(lambda: self._hall.delete(code))

    def move_to(self, code: str, address: str) -> None:
        self._call(lambda: self._hall.move_to(code, address))

    def is_host(self, token: str) -> bool:
        return keys.is_host(self._hall.book.secret, token)

    def key(self, code: str) -> str:
        return keys.presenter_key(self._hall.book.secret, code)

    def rooms(self) -> list[RoomLine]:
        """The newest first."""

        def lines() -> list[RoomLine]:
            result = []
            for code, live in self._hall.live.items():
                digests = {scene.spec.digest() for scene in live.room.lecture.scene}
                ready = len(digests & set(live.room.runs))
                answers = sum(map(len, live.answers.values()))
                title = live.room.lecture.title
                result.append(RoomLine(code, title, live.made, live.here, answers, ready, len(digests), live.address))
            return sorted(result, key=lambda line: -line.made)

        return self._call(lines)

    def answers(self, code: str) -> list[tuple[int, str, str]]:
        """(scene from 1, question, answer) of a room, without the names of the browsers."""

        def rows() -> list[tuple[int, str, str]]:
            live = self._hall.live[code]
            result = []
            for scene, answers in sorted(live.answers.items()):
                question = live.room.lecture.scene[scene].question
                if question is not None:
                    texts = [answer_text(question, value) for value in answers.values()]
                    result += [(scene + 1, question.text, text) for text in sorted(texts)]
            return result

        return self._call(rows)

    def handout(self, code: str) -> bytes:
        """The lecture of a room whose runs are all ready, as one file with its answers. Raises BadInput where one failed."""

        def parts() -> tuple[Lecture, dict[int, list[Answer]]]:
            live = self._hall.live[code]
            return live.room.lecture, {scene: list(each.values()) for scene, each in live.answers.items()}

        lecture, answers = self._call(parts)
        return handout(lecture, self._runs(lecture), answers)

    def stills(self, code: str) -> bytes:
        """The same as a PDF, a still for every scene. Raises BadInput where a run failed."""
        lecture = self._call(lambda: self._hall.live[code].room.lecture)
        return stills_pdf(lecture, self._runs(lecture))

    def _runs(self, lecture: Lecture) -> dict[str, Trajectory]:
        runs: dict[str, Trajectory] = {}
        for digest, spec in {scene.spec.digest(): scene.spec for scene in lecture.scene}.items():
            run = self._hall.preparing.run(spec)
            if run is None:
                raise BadInput("A run of this lecture could not be computed, so there is no handout.")
            runs[digest] = run
        return runs

    def _call(self, action: Callable[[], Result]) -> Result:
        async def run() -> Result:
            return action()

        return asyncio.run_coroutine_threadsafe(run(), self._hall.loop).result(SECONDS)
