"""A room with those who follow it, and what they are told."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ui.lecture.answer_book import Answer
from ui.lecture.follower import Follower
from ui.lecture.room import Room
from ui.lecture.room_messages import desk_message, live_message, question_message, scene_message


@dataclass(eq=False)
class LiveRoom:
    """A room with its followers and its answers. Belongs to the event loop of the server."""

    room: Room
    script: str
    made: float
    address: str = ""  # where the audience finds it
    followers: set[Follower] = field(default_factory=set)
    driver: Follower | None = None
    answers: dict[int, dict[str, Answer]] = field(default_factory=dict)  # by scene and voter
    counting: bool = False  # a count is on its way
    priced: dict[str, Any] | None = None  # settings whose run is being priced
    pending: dict[str, Any] | None = None  # settings whose run is being computed

    @property
    def here(self) -> int:
        """The audience: sockets that are no presenter's."""
        return sum(follower.role is None for follower in self.followers)

    @property
    def changing(self) -> bool:
        """Whether the driver waits for the run of a change."""
        return self.priced is not None or self.pending is not None

    @property
    def newest_changes(self) -> dict[str, Any]:
        """The settings that the driver has moved, whether their run is there or not."""
        return next(each for each in (self.priced, self.pending, self.room.changes) if each is not None)

    @property
    def presenters(self) -> list[Follower]:
        return [follower for follower in self.followers if follower.role is not None]

    @property
    def current_answers(self) -> dict[str, Answer]:
        return self.answers.setdefault(self.room.scene, {})

    def tell_all(self) -> None:
        """Everybody, what is so now."""
        self.tell_scene(self.followers)
        self.tell_presenters()

    def tell_scene(self, followers: Iterable[Follower]) -> None:
        """What the audience sees: the scene and its question."""
        scene, question = as_text(scene_message(self.room)), as_text(question_message(self.room, self.current_answers))
        for follower in followers:
            follower.offer("scene", scene)
            follower.offer("question", question)

    def welcome(self, presenter: Follower) -> None:
        """What a new presenter has to know."""
        about = {"is": "room", "code": self.room.code, "address": self.address, "started": self.made * 1000}
        presenter.offer("room", as_text(about | {"minutes": self.room.lecture.minutes}))
        self.say_who_drives()
        self.tell_presenters()

    def say_who_drives(self) -> None:
        role = self.driver.role if self.driver else None
        for follower in self.presenters:
            follower.offer("driver", as_text({"is": "driver", "you": follower is self.driver, "role": role}))

    def tell_presenters(self) -> None:
        """The settings that can be moved, and to desks the notes."""
        settings = as_text(live_message(self.room))
        for follower in self.presenters:
            follower.offer("live", settings)
        self._tell_desks()

    def tell_count(self) -> None:
        """How many are here and have answered."""
        self.counting = False
        count = as_text({"is": "count", "here": self.here, "answers": len(self.current_answers)})
        for follower in self.presenters:
            follower.offer("count", count)
        self._tell_desks()

    def _tell_desks(self) -> None:
        desks = [follower for follower in self.presenters if follower.role == "desk"]
        if desks:
            text = as_text(desk_message(self.room, self.current_answers))
            for desk in desks:
                desk.offer("desk", text)


def notify(follower: Follower, text: str) -> None:
    """A sentence for one presenter; an empty one takes the last one away."""
    follower.offer("notice", as_text({"is": "notice", "text": text}))


def as_text(values: dict[str, Any]) -> str:
    """A message as it is sent."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
