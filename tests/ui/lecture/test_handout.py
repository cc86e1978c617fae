"""The handout: what is in it, and what is not."""

import json
import re

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from tests.ui.lecture.texts import BEFORE, CHOICE, MOMENT, script
from ui.lecture.handout import handout
from ui.lecture.moments import moments, start_frame
from ui.lecture.script import read
from ui.lecture.stills_pdf import last_frame, shown, stills_pdf

TEXT = script(CHOICE, MOMENT, title="T <b>")


def test_handout_holds_each_run_once_the_questions_and_no_notes(five_modes: tuple[Trajectory, RunSpec]) -> None:
    run, spec = five_modes
    page = handout(read(TEXT).lecture, {spec.digest(): run}).decode()
    held = re.findall(r'<script type="application/json" id="run-(\w+)">(.*?)</script>', page)
    assert [digest for digest, _ in held] == [spec.digest()] and json.loads(held[0][1])["frames"] == len(run.snapshots)
    assert page.count('class="stage"') == 2 and "What next?" in page and "When is mode 3 born?" in page
    assert "only for me" not in page and "T &lt;b&gt;" in page and "The room" not in page.partition("<noscript>")[0]
    assert "content=\"default-src 'none';" in page and 'src="' not in page.partition("<script>")[0]  # it asks nobody for anything


def test_handout_with_answers_counts_them(five_modes: tuple[Trajectory, RunSpec]) -> None:
    run, spec = five_modes
    lecture, runs = read(TEXT).lecture, {spec.digest(): run}
    page = handout(lecture, runs, {0: [0, 1, 1], 1: [800.0, 900.0, 1000.0]}).decode()
    assert "<span>One by one</span><i>2</i>" in page and "The room gave 3 answers." in page
    assert "2 of 3 chose what happened." in page
    assert "the middle one is 900" in page and "too late." in page
    assert handout(lecture, runs, {}).decode().count("Nobody in the room answered.") == 2


def test_stills_are_a_page_for_every_scene_and_one_for_the_summary(five_modes: tuple[Trajectory, RunSpec]) -> None:
    run, spec = five_modes
    lecture = read(TEXT.replace('title = "T <b>"', "title = '$\\sigma_1$ and $W = \\begin{pmatrix} 1 \\end{pmatrix}$'")).lecture
    file = stills_pdf(lecture, {spec.digest(): run})
    assert file.startswith(b"%PDF") and file.count(b"/Type /Page ") == 3  # matplotlib writes one such object for every page
    assert stills_pdf(lecture, {spec.digest(): run}) == file
    assert shown(r"$W = \begin{pmatrix} ? & 1 \\ 1 & 0 \end{pmatrix}$:") == r"$W = (?\;\;1;\;\;1\;\;0)$:"
    assert shown("$\\sigma_1$ grows") == "$\\sigma_1$ grows" and shown("$\\href{x}{y}$") == "\\href{x}{y}"


def test_stills_end_where_the_next_question_about_their_run_begins(five_modes: tuple[Trajectory, RunSpec]) -> None:
    run, _ = five_modes
    scenes = read(script(BEFORE, CHOICE, MOMENT)).lecture.scene
    starts = [int(start_frame(scene, moments(run, scene.spec))) for scene in scenes]
    assert starts[0] < starts[1] < starts[2] < len(run.snapshots) - 1
    assert [last_frame(scenes[place:], run) for place in range(3)] == [starts[1], starts[1], starts[2]]
    assert last_frame(scenes[:1], run) is None
