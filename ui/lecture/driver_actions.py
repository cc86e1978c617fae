"""What the driver of a room does: scenes, questions, play and pause, what is shown, and settings of the run.

Belongs to the event loop. A changed setting is another run, which is computed and packed before anybody sees it.
"""

from collections.abc import Callable
from typing import Any

from dmf_core import limits
from dmf_core.cost import estimate
from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from ui.lecture.follower import Follower
from ui.lecture.live_room import LiveRoom, as_text, say_to
from ui.lecture.messages import Do, Value
from ui.lecture.preparing import Preparing
from ui.lecture.room import Room
from ui.lecture.timeline import Moments


class DriverActions:
    """Carries out the actions of all drivers of a server."""

    def __init__(
        self,
        preparing: Preparing,
        publish: Callable[[LiveRoom], None],
        on_loop: Callable[[Callable[[], None]], None],
        now: Callable[[], float],
    ) -> None:
        """`publish`: sends what a room shows now. `on_loop`: calls a function on the event loop. `now`: in milliseconds."""
        self._preparing, self._publish, self._on_loop, self._now = preparing, publish, on_loop, now

    def perform(self, live: LiveRoom, driver: Follower, action: Do) -> None:
        room = live.room
        if action.what == "point":
            room.point(action.place)
            place = as_text({"is": "point", "place": room.pointer})
            for follower in live.followers:
                follower.offer("point", place)
            return
        if action.what == "change":
            self._change(live, driver, action.path, action.value)
            return
        scene = room.scene
        _apply(room, action, self._now())
        if live.pending is not None and (room.scene != scene or action.what == "script"):
            live.pending = None
            say_to(driver, "")
        self._publish(live)

    def _change(self, live: LiveRoom, driver: Follower, path: str, value: Value) -> None:
        """Shows another run as soon as it is packed for the phones. Of several changes the last one counts."""
        room, scene = live.room, live.room.scene
        try:
            changes = room.moved(room.changes if live.pending is None else live.pending, path, value)
            spec = _short_run(room, changes)
        except BadInput as error:
            say_to(driver, str(error))
            return
        live.pending = changes
        say_to(driver, "The run is being computed.")

        def show(moments: Moments | None) -> None:
            if live.pending is not changes:
                return  # a later change, another scene, or the room was deleted
            live.pending = None
            say_to(driver, "" if moments else "This run could not be computed.")
            if moments is not None and room.scene == scene and not room.question_pending:
                room.runs[moments.digest] = moments
                room.change(changes, self._now())
                self._publish(live)

        self._preparing.spec(spec, lambda moments: self._on_loop(lambda: show(moments)))


def _apply(room: Room, action: Do, now: float) -> None:
    """The actions that change the room at once."""
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


def _short_run(room: Room, changes: dict[str, Any]) -> RunSpec:
    """The run of this scene with these changes. Raises BadInput where the room would wait too long for it."""
    spec = room.current.spec.replaced(changes)
    assert spec.shape is not None  # a scene needs no data of a person
    seconds = estimate(spec, spec.shape).seconds
    if seconds > limits.RUN_WITHOUT_ASKING_SECONDS:
        raise BadInput(f"This run takes about {seconds:.0f} s; make it a scene of its own, which is computed beforehand.")
    return spec
