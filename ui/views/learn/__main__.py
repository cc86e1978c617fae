"""`python -m ui.views.learn`: draws the pictures of chapters whose runs have changed."""

from dmf_core.simulate import run
from ui.figures.thumbnail import thumbnail
from ui.session.course.chapters import CHAPTERS
from ui.views.learn.stills import HERE, file_of


def draw() -> None:
    """Writes <key>.svg for each chapter that has a picture of its own; removes those of chapters that are gone."""
    own = {chapter.key: chapter for chapter in CHAPTERS if file_of(chapter).parent == HERE}
    for file in HERE.glob("*.svg"):
        if file.stem not in own:
            file.unlink()
    for key, chapter in own.items():
        file = file_of(chapter)
        if not file.exists() or chapter.spec.digest() not in file.read_text(encoding="utf-8"):
            file.write_text(thumbnail(run(chapter.spec, chapter.inputs), chapter.spec, key), encoding="utf-8")
            print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    draw()
