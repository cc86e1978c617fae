"""All rooms of this server and who follows them. Belongs to the event loop; `Door` is for the threads of pages."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from dmf_core import limits
from dmf_core.cost import estimate
from dmf_core.errors import BadInput
from dmf_core.events import RoomRecord, record, refused
from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from ui.lecture import keys, saved_room
from ui.lecture.answer_book import AnswerBook
from ui.lecture.follower import Follower
from ui.lecture.live_room import LiveRoom, as_text, say_to
from ui.lecture.messages import Answering, Do, Drive, Me, Present, Time, Value, parse
from ui.lecture.preparing import Preparing
from ui.lecture.room import Room
from ui.lecture.script import read
from ui.lecture.timeline import Moments

WORD_SECONDS = 5.0  # between two signs of life of the server
SILENT_SECONDS = 14.0  # a phone answers every sign of life; one that does not is gone, or reads nothing any more
COUNT_SECONDS = 0.25  # between two counts for the presenters
WRONG_KEYS = 5  # until a connection is closed
log = logging.getLogger(__name__)


class Refused(Exception):
    """The connection is closed."""


class Hall:
    """Every method but those of `Door` is called on the event loop."""

    def __init__(self, book: AnswerBook, submit: Callable[[RunSpec], Job], clock: Callable[[], float] = time.time) -> None:
        self.book = book
        self.live: dict[str, LiveRoom] = {}
        self.connections = 0
        self.ending = asyncio.Event()  # the server is about to end: nobody waits for news any more
        self._clock = clock
        self.preparing = Preparing(book, submit)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def now(self) -> float:
        """Milliseconds since 1970, the clock of every message."""
        return self._clock() * 1000

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None, "the hall is not open"
        return self._loop

    # From its beginning to its end ------------------------------------------------------------------------------------

    def start(self) -> None:
        """On the running loop. Rooms of before are there again."""
        self._loop = asyncio.get_running_loop()
        self._watching = self._loop.create_task(self._watch())
        for code, made, script, state in self.book.rooms():
            try:
                values = json.loads(state)
                room = saved_room.from_json(state, script, {})
            except (BadInput, ValueError, KeyError, TypeError) as error:
                log.warning("Room %s cannot be opened again: %s", code, error)
                continue
            live = self.live[code] = LiveRoom(room, script, made, values.get("address", ""))
            live.answers = {scene: self.book.answers(code, scene) for scene in room.questions}
            self._prepare(live)

    def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        self.preparing.close()
        self.book.close()

    # Rooms -----------------------------------------------------------------------------------------------------------

    def open(self, script: str, address: str) -> str:
        """A new room for a lecture; its code. Raises BadInput."""
        lecture = read(script).lecture
        if len(self.live) >= limits.LECTURE_ROOMS:
            raise BadInput(f"There are {limits.LECTURE_ROOMS} rooms on this server already; delete one first.")
        code = keys.new_code(self.live)
        live = self.live[code] = LiveRoom(Room(code, lecture), script, self._clock(), address)
        live.room.enter(0, self.now)
        self.book.save_room(code, live.made, script, self._state(live))
        self._prepare(live)
        record(RoomRecord("open", code, 0))
        return code

    def delete(self, code: str) -> None:
        """The room, its answers, and its connections."""
        live = self.live.pop(code, None)
        self.book.delete_room(code)
        if live is not None:
            record(RoomRecord("close", code, live.here))
            for follower in live.followers:
                follower.gone.set()

    def move_to(self, code: str, address: str) -> None:
        """The audience finds the room at another address of this machine."""
        live = self.live[code]
        live.address = address
        self.publish(live)

    def gives(self, digest: str, until: int | None) -> bool:
        """False where a room is still to predict what these bytes of a run hold: then they do not leave the server."""
        limits_of_rooms = [live.room.part(digest)[0] for live in self.live.values() if digest in _digests(live.room)]
        return all(limit is None or (until is not None and until <= limit) for limit in limits_of_rooms)

    def knows(self, digest: str) -> bool:
        """True where a room shows this run or will."""
        return any(digest in _digests(live.room) for live in self.live.values())

    # Connections -----------------------------------------------------------------------------------------------------

    def join(self, live: LiveRoom, follower: Follower) -> None:
        live.followers.add(follower)
        live.tell_scene([follower])
        self._count_soon(live)

    def leave(self, live: LiveRoom, follower: Follower) -> None:
        live.followers.discard(follower)
        if live.driver is follower:
            live.driver = None
            live.say_who_drives()
        self._count_soon(live)

    def receive(self, live: LiveRoom, follower: Follower, text: str) -> None:
        """A message of a follower. Raises Refused where the connection is to be closed."""
        if not follower.may_speak(time.monotonic()):
            refused("message", "too often")
            return
        match parse(text):
            case None:
                refused("message", "unknown")
            case Time(t=t):
                follower.offer("time", as_text({"is": "time", "t": t, "s": self.now}))
            case Me(voter=token):
                self._name(live, follower, token)
            case Answering(scene=scene, value=value):
                self._answer(live, follower, scene, value)
            case Present(key=key, role=role):
                if not keys.is_presenter(self.book.secret, live.room.code, key):
                    refused("message", "key")
                    follower.wrong_keys += 1
                    follower.offer("refused", '{"is":"refused"}')
                    if follower.wrong_keys >= WRONG_KEYS:
                        raise Refused
                    return
                follower.role = role
                live.driver = live.driver or follower
                live.welcome(follower)
                self._count_soon(live)
            case Drive() if follower.role is not None:
                live.driver = follower
                record(RoomRecord("handover", live.room.code, live.here))
                live.say_who_drives()
            case Do() as action if follower is live.driver:
                self._do(live, follower, action)

    def _name(self, live: LiveRoom, follower: Follower, token: str) -> None:
        """Once for each connection: whoever asks for another name has the same one."""
        if not follower.token:
            known = keys.voter_of(self.book.secret, token)
            follower.token = token if known else keys.new_voter(self.book.secret)
            follower.voter = known or keys.voter_of(self.book.secret, follower.token)
        mine = live.current_answers.get(follower.voter or "")
        follower.offer("you", as_text({"is": "you", "voter": follower.token, "scene": live.room.scene, "answer": mine}))

    def _answer(self, live: LiveRoom, follower: Follower, scene: int, value: Any) -> None:
        """Acknowledged when it is in the file."""
        answer = live.room.answer(scene, value) if follower.voter and follower.role is None else None
        if answer is not None and follower.voter:
            self.book.answer(live.room.code, scene, follower.voter, answer)
            live.answers.setdefault(scene, {})[follower.voter] = answer
            self._count_soon(live)
        follower.offer("counted", as_text({"is": "counted", "scene": scene, "ok": answer is not None, "value": answer}))

    def _do(self, live: LiveRoom, follower: Follower, action: Do) -> None:
        room, now, scene = live.room, self.now, live.room.scene
        match action.what:
            case "next":
                room.next(now)
            case "previous":
                room.previous(now)
            case "scene":
                room.enter(min(action.scene, len(room.lecture.scene) - 1), now)
            case "play":
                room.play(now)
            case "pause":
                room.pause(action.frame, now)
            case "lock":
                room.lock()
            case "reveal":
                room.reveal()
            case "view":
                room.show(action.view.model_dump(mode="json"), now)
            case "blank":
                room.darken(action.on)
            case "script":
                room.back_to_script(now)
            case "point":
                room.point(action.place)
                place = as_text({"is": "point", "place": room.pointer})
                for each in live.followers:
                    each.offer("point", place)
                return
            case "change":
                self._change(live, follower, action.path, action.value)
                return
        if live.pending is not None and (room.scene != scene or action.what == "script"):
            live.pending = None
            say_to(follower, "")
        self.publish(live)

    def _change(self, live: LiveRoom, follower: Follower, path: str, value: Value) -> None:
        """Another run: told when it is packed, so that two hundred phones find it. Of several changes the last one counts."""
        room, scene = live.room, live.room.scene
        try:
            changes = room.moved(room.changes if live.pending is None else live.pending, path, value)
            spec = room.current.spec.replaced(changes)
            assert spec.shape is not None  # a scene needs no data of a person
            seconds = estimate(spec, spec.shape).seconds
            if seconds > limits.RUN_WITHOUT_ASKING_SECONDS:
                raise BadInput(f"This run takes about {seconds:.0f} s; make it a scene of its own, which is computed beforehand.")
        except BadInput as error:
            say_to(follower, str(error))
            return
        live.pending = changes
        say_to(follower, "The run is being computed.")

        def shown(moments: Moments | None) -> None:
            if live.pending is not changes:
                return  # a later change, or the lecture has gone on
            live.pending = None
            say_to(follower, "" if moments else "This run could not be computed.")
            if moments is not None and room.scene == scene and not room.asking and room.code in self.live:
                room.runs[moments.digest] = moments
                room.change(changes, self.now)
                self.publish(live)

        def ready(moments: Moments | None) -> None:
            self.loop.call_soon_threadsafe(shown, moments)

        self.preparing.spec(spec, ready)

    # Words to the followers -------------------------------------------------------------------------------------------

    def publish(self, live: LiveRoom) -> None:
        """Everybody gets what is so now, and the file too."""
        self.book.save_state(live.room.code, self._state(live))
        live.tell_all()

    def _count_soon(self, live: LiveRoom) -> None:
        """Many answers in one moment make one count."""
        if not live.counting:
            live.counting = True
            self.loop.call_later(COUNT_SECONDS, live.tell_count)

    async def _watch(self) -> None:
        """Says that the server is there, and sees who is not."""
        while True:
            await asyncio.sleep(WORD_SECONDS)
            for live in self.live.values():
                for follower in list(live.followers):
                    if time.monotonic() - follower.heard > SILENT_SECONDS:
                        follower.gone.set()
                    follower.offer("here", '{"is":"here"}')

    # -----------------------------------------------------------------------------------------------------------------

    def _prepare(self, live: LiveRoom) -> None:
        def ready(moments: Moments) -> None:
            self.loop.call_soon_threadsafe(provided, moments)

        def provided(moments: Moments) -> None:
            live.room.provide(moments, self.now)
            if live.room.code in self.live:
                self.publish(live)

        self.preparing.scenes(live.room.lecture.scene, ready)
        if live.room.changes:  # a room of before, in which a setting was moved
            self.preparing.spec(live.room.spec, lambda moments: ready(moments) if moments else None)

    def _state(self, live: LiveRoom) -> str:
        return json.dumps(json.loads(saved_room.to_json(live.room)) | {"address": live.address})


def _digests(room: Room) -> set[str]:
    return {scene.spec.digest() for scene in room.lecture.scene} | {room.spec.digest()}
