"""Messages of sockets: phones, presenters and strangers say what they like, and the room goes on.

What must hold after each one: nobody without the key drives, the audience has neither notes nor counts nor the solution before
their time, nobody's queue grows, and answers are those of an open question.
"""

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

from benchmarks.fuzz import mutation
from dmf_core.jobs import Job
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.lecture import keys
from ui.lecture.answer_book import AnswerBook
from ui.lecture.follower import Follower
from ui.lecture.hall import Hall, Refused
from ui.lecture.live_room import LiveRoom

SECRET = "only-for-the-lecturer"
SCRIPT = f"""title = "T"
[[scene]]
heading = "Before"
preset = "five-modes"
notes = "{SECRET}"
[[scene]]
heading = "Choice"
preset = "five-modes"
at = 690
notes = "{SECRET}"
[scene.question]
text = "What next?"
choices = ["All at once", "One by one"]
right = 2
[[scene]]
heading = "Moment"
preset = "five-modes"
at = 690
[scene.question]
text = "When?"
range = [690, 1400]
birth = 3
"""
TOPICS = 20  # messages of different kinds that can wait for one phone
MESSAGES: tuple[dict[str, Any], ...] = (
    {"is": "time", "t": 1.5},
    {"is": "me", "voter": ""},
    {"is": "answer", "scene": 1, "value": 1},
    {"is": "answer", "scene": 2, "value": 900.0},
    {"is": "present", "key": "0" * 64, "role": "desk"},
    {"is": "drive"},
    *({"is": "do", "what": action} for action in ("next", "previous", "play", "lock", "reveal", "script", "next", "next")),
    {"is": "do", "what": "scene", "scene": 2},
    {"is": "do", "what": "pause", "frame": 40.5},
    {"is": "do", "what": "view", "view": {"axis": "error", "matrix": "residual", "log_values": True}},
    {"is": "do", "what": "blank", "on": True},
    {"is": "do", "what": "point", "place": [0.2, 0.9]},
    {"is": "do", "what": "change", "path": "model.depth", "value": 2},
)


class Lecture:
    """A hall with one room, a driver, phones and strangers; runs are there at once."""

    def __init__(self) -> None:
        spec = preset_spec("five-modes")
        self._loop = asyncio.new_event_loop()
        self._run, self._digest = run(spec), spec.digest()
        self.hall = Hall(AnswerBook(None), self._submit)
        self._loop.run_until_complete(self._start())

    def _submit(self, spec: RunSpec) -> Job:
        job = Job(spec)
        job.restore(self._run)
        return job

    async def _start(self) -> None:
        self.hall.start()
        assert self.hall._heartbeat is not None
        self.hall._heartbeat.cancel()  # no time passes here
        await self._open()

    @property
    def room(self) -> LiveRoom:
        return self.hall.live[self.code]

    def _joined(self) -> Follower:
        follower = Follower()
        self.hall.join(self.room, follower)
        return follower

    def attempt(self, chance: random.Random) -> None:
        """One message of one of them, and what must hold then."""
        by_driver = chance.random() < 0.3
        sender = self.driver if by_driver else chance.choice(self.phones)
        message: Any = dict(chance.choice(MESSAGES))
        if chance.random() < (0.3 if by_driver else 0.6):
            message = mutation.of_value(chance, message)
        text = json.dumps(message)
        if chance.random() < 0.2:
            text = mutation.of_text(chance, text)
        if message == {"is": "me"}:
            message["voter"] = keys.new_voter(self.hall.book.secret)
        sender._allowance = 10.0  # the limit of messages a second is not what is tried here
        before, answers = self.room.room.seq, self.hall.book.answers(self.code, self.room.room.scene)
        was_open = self.room.room.question_state == "open"
        try:
            self.hall.receive(self.room, sender, text)
        except Refused:
            self.hall.leave(self.room, sender)
            self.phones = [each for each in self.phones if each is not sender] + [self._joined()]
        self._loop.run_until_complete(asyncio.sleep(0))
        while by_driver and self.room.changing:  # its run is priced and packed in other threads
            self._loop.run_until_complete(asyncio.sleep(0.001))
        if not by_driver:
            assert self.room.room.seq == before, "a phone drove"
            assert was_open or self.hall.book.answers(self.code, self.room.room.scene) == answers, (
                "an answer to a closed question"
            )
        self._check()
        if chance.random() < 0.002:
            self._restart()

    def _check(self) -> None:
        state = self.room.room.question_state
        for phone in self.phones:
            assert phone.role is None and len(phone._newest) <= TOPICS
            for topic, text in phone._newest.items():
                assert SECRET not in text and len(text) < 20_000
                if topic == "question" and state in ("open", "locked"):
                    assert "tally" not in json.loads(text)
                if topic == "question" and state != "played":
                    assert "solution" not in json.loads(text)
        assert self.room.room.may_know(self._digest, None) == (self.room.room.visible_part(self._digest)[0] is None)

    def _restart(self) -> None:
        """The room from its beginning: after a while every question has been played."""
        self.hall.delete(self.code)
        self._loop.run_until_complete(self._open())

    async def _open(self) -> None:
        self.code = self.hall.open(SCRIPT, "http://10.0.0.1/live")
        self.key = keys.presenter_key(self.hall.book.secret, self.code)
        while self.room.room.run is None:
            await asyncio.sleep(0.01)
        self.phones = [self._joined() for _ in range(4)]
        self.driver = self._joined()
        self.hall.receive(self.room, self.driver, json.dumps({"is": "present", "key": self.key, "role": "desk"}))


def cases() -> Callable[[random.Random], None]:
    """What says one message."""
    return Lecture().attempt
