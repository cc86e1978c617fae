"""Where one browser tab is in the course, and the address of that place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from dmf_core.spec import RunSpec, parse_value
from ui.session.course.chapters import CHAPTERS, Chapter
from ui.session.course.progress import SUMMARY, Progress, from_json

NUMBER, LAST = "chapter", "summary"  # in an address


@dataclass
class Visit:
    """The chapter shown, the value of its setting, and what has been answered."""

    number: int = 1  # from 1; SUMMARY: the page after the last one
    value: Any = None  # of the chapter's setting
    progress: Progress = field(default_factory=Progress)
    restored: bool = False  # what the browser stored of an earlier visit has arrived
    chosen: bool = False  # the chapter was chosen, not only the first one shown
    message: str = ""  # what was wrong with the address
    addressed: dict[str, str] | None = None  # the address that the page wrote last
    shown: RunSpec | None = None  # the run that the player showed last
    watcher: str = field(default_factory=lambda: uuid4().hex)

    @property
    def chapter(self) -> Chapter | None:
        """None on the page after the last one."""
        return None if self.number == SUMMARY else CHAPTERS[self.number - 1]

    @property
    def spec(self) -> RunSpec:
        """The run that is shown. Raises ValueError after the last chapter, where none is."""
        if self.chapter is None:
            raise ValueError("no chapter is shown")
        return self.chapter.at(self.value)

    def enter(self, number: int, value: Any = None) -> None:
        """Begins a chapter, or the page after the last one."""
        self.number, self.chosen, self.message = number, True, ""
        self.progress.at = number
        usual = None if self.chapter is None else self.chapter.usual
        self.value = usual if value is None else value

    def set(self, value: Any) -> None:
        """Changes the chapter's setting."""
        self.value = value

    def answer(self, text: str) -> None:
        """An answer to the chapter's question; a later one replaces it."""
        if self.chapter is not None:
            self.progress.answers[self.chapter.key] = text

    def restore(self, stored: object) -> None:
        """Takes over what the browser stored of an earlier visit. Answers of this visit replace stored ones."""
        self.restored = True
        before = from_json(stored)
        self.progress.answers = before.answers | self.progress.answers
        if not self.chosen:
            self.enter(before.at)

    def begin_anew(self) -> None:
        """Forgets all answers and opens the first chapter."""
        self.progress = Progress()
        self.enter(1)

    def address(self) -> dict[str, str]:
        """The parameters of the address of this place."""
        if self.chapter is None:
            return {NUMBER: LAST}
        parameters = {NUMBER: str(self.number)}
        if self.chapter.path is not None and self.value != self.chapter.usual:
            parameters[self.chapter.path] = str(self.value)
        return parameters

    def follow(self, address: Mapping[str, str]) -> None:
        """Goes to the place of an address, unless the page wrote the address itself."""
        if NUMBER not in address or dict(address) == self.addressed:
            return
        text = address[NUMBER]
        number = SUMMARY if text == LAST else parse_value(text)
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= SUMMARY:
            self.message = f"There is no chapter {text[:LONGEST]}; chapters run from 1 to {len(CHAPTERS)}."
            return
        self.enter(number)
        chapter = self.chapter
        if chapter is None or chapter.path is None or chapter.path not in address:
            return
        value = parse_value(address[chapter.path])
        fits = next((each for each in chapter.values if each == value), None)
        if fits is None:
            self.message = (
                f"This chapter has no run with {chapter.path} at {address[chapter.path][:LONGEST]}; it shows its first one."
            )
        else:
            self.value = fits


LONGEST = 40  # characters of an address that are repeated


def of_old_tour(number: int, spec: RunSpec | None) -> dict[str, str] | None:
    """The address of a chapter for one of the former tour, `?tour=3`; None where it asks for a run that the chapter lacks."""
    visit = Visit()
    visit.enter(number)
    if spec is not None and visit.chapter is not None and spec != visit.chapter.spec:
        value = visit.chapter.value_in(spec)
        if value is None:
            return None
        visit.value = value
    return visit.address()
