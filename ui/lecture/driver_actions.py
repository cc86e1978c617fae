"""What the driver of a room does: scenes, questions, play and pause, what is shown, and settings of the run.

Belongs to the event loop. A changed setting is another run, which is computed and packed before anybody sees it.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from dmf_core import limits
from dmf_core.cost import Cost, about, estimate
from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from ui.fields import in_labels
from ui.lecture.follower import Follower
from ui.lecture.live_room import LiveRoom, as_text, notify
from ui.lecture.messages import Do, Value
from ui.lecture.preparing import Preparing
from ui.lecture.room import Room
from ui.lecture.timeline import Moments

Price = Callable[[RunSpec], Cost | None]  # of a run; None where it is there. May take seconds: called from another thread
log = logging.getLogger(__name__)


class DriverActions:
    """Carries out the actions of all drivers of a server."""

    def __init__(
        self,
        preparing: Preparing,
        publish: Callable[[LiveRoom], None],
        on_loop: Callable[[Callable[[], None]], None],
        now: Callable[[], float],
        price: Price,
    ) -> None:
        """`publish`: sends what a room shows now. `on_loop`: calls a function on the event loop. `now`: in milliseconds."""
        self._preparing, self._publish, self._on_loop, self._now, self._price = preparing, publish, on_loop, now, price
        self._pricing = ThreadPoolExecutor(1, "dmf-price")

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
        if live.changing and (room.scene != scene or action.what == "script"):
            live.pending = live.priced = None
            notify(driver, "")
        self._publish(live)

    def _change(self, live: LiveRoom, driver: Follower, path: str, value: Value) -> None:
        """Shows another run as soon as it is packed for the phones. Of several changes the last one counts."""
        room = live.room
        try:
            changes = room.moved(live.newest_changes, path, value)
            spec = room.current.spec.replaced(changes)
        except BadInput as error:
            notify(driver, in_labels(str(error), room.spec))
            return
        live.priced = changes
        notify(driver, "The run is being computed.")

        def price() -> Cost | None:
            return self._price(spec) if live.priced is changes else None  # else a later change came before it was its turn

        begin = partial(self._begin, live, driver, changes, spec)
        self._pricing.submit(price).add_done_callback(lambda priced: self._on_loop(partial(begin, priced)))

    def _begin(
        self, live: LiveRoom, driver: Follower, changes: dict[str, Any], spec: RunSpec, pricing: Future[Cost | None]
    ) -> None:
        """Starts the run of a change unless the room would wait too long for it: what a page would not start by itself."""
        if live.priced is not changes or pricing.cancelled():
            return  # a later change, another scene, or the room was deleted
        live.priced = None
        if error := pricing.exception():
            log.error("A run of a lecture could not be priced.", exc_info=error)
            notify(driver, "This run could not be computed.")
            return
        cost = pricing.result()
        if cost is not None and cost.longest > limits.RUN_WITHOUT_ASKING_SECONDS:
            notify(driver, f"This run takes {about(cost)}; make it a scene of its own, which is computed beforehand.")
            return
        live.pending = changes
        scene = live.room.scene
        self._preparing.spec(spec, lambda moments: self._on_loop(partial(self._show, live, driver, changes, scene, moments)))

    def _show(self, live: LiveRoom, driver: Follower, changes: dict[str, Any], scene: int, moments: Moments | None) -> None:
        """The run of a change is packed; None: it failed."""
        room = live.room
        if live.pending is not changes:
            return  # a later change, another scene, or the room was deleted
        live.pending = None
        notify(driver, "" if moments else "This run could not be computed.")
        if moments is not None and room.scene == scene and not room.question_pending:
            room.runs[moments.digest] = moments
            room.change(changes, self._now())
            self._publish(live)


def price_by_formula(spec: RunSpec) -> Cost:
    """For a hall without workers."""
    assert spec.shape is not None  # a scene needs no data of a person
    return estimate(spec, spec.shape)


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
