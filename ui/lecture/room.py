"""A room: what everybody in it sees now, and what may follow. Pure: no clock, no network, no file.

One driver walks through the lecture with `next`: lock the answers, reveal them, play, then from event to event, then to the next
scene. A question is open, locked, revealed, played, in this order and never back. Until it is played nothing of its run that lies
after the moment of its scene is shown, in this scene or one before; until it is revealed no count of answers is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from ui.lecture.answer_book import Answer, Part, Truth
from ui.lecture.live_settings import differences, moved
from ui.lecture.moments import question_part, solution, start_frame
from ui.lecture.script import Lecture, Question, Scene
from ui.lecture.tally import accepted
from ui.lecture.timeline import Moments

QuestionState = Literal["open", "locked", "revealed", "played"]
STATES: tuple[QuestionState, ...] = get_args(QuestionState)


@dataclass
class Room:
    """`now` in every method: milliseconds of the server's clock."""

    code: str
    lecture: Lecture
    runs: dict[str, Moments] = field(default_factory=dict)  # by digest; a run that is missing is being made
    seq: int = 0
    scene: int = 0
    frame: float = 0.0
    playing: bool = False
    stop: float | None = None  # the frame at which playing ends
    speed: float = 1.0
    at: float = 0.0  # when the frame was so
    view: dict[str, Any] = field(default_factory=dict)
    blank: bool = False
    pointer: tuple[float, float] | None = None  # place in the curves, 0 to 1
    changes: dict[str, Any] = field(default_factory=dict)  # of the scene's run, made in the lecture
    questions: dict[int, QuestionState] = field(default_factory=dict)
    opened: dict[int, float] = field(default_factory=dict)  # when

    # What it is now ---------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Scene:
        return self.lecture.scene[self.scene]

    @property
    def spec(self) -> RunSpec:
        """The run that is shown."""
        return self.current.spec.replaced(self.changes) if self.changes else self.current.spec

    @property
    def run(self) -> Moments | None:
        return self.runs.get(self.spec.digest())

    @property
    def question(self) -> Question | None:
        return self.current.question

    @property
    def question_state(self) -> QuestionState | None:
        return self.questions.get(self.scene) if self.question is not None else None

    @property
    def last_visible(self) -> int | None:
        """The last frame that the audience may have; None: all."""
        return self.visible_part(self.spec.digest())[0]

    def visible_part(self, digest: str) -> Part:
        """What may leave the server of a run: the last frame, where the first question about it begins that is not played yet;
        and where the axis ends then. None: all of it. Of the run that is shown, questions of former scenes hide nothing."""
        run, shown = self.runs.get(digest), digest == self.spec.digest()
        asks = [
            scene
            for number, scene in enumerate(self.lecture.scene)
            if (number >= self.scene or not shown) and scene.question is not None and self.questions.get(number) != "played"
        ]
        parts = [question_part(scene, run) for scene in asks if scene.spec.digest() == digest]
        return min(parts, key=lambda part: part[0] or 0, default=(None, None))

    def has_run(self, digest: str) -> bool:
        """True where the room shows this run or will."""
        return digest == self.spec.digest() or any(scene.spec.digest() == digest for scene in self.lecture.scene)

    def may_know(self, digest: str, until: int | None) -> bool:
        """False while the room predicts what this part of a run holds: then it does not leave the server."""
        last = self.visible_part(digest)[0]
        return last is None or (until is not None and until <= last)

    @property
    def question_pending(self) -> bool:
        """True until the question of this scene is played."""
        return self.question_state in ("open", "locked", "revealed")

    @property
    def start(self) -> float:
        """The frame at which the scene begins."""
        return start_frame(self.current, self.run) if self.run is not None and not self.changes else 0.0

    @property
    def next_stop(self) -> float | None:
        """Where `next` plays to: the next event, or the last frame that can be shown; None at that one."""
        if self.run is None:
            return None
        frame = self.frame if self.stop is None else self.stop
        event = self.run.next_event(frame)
        return event if event is not None and event <= self._last_frame else None

    @property
    def solution(self) -> Truth | None:
        """The right answer to the question of this scene; None where its run is not there, or was changed."""
        return solution(self.current, self.run) if self.run is not None and not self.changes else None

    @property
    def _last_frame(self) -> float:
        """The last frame that can be shown."""
        last = float(self.run.last) if self.run is not None else 0.0
        return last if self.last_visible is None else float(self.last_visible)

    # What the driver does ---------------------------------------------------------------------------------------------

    def enter(self, scene: int, now: float) -> None:
        """A scene from its beginning, as the script has it. A question that is new is open from now on."""
        self.scene, self.changes, self.blank, self.pointer = scene, {}, False, None
        self.view = self.current.shown_view.model_dump(mode="json")
        if self.question is not None and self.scene not in self.questions:
            self.questions[scene], self.opened[scene] = "open", now
        self._stop_at(self.start, now)

    def provide(self, moments: Moments, now: float) -> None:
        """A run is there. The scene that waited for it begins."""
        waited = self.run is None
        self.runs[moments.digest] = moments
        if waited and self.run is not None:
            self._stop_at(self.start, now)

    def next(self, now: float) -> None:
        """What the clicker does."""
        if self.question_pending:
            self.advance_question(now)
            return
        following = self.next_stop
        if following is not None:
            self.play(now, following)
        elif self.scene + 1 < len(self.lecture.scene):
            self.enter(self.scene + 1, now)

    def previous(self, now: float) -> None:
        """Back to the event before, then to the scene before."""
        before = None if self.run is None or self.question_pending else self.run.previous_event(self.frame)
        if before is not None and self.frame > self.start + 1e-3:
            self._stop_at(max(before, self.start), now)
        elif self.scene > 0:
            self.enter(self.scene - 1, now)

    def advance_question(self, now: float) -> None:
        """From open to locked to revealed to played; the last one plays the run to the answer, or to its end."""
        state = self.question_state
        if state is None or state == "played":
            return
        self.questions[self.scene] = STATES[STATES.index(state) + 1]
        self._changed()
        if self.question_state == "played":
            self.play(now, self._frame_of_answer())

    def lock(self) -> None:
        if self.question_state == "open":
            self.questions[self.scene] = "locked"
            self._changed()

    def reveal(self) -> None:
        """Locks first."""
        if self.question_state in ("open", "locked"):
            self.questions[self.scene] = "revealed"
            self._changed()

    def play(self, now: float, stop: float | None = None) -> None:
        """To a frame, or to the end; from the beginning where it is at the end."""
        if self.run is None or self.question_pending:
            return
        last, frame = self._last_frame, self._clamped(self.frame)
        self.frame, self.playing, self.at = (0.0 if frame >= last - 1e-6 else frame), True, now
        self.stop = last if stop is None else min(stop, last)
        self._changed()

    def pause(self, frame: float, now: float) -> None:
        """Where the driver's own player stands."""
        self._stop_at(frame, now)

    def show(self, view: Mapping[str, Any], now: float) -> None:
        """How the run is shown; the moment stays."""
        self.view = {**self.view, **view, "frame": None, "projector": False}
        self._changed()

    def change(self, changes: Mapping[str, Any], now: float) -> None:
        """Another run instead of the scene's, whose moments are there already; from its start."""
        self.changes = differences(self.current.spec, self.current.spec.replaced(changes))
        assert self.spec.digest() in self.runs
        self._stop_at(0.0, now)

    def moved(self, changes: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
        """These changes of the scene's run and one more, with what has to follow it. Raises BadInput."""
        if self.question_pending:
            raise BadInput("The room is predicting this run; reveal and play before a setting is moved.")
        script = self.current.spec
        return differences(script, moved(script.replaced(changes), path, value))

    def back_to_script(self, now: float) -> None:
        """The scene as it is written; its question stays as it is."""
        self.enter(self.scene, now)

    def darken(self, on: bool) -> None:
        self.blank = on
        self._changed()

    def point(self, place: tuple[float, float] | None) -> None:
        self.pointer = place

    # What the audience does -------------------------------------------------------------------------------------------

    def answer(self, scene: int, value: Any) -> Answer | None:
        """The answer as it counts; None where it is refused: another scene, not open, or no such answer."""
        if scene != self.scene or self.question is None or self.question_state != "open":
            return None
        return accepted(self.question, value)

    # -----------------------------------------------------------------------------------------------------------------

    def _frame_of_answer(self) -> float | None:
        right = self.solution
        if self.run is None or self.question is None or self.question.range is None or right is None:
            return None
        return self.run.frame(self.question.range[1] if isinstance(right, tuple) else float(right))

    def _clamped(self, frame: float) -> float:
        return min(max(frame, 0.0), self._last_frame)

    def _stop_at(self, frame: float, now: float) -> None:
        self.frame, self.playing, self.stop, self.at = self._clamped(frame), False, None, now
        self._changed()

    def _changed(self) -> None:
        self.seq += 1
