"""`python -m ui.views.learn`: draws the pictures of chapters whose runs have changed."""

from dmf_core.simulate import run
from ui.figures.thumbnail import thumbnail
from ui.session.course.chapters import CHAPTERS
from ui.views.learn.stills import HERE, file_of, point_of, run_of_point


def draw() -> None:
    """Writes the pictures that stand here and not in the gallery; removes those of chapters that no longer exist."""
    runs = {file_of(chapter): chapter.needed["start"] for chapter in CHAPTERS}
    runs |= {point_of(chapter): run_of_point(chapter) for chapter in CHAPTERS if chapter.others}
    own = {file: needed for file, needed in runs.items() if file.parent == HERE}
    for file in set(HERE.glob("*.svg")) - set(own):
        file.unlink()
    for file, needed in own.items():
        if not file.exists() or needed.spec.digest() not in file.read_text(encoding="utf-8"):
            file.write_text(thumbnail(run(needed.spec, needed.inputs), needed.spec, file.stem), encoding="utf-8")
            print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    draw()
