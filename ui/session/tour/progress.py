"""Where a visitor is in the tour. Pure: what was done is told to it."""

from dataclasses import dataclass
from typing import Literal

from dmf_core.spec import RunSpec
from ui.player.view import View
from ui.session.tour.chapters import CHAPTERS, Chapter

State = Literal["waiting", "done", "away"]


@dataclass
class Progress:
    """The chapter shown, how far it is, and where to resume."""

    number: int | None = None  # of the chapter shown; None: not in the tour
    resume: int | None = None  # of the chapter that was left
    armed: bool = False  # the player has been seen before its step was done
    seen: bool = False  # .. and afterwards
    told: State = "waiting"  # what the panel says

    @property
    def chapter(self) -> Chapter | None:
        return None if self.number is None else CHAPTERS[self.number - 1]

    def enter(self, number: int) -> Chapter:
        """Begins a chapter, from 1."""
        self.number, self.resume, self.armed, self.seen, self.told = number, None, False, False, "waiting"
        return CHAPTERS[number - 1]

    def leave(self, finished: bool = False) -> None:
        """Out of the tour; where it was left is kept unless it is over."""
        if self.number is not None:
            self.resume, self.number = (None if finished else self.number), None

    def state(self, spec: RunSpec, view: View, frames: int | None) -> State:
        """Of this chapter, for the run and the view of now. `frames`: of the complete run, else None."""
        chapter = self.chapter
        if chapter is None or not chapter.allows(spec):
            return "away"
        if frames is None:
            return "waiting"
        if chapter.path is not None:
            return "done" if chapter.asked(spec) else "waiting"
        looks = chapter.seen(view, frames)
        self.seen = self.seen or (self.armed and looks)
        self.armed = self.armed or not looks  # a view left over from before the chapter does not count
        return "done" if self.seen else "waiting"
