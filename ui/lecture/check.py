"""`python -m dmf_core lecture check FILE`: whether a script can be given, with its runs made and stored beforehand."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.simulate import run as simulate
from dmf_core.spec import RunSpec
from dmf_core.store import Store, open_store
from dmf_core.trajectory import Trajectory
from ui.figures.words import number
from ui.lecture.moments import complaints, moments, packed, question_part, start_frame
from ui.lecture.script import Script, read
from ui.lecture.timeline import Moments

Say = Callable[[str], None]


def command(file: str, as_json: bool) -> int:
    """Checks a file and prints what is in it. Exit status: 0. Raises BadInput where something does not fit."""
    script = read(text_of(Path(file)))
    say: Say = (lambda _: None) if as_json else print
    store = open_store()
    try:
        rows = check(script, store, say)
    finally:
        if store is not None:
            store.close()
    lecture = script.lecture
    if as_json:
        print(json.dumps({"title": lecture.title, "minutes": lecture.minutes, "scenes": rows, "stored": store is not None}))
        return 0
    questions = sum(scene.question is not None for scene in lecture.scene)
    where = "are in the store" if store is not None else "were made, but DMF_STORE is off, so they are made again in the lecture"
    size = f"{len(lecture.scene)} scenes, {number(lecture.minutes)} minutes, {questions} questions"
    print(f"{lecture.title}: {size}. All runs {where}.")
    return 0


def text_of(file: Path) -> str:
    """The text of a script. Raises BadInput."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file} could not be read ({error.strerror}); give the path of a scene script.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8 text; save it as UTF-8.") from None


def check(script: Script, store: Store | None, say: Say) -> list[dict[str, object]]:
    """Makes the run of every scene, and says what a phone gets. Raises BadInput with every sentence that does not fit."""
    made: dict[str, Trajectory] = {}
    wrong, rows = [], []
    for index, scene in enumerate(script.lecture.scene):
        began, digest = time.monotonic(), scene.spec.digest()
        stored = digest in made or (store is not None and digest in store.rows([digest]))
        run = made[digest] = made.get(digest) or trajectory(scene.spec, store)
        seconds = time.monotonic() - began
        if run.end is None or not run.end.outcome.done:
            why = "it did not end" if run.end is None else run.end.message
            wrong.append(script.at_scene(index, "preset" if scene.preset else "link", f"The run is not complete: {why}"))
            continue
        facts = moments(run, scene.spec)
        wrong += [script.at_scene(index, key, sentence) for key, sentence in complaints(scene, facts)]
        frame = start_frame(scene, facts)
        wrong += _early(script, index, frame, facts)
        size = len(packed(run, scene.spec, *(question_part(scene, facts) if scene.question is not None else (None, None))))
        rows.append({"heading": scene.heading, "digest": digest, "frame": frame, "frames": facts.last + 1, "phone_bytes": size})
        how = "was there" if stored else f"took {seconds:.1f} s"
        say(f"{index + 1:2} {scene.heading}: run {digest[:8]} {how}, {facts.last + 1} frames, {size / 1000:.0f} kB for a phone")
        if size > limits.LECTURE_PACKED_BYTES:
            most = limits.LECTURE_PACKED_BYTES // 1000
            say(f'   more than the {most} kB meant for one; record fewer moments, as in changes = {{ "save.snapshots" = 60 }}')
    if wrong:
        raise BadInput("\n".join(wrong))
    return rows


def _early(script: Script, index: int, frame: float, facts: Moments) -> list[str]:
    """A scene must not show what a later one asks about."""
    later = list(enumerate(script.lecture.scene))[index + 1 :]
    asks = [(number, scene) for number, scene in later if scene.question is not None and scene.spec.digest() == facts.digest]
    return [
        script.at_scene(index, "at", f"This moment is what scene {number + 1} asks about; show an earlier one, or another run.")
        for number, scene in asks
        if frame > start_frame(scene, facts)
    ]


def trajectory(spec: RunSpec, store: Store | None) -> Trajectory:
    """The run of a spec: the stored one, or a new one, which is stored."""
    stored = None if store is None else store.get(spec.digest())
    if stored is not None:
        return stored[0].trajectory
    run = simulate(spec)
    if store is not None and not store.put(run, spec):
        print(f"Run {spec.digest()[:8]} could not be stored; it is made again in the lecture.", file=sys.stderr)
    return run
