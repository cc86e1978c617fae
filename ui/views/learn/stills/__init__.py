"""The pictures of chapters, each drawn once from its run: what is seen until the run itself is there."""

from functools import cache
from pathlib import Path

from dmf_core.jobs import WholeRun
from dmf_core.presets import PRESETS
from ui.session.course.chapters import Chapter

HERE = Path(__file__).parent
GALLERY = HERE.parents[1] / "gallery"  # a chapter whose run is a preset has the picture of its card


def file_of(chapter: Chapter) -> Path:
    """The file of a chapter's picture."""
    plain = not chapter.changes and chapter.given.data is None
    return GALLERY / f"{chapter.preset}.svg" if plain and chapter.preset in PRESETS else HERE / f"{chapter.key}.svg"


def point_of(chapter: Chapter) -> Path:
    """The picture that makes its point in the summary: of the run that the words compare with, or its own."""
    return HERE / f"{chapter.key}-point.svg" if chapter.others else file_of(chapter)


def run_of_point(chapter: Chapter) -> WholeRun:
    """The run of that picture."""
    return chapter.needed[next(iter(chapter.others), "start")]


@cache
def point(chapter: Chapter) -> str:
    """The <svg> of the picture that makes the chapter's point."""
    return point_of(chapter).read_text(encoding="utf-8")


@cache
def still(chapter: Chapter) -> str:
    """The <svg> of the chapter's picture."""
    return file_of(chapter).read_text(encoding="utf-8")
