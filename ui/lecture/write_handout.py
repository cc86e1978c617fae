"""`python -m dmf_core lecture handout FILE`: the handout of a script, with the answers of a room where one is named."""

from pathlib import Path

from dmf_core.errors import BadInput
from dmf_core.store import open_store
from dmf_core.trajectory import Trajectory
from ui.lecture.answer_book import Answer, AnswerBook
from ui.lecture.check import text_of, trajectory
from ui.lecture.handout import handout
from ui.lecture.moments import complaints, moments
from ui.lecture.opened import FILE, lectures_directory
from ui.lecture.script import Lecture, Script, read
from ui.lecture.stills_pdf import stills_pdf


def command(file: str, out: str | None, room: str | None, pdf: bool = False) -> int:
    """Writes the file. Exit status: 0. Raises BadInput."""
    script = read(text_of(Path(file)))
    answers = None if room is None else room_answers(script.lecture, room.strip().upper())
    target = Path(out) if out else Path(file).with_suffix(".pdf" if pdf else ".html")
    runs = made_runs(script)
    content = stills_pdf(script.lecture, runs) if pdf else handout(script.lecture, runs, answers)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{target} could not be written ({error.strerror}); name another file with --out.") from None
    print(f"{target}: {len(script.lecture.scene)} scenes, {len(content) / 1e6:.1f} MB.")
    return 0


def made_runs(script: Script) -> dict[str, Trajectory]:
    """The stored runs, and those that are not stored, made now. Raises BadInput where one is not complete or does not fit."""
    runs: dict[str, Trajectory] = {}
    wrong: list[str] = []
    store = open_store()
    try:
        for index, scene in enumerate(script.lecture.scene):
            digest = scene.spec.digest()
            if digest not in runs:
                run = trajectory(scene.spec, store)
                if run.end is None or not run.end.outcome.done:
                    why = "it did not end" if run.end is None else run.end.message
                    raise BadInput(
                        script.at_scene(index, "preset" if scene.preset else "link", f"The run is not complete: {why}")
                    )
                runs[digest] = run
            facts = moments(runs[digest], scene.spec)
            wrong += [script.at_scene(index, key, sentence) for key, sentence in complaints(scene, facts)]
    finally:
        if store is not None:
            store.close()
    if wrong:
        raise BadInput("\n".join(wrong))
    return runs


def room_answers(lecture: Lecture, code: str) -> dict[int, list[Answer]]:
    """By scene. Raises BadInput where there is no such room, or where it was opened with another script."""
    directory = lectures_directory()
    if directory is None or not (directory / FILE).is_file():
        raise BadInput("There are no rooms on this computer: DMF_LECTURES is off, or names a folder in which no room was opened.")
    book = AnswerBook(directory / FILE)
    try:
        scripts = {each: text for each, _, text, _ in book.rooms()}
        if code not in scripts:
            raise BadInput(f"There is no room {code[:8]}; rooms that are there: {', '.join(scripts) or 'none'}.")
        if read(scripts[code]).lecture != lecture:
            raise BadInput(f"Room {code} was opened with another script; name the file that it was opened with.")
        return {scene: list(book.answers(code, scene).values()) for scene in range(len(lecture.scene))}
    finally:
        book.close()
