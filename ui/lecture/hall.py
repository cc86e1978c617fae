"""All rooms of this server and who follows them. Belongs to the event loop; `Door` is for the threads of pages."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.events import RoomRecord, record, refused
from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from ui.lecture import keys, saved_room
from ui.lecture.answer_book import AnswerBook
from ui.lecture.driver_actions import DriverActions, Price, price_by_formula
from ui.lecture.follower import Follower
from ui.lecture.live_room import LiveRoom, as_text
from ui.lecture.messages import Answering, Do, Drive, Me, Present, Time, parse
from ui.lecture.preparing import Preparing
from ui.lecture.room import Room
from ui.lecture.script import read
from ui.lecture.timeline import Moments

HEARTBEAT_SECONDS = 5.0  # between two signs of life of the server
SILENT_SECONDS = 14.0  # a phone answers every sign of life; after so many seconds without an answer it is gone
COUNT_SECONDS = 0.25  # between two counts for the presenters
WRONG_KEYS = 5  # until a connection is closed
log = logging.getLogger(__name__)


class Refused(Exception):
    """The connection is closed."""


class Hall:
    """Every method but those of `Door` is called on the event loop."""

    def __init__(
        self,
        book: AnswerBook,
        submit: Callable[[RunSpec], Job],
        clock: Callable[[], float] = time.time,
        price: Price = price_by_formula,
    ) -> None:
        self.book = book
        self.live: dict[str, LiveRoom] = {}
        self.connections = 0
        self.ending = asyncio.Event()  # the server is about to end: nobody waits for news any more
        self._clock = clock
        self.preparing = Preparing(book, submit)
        self._actions = DriverActions(self.preparing, self.publish, self._on_loop, lambda: self.now, price)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heartbeat: asyncio.Task[None] | None = None

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
        """On the running loop. Opens the rooms that the file holds."""
        self._loop = asyncio.get_running_loop()
        self._heartbeat = self._loop.create_task(self._send_heartbeats())
        for code, made, script, state in self.book.rooms():
            try:
                values = json.loads(state)
                room = saved_room.from_json(state, script, {})
            except (BadInput, ValueError, KeyError, TypeError) as error:
                log.warning("Room %s cannot be opened again: %s", code, error, exc_info=not isinstance(error, BadInput))
                continue
            live = self.live[code] = LiveRoom(room, script, made, values.get("address", ""))
            live.answers = {scene: self.book.answers(code, scene) for scene in room.questions}
            self._prepare(live)

    async def close(self) -> None:
        """On the loop of `start`. Nothing of the hall runs there afterwards."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
            (result,) = await asyncio.gather(self._heartbeat, return_exceptions=True)
            if isinstance(result, Exception):
                log.error("The heartbeat of the rooms ended with an error.", exc_info=result)
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
            live.pending = live.priced = None
            record(RoomRecord("close", code, live.here))
            for follower in live.followers:
                follower.gone.set()

    def move_to(self, code: str, address: str) -> None:
        """The audience finds the room at another address of this machine."""
        live = self.live[code]
        live.address = address
        self.publish(live)

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
                self._identify(live, follower, token)
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
                self._actions.perform(live, follower, action)

    def _identify(self, live: LiveRoom, follower: Follower, token: str) -> None:
        """Gives the browser its voter; once for each connection, a second request changes nothing."""
        if not follower.token:
            known = keys.voter_of(self.book.secret, token)
            follower.token = token if known else keys.new_voter(self.book.secret)
            follower.voter = known or keys.voter_of(self.book.secret, follower.token)
        answer = live.current_answers.get(follower.voter or "")
        follower.offer("you", as_text({"is": "you", "voter": follower.token, "scene": live.room.scene, "answer": answer}))

    def _answer(self, live: LiveRoom, follower: Follower, scene: int, value: Any) -> None:
        """Acknowledges the answer when it is in the file."""
        answer = live.room.answer(scene, value) if follower.voter and follower.role is None else None
        if answer is not None and follower.voter:
            self.book.answer(live.room.code, scene, follower.voter, answer)
            live.answers.setdefault(scene, {})[follower.voter] = answer
            self._count_soon(live)
        follower.offer("counted", as_text({"is": "counted", "scene": scene, "ok": answer is not None, "value": answer}))

    # Messages to the followers ----------------------------------------------------------------------------------------

    def publish(self, live: LiveRoom) -> None:
        """Saves the state of a room and sends it to everybody in it."""
        self.book.save_state(live.room.code, self._state(live))
        live.tell_all()

    def _count_soon(self, live: LiveRoom) -> None:
        """Many answers in one moment make one count."""
        if not live.counting:
            live.counting = True
            self.loop.call_later(COUNT_SECONDS, live.tell_count)

    async def _send_heartbeats(self) -> None:
        """Tells every follower that the server is there, and drops those who no longer answer."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for live in self.live.values():
                for follower in list(live.followers):
                    if time.monotonic() - follower.heard > SILENT_SECONDS:
                        follower.gone.set()
                    follower.offer("here", '{"is":"here"}')

    # -----------------------------------------------------------------------------------------------------------------

    def _prepare(self, live: LiveRoom) -> None:
        """Has the runs of a room computed and packed."""

        def provide(moments: Moments) -> None:
            live.room.provide(moments, self.now)
            if live.room.code in self.live:
                self.publish(live)

        def ready(moments: Moments | None) -> None:
            if moments is not None:
                self._on_loop(lambda: provide(moments))

        self.preparing.scenes(live.room.lecture.scene, ready)
        if live.room.changes:  # a room from the file, in which a setting was moved
            self.preparing.spec(live.room.spec, ready)

    def _on_loop(self, action: Callable[[], None]) -> None:
        """From any thread."""
        self.loop.call_soon_threadsafe(action)

    def _state(self, live: LiveRoom) -> str:
        return json.dumps(json.loads(saved_room.to_json(live.room)) | {"address": live.address})
