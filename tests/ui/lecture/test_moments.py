"""Moments of a run, what does not fit it, and that a phone has nothing of the future."""

import gzip
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from dmf_core.analysis.replay import explained
from dmf_core.presets import preset_spec
from dmf_core.simulate import run as simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Trajectory
from ui.lecture.moments import complaints, moments, packed, solution, start_frame, until
from ui.lecture.script import Scene, read, ready
from ui.lecture.timeline import Moments

Run = tuple[Trajectory, RunSpec]


def _scene(at: str = "690", birth: int = 3, low: int = 690) -> Scene:
    question = f'[scene.question]\ntext = "?"\nrange = [{low}, 1400]\nbirth = {birth}'
    return read(f'title = "T"\n[[scene]]\nheading = "H"\npreset = "five-modes"\nat = {at}\n{question}').lecture.scene[0]


def test_births_are_where_the_curves_pass_half_of_their_height(five_modes: Run) -> None:
    """Against the singular values themselves: a mode is born when it has half of its final value (ui.figures.births)."""
    run, spec = five_modes
    values, t = run.singular_values, run.column("t")
    for mode, born in moments(run, spec).births.items():
        after = float(np.interp(born, t, values[:, mode - 1])) / values[-1, mode - 1]
        assert 0.3 < after < 0.7  # between two snapshots the curve is bent: 0.5 on the curve of the integrator


def test_moments_survive_json(five_modes: Run) -> None:
    each = moments(*five_modes)
    assert Moments.from_dict(json.loads(json.dumps(each.as_dict()))) == each


def test_events_rise_and_end_with_the_last_frame(five_modes: Run) -> None:
    each = moments(*five_modes)
    assert list(each.events) == sorted(set(each.events)) and each.events[-1] == each.last
    frame, steps = 0.0, 0
    while (following := each.next_event(frame)) is not None:
        assert each.previous_event(following) == frame
        frame, steps = following, steps + 1
    assert steps == len(each.events) >= 6  # five births and the end


def test_a_question_begins_at_a_whole_frame_before_its_answer(five_modes: Run) -> None:
    each = moments(*five_modes)
    frame = start_frame(_scene(), each)
    answer = solution(_scene(), each)
    assert frame == int(frame) and each.times[int(frame)] <= 690
    assert answer == each.births[3] and answer > each.times[int(frame)]


@pytest.mark.parametrize(
    ("scene", "key", "words"),
    [
        (_scene(birth=7), "question.birth", "never born"),
        (_scene(low=800), "question.range", "widen it"),
        (_scene(at="900"), "at", "before the scene begins"),
        (_scene(at="99999"), "at", "the run ends at"),
    ],
)
def test_what_does_not_fit_the_run_is_said(five_modes: Run, scene: Scene, key: str, words: str) -> None:
    sentences = complaints(scene, moments(*five_modes))
    assert any(each == key and words in sentence for each, sentence in sentences)


def test_a_scene_that_fits_has_no_complaint(five_modes: Run) -> None:
    assert not complaints(_scene(), moments(*five_modes))


def test_the_bytes_until_a_frame_do_not_depend_on_what_comes_after(five_modes: Run) -> None:
    run, spec = five_modes
    frame = int(start_frame(_scene(), moments(run, spec)))
    altered = [
        replace(each, t=each.t * 3, loss=0.0, singular_values=each.singular_values * 0) for each in run.snapshots[frame + 1 :]
    ]
    other = replace(run, snapshots=(*run.snapshots[: frame + 1], *altered), end=None, accuracy=Accuracy(0.5, 0.5, 0.5, 0.5, True))
    assert until(other, frame).accuracy is None  # it is about the end
    assert packed(run, spec, frame) == packed(other, spec, frame)
    assert packed(run, spec) != packed(run, spec, frame)


def test_the_bytes_until_a_frame_hold_no_later_moment(five_modes: Run) -> None:
    run, spec = five_modes
    each = moments(run, spec)
    frame = int(start_frame(_scene(), each))
    body = json.loads(gzip.decompress(packed(run, spec, frame)))
    assert body["frames"] == frame + 1 and body["growing"]
    assert {event[1] for event in body["timeline"]} <= {0, 1, 2}
    assert "733" not in json.dumps(body["summary"] + body["titles"] + body["live"])  # the birth of mode 3


def test_the_theory_of_a_hidden_future_ends_with_it_and_predicts_no_birth() -> None:
    spec = preset_spec("five-modes").replaced({"problem.rows": 12, "problem.columns": 12, "problem.observations": 90})
    run = explained(simulate(spec), spec)
    frame, insight = len(run.snapshots) // 2, run.insight
    assert insight is not None and insight.check is not None and np.isfinite(insight.births).any()
    rows = {name: getattr(insight, name).copy() for name in ("sigma", "pull", "measured", "imbalance", "off_flow")}
    for values in rows.values():
        values[frame + 1 :] = 7.0
    turned = replace(insight.check, turning=np.full_like(insight.check.turning, 7.0))
    turned.turning[: frame + 1] = insight.check.turning[: frame + 1]
    other = replace(run, insight=replace(insight, **rows, births=insight.births * 0, check=turned))
    body = json.loads(gzip.decompress(packed(run, spec, frame)))
    assert body["law"]["missing"] == "" and body["law"]["frames"][-1] == frame and body["predicted"] == []
    assert packed(run, spec, frame) == packed(other, spec, frame)


@pytest.mark.parametrize("share", [1, 2])
def test_matrix_of_a_phone_follows_the_run(share: int, five_modes: Run) -> None:
    run, spec = five_modes
    last = len(run.snapshots) // share - 1
    frames = json.loads(gzip.decompress(packed(run, spec, None if share == 1 else last)))["picture"]["frames"]
    assert len(frames) >= 7 and frames[0] == 0 and frames[-1] == last


def test_the_numbers_in_the_ready_notes_are_those_of_the_run(five_modes: Run) -> None:
    notes = read(ready()["ten-minutes"]).lecture.scene[3].notes
    births = {int(mode): float(t) for mode, t in re.findall(r"[Mm]ode (\d) (?:was born )?at t = (\d+)", notes)}
    assert births == {mode: round(moments(*five_modes).births[mode]) for mode in (1, 2)}
