"""The payload of the player: small, finite, and true to the run."""

import base64
import dataclasses
import json
import math
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from dmf_core import simulate
from dmf_core.inputs import Inputs, digest_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, End, Outcome, Trajectory
from ui.figures import births, notice, words
from ui.figures.payload import BYTES, GROWING_BYTES, payload
from ui.services import Payloads

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7}
RUNS: dict[str, dict[str, Any]] = {
    "depth 3": SMALL,
    "depth 2": {**SMALL, "model.depth": 2},
    "depth 1": {**SMALL, "model.depth": 1, "stop.loss": 1e-3},
    "rank 1": {**SMALL, "problem.rank": 1},
    "rectangular": {**SMALL, "problem.rows": 20, "problem.columns": 140, "problem.observations": 1400, "stop.loss": 1e-3},
    "noise": {**SMALL, "problem.noise": 0.3, "stop.loss": 1e-2},
    "large start": {**SMALL, "init.scale": 5.0},
    "all observed": {**SMALL, "problem.observations": 900},
    "sensing": {
        "problem.kind": "matrix_sensing",
        "problem.rows": 12,
        "problem.columns": 12,
        "problem.rank": 2,
        "problem.observations": 90,
    },
    "two snapshots": {**SMALL, "save.snapshots": 2},
}
Run = tuple[RunSpec, Trajectory]


def _made(name: str) -> Run:
    kind = {key: value for key, value in RUNS[name].items() if key.endswith(".kind")}
    spec = RunSpec().replaced(kind).replaced({key: value for key, value in RUNS[name].items() if key not in kind})
    return spec, simulate.run(spec)


@pytest.fixture(scope="module", params=list(RUNS))
def any_run(request: pytest.FixtureRequest) -> Run:
    return _made(request.param)


@pytest.fixture(scope="module")
def deep() -> Run:
    return _made("depth 3")


@pytest.fixture(scope="module")
def ratings() -> Run:
    """Given entries only, half of them unknown: no truth."""
    source = np.random.default_rng(0)
    data = source.normal(size=(20, 2)) @ source.normal(size=(2, 30))
    data[source.random(data.shape) < 0.5] = np.nan
    spec = RunSpec().replaced({"problem.kind": "observed_data", "stop.loss": 1e-3})
    spec = spec.replaced({"problem.data": digest_of(data), "problem.observations": 200})
    return spec, simulate.run(spec, Inputs(data=data))


def read(spec: RunSpec, run: Any) -> dict[str, Any]:
    """What a browser reads; fails on NaN and Infinity, which are not JSON."""

    def refuse(word: str) -> float:
        raise AssertionError(f"{word} in the payload")

    body: dict[str, Any] = json.loads(payload(run, spec), parse_constant=refuse)
    return body


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def ended(run: Trajectory, count: int, outcome: Outcome) -> Trajectory:
    assert isinstance(run.end, End)
    return dataclasses.replace(run, snapshots=run.snapshots[:count], end=dataclasses.replace(run.end, outcome=outcome))


def numbers(sentence: str) -> list[float]:
    """Every number of a sentence, thin spaces and powers of ten undone."""
    plain = sentence.replace(words.THIN, "").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    plain = re.sub(r"(?<![\d.])10(-\d+)", r"1e\1", plain.replace("·10", "e"))
    return [float(each) for each in re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


def test_payload_of_the_default_run_is_small_enough() -> None:
    spec = RunSpec()
    run = simulate.run(spec)
    assert len(payload(run, spec)) <= BYTES
    assert len(payload(dataclasses.replace(run, end=None), spec)) <= GROWING_BYTES


def test_payload_with_2000_snapshots_is_small_enough(deep: Run) -> None:
    spec, run = deep
    many = tuple(dataclasses.replace(run.snapshots[i * len(run.snapshots) // 2000], position=float(i)) for i in range(2000))
    assert len(payload(dataclasses.replace(run, snapshots=many), spec)) <= BYTES


def test_payload_is_equal_for_equal_runs_and_starts_with_its_id(deep: Run) -> None:
    spec, run = deep
    first = payload(run, spec)
    assert first == payload(run, spec)
    assert re.match(rb'{"id":"[0-9a-f]{16}"', first)
    assert payload(dataclasses.replace(run, end=None), spec)[:30] != first[:30]


def test_payload_has_all_arrays_finite(any_run: Run) -> None:
    spec, run = any_run
    body = read(spec, run)
    assert body["frames"] == len(run.snapshots)
    values = floats(body["values"]).reshape(body["modes"], body["frames"])
    assert np.isfinite(values).all()
    np.testing.assert_allclose(values.T, run.singular_values[:, : body["modes"]], rtol=1e-6)  # float32
    assert all(np.isfinite(floats(text)).all() for text in body["series"].values() if text)


def test_payload_replaces_what_is_not_finite(deep: Run) -> None:
    spec, run = deep
    broken = run.snapshots[20].singular_values.copy()
    broken[:2] = [np.inf, np.nan]
    measures = {**run.snapshots[20].measures, "observed_error": float("nan"), "unobserved_error": float("inf")}
    snapshots = [*run.snapshots[:20], dataclasses.replace(run.snapshots[20], singular_values=broken, measures=measures)]
    body = read(spec, dataclasses.replace(ended(run, 21, Outcome.DIVERGED), snapshots=tuple(snapshots)))
    assert np.isfinite(floats(body["values"])).all()
    assert all(np.isfinite(floats(text)).all() for text in body["series"].values() if text)
    assert body["events"] == []


@pytest.mark.parametrize("count", [1, 2, 5, 40, 80])
def test_payload_of_a_growing_run_works(deep: Run, count: int) -> None:
    spec, run = deep
    body = read(spec, dataclasses.replace(run, snapshots=run.snapshots[:count], end=None))
    assert body["growing"]
    assert body["frames"] == min(count, len(run.snapshots))
    assert body["picture"]["frames"][-1] == body["frames"] - 1
    assert not any("rank" in sentence for sentence in body["summary"])


@pytest.mark.parametrize("with_start", [True, False])
def test_payload_before_a_run_has_axes_only(deep: Run, with_start: bool) -> None:
    spec, run = deep
    body = read(spec, run.start if with_start else None)
    assert body["frames"] == 0
    assert "picture" not in body
    assert (body["true_values"] is not None) == with_start
    assert body["run"] == spec.digest()


def test_payload_without_truth_has_no_dashed_lines(ratings: Run) -> None:
    spec, run = ratings
    body = read(spec, run)
    assert body["true_values"] is None
    assert body["true_levels"] == {}
    assert not body["picture"]["truth_complete"]
    text = " ".join(body["summary"])
    assert "the truth" not in text
    held_out = int(np.isfinite(run.start.ground_truth).sum()) - 200
    assert f"The {held_out} held-out entries: typical error" in text


def test_payload_of_sensing_has_no_observed_picture() -> None:
    spec, run = _made("sensing")
    body = read(spec, run)
    assert body["picture"]["observed"] is None
    assert any("from 90 measurements" in sentence for sentence in body["summary"])


def test_picture_is_a_reordering_of_the_recorded_one(any_run: Run) -> None:
    spec, run = any_run
    picture = read(spec, run)["picture"]
    shots = np.frombuffer(base64.b64decode(picture["values"]), np.int8).reshape(-1, picture["rows"], picture["columns"])
    grid = np.ix_(picture["row_order"], picture["column_order"])
    for frame, shot in zip(picture["frames"], shots, strict=True):
        np.testing.assert_array_equal(shot, run.snapshots[frame].picture[grid])
    assert picture["frames"][0] == 0
    assert picture["frames"][-1] == len(run.snapshots) - 1


def test_events_pass_half_of_a_value_that_was_learned(any_run: Run) -> None:
    spec, run = any_run
    final = run.singular_values[-1]
    for mode, frame, t in read(spec, run)["events"]:
        assert final[mode - 1] > births.LEARNED * final[0]
        whole = run if len(run.snapshots) > 2 else simulate.run(spec.replaced({"save.snapshots": 400}))
        curve = PchipInterpolator(whole.column("t"), whole.singular_values[:, mode - 1])  # through all snapshots, by scipy
        assert curve(t) == pytest.approx(final[mode - 1] / 2, rel=1e-3 if whole is run else 1e-2)  # 0.1 % of the time
        assert births.at(run.column("t"), frame) == pytest.approx(t, rel=1e-2)


def test_titles_name_only_modes_between_start_and_end_of_their_growth(deep: Run) -> None:
    spec, run = deep
    values = run.singular_values
    for frame, title in read(spec, run)["titles"]:
        assert title.startswith("Depth 3: ")
        if "growing" in title:
            for mode in map(int, re.findall(r"\d+", title.split(": ")[1])):
                assert 0.05 < values[min(math.ceil(frame), len(values) - 1), mode - 1] / values[-1, mode - 1] < 1.0
    assert read(spec, run)["titles"][-1][1] == "Depth 3: three modes born"


def test_sentence_about_births_gives_their_times(any_run: Run) -> None:
    spec, run = any_run
    body = read(spec, run)
    sentences = [sentence for sentence in body["summary"] if "born" in sentence]
    times = sorted(t for _, _, t in body["events"])
    assert bool(sentences) == bool(times)
    if not sentences:
        return
    assert words.count(len(times), "mode") in sentences[0].lower() or str(len(times)) in sentences[0]
    given = numbers(sentences[0].split("at t =" if " at t =" in sentences[0] else "between t =")[1])
    expected = times if len(times) <= 6 else times[:1] if len(given) == 1 else [times[0], times[-1]]
    np.testing.assert_allclose(sorted(given), expected, rtol=5e-3)  # three digits are printed
    assert sentences[0].startswith("From a start near zero") == (run.singular_values[0, 0] < 0.05 * run.singular_values[-1, 0])


def test_one_after_another_is_said_only_when_the_next_mode_was_still_small(any_run: Run) -> None:
    spec, run = any_run
    body, values = read(spec, run), run.singular_values
    if not any("one after another" in sentence for sentence in body["summary"]):
        return
    events = sorted(body["events"])
    for (_, frame, _), (mode, _, _) in pairwise(events):
        assert births.at(values[:, mode - 1], frame) < 0.3 * values[-1, mode - 1]


def test_sentence_about_rank_holds(any_run: Run) -> None:
    spec, run = any_run
    values = run.singular_values
    for sentence in read(spec, run)["summary"]:
        match = re.search(r"other (?:(\d+) singular values|singular value) (stayed|ended) below (\S+)\u202f%", sentence)
        if not match:
            continue
        rest = int(match[1] or 1)
        others = values[:, -rest:] if match[2] == "stayed" else values[-1:, -rest:]
        assert others.max() < float(match[3]) / 100 * values[-1, 0]
        assert values[-1, values.shape[1] - rest - 1] > 0.05 * values[-1, 0]
        if "as the truth has" in sentence:
            assert spec.problem.kind != "observed_data"
            assert spec.problem.rank == values.shape[1] - rest


def test_sentence_about_the_error_holds(any_run: Run) -> None:
    spec, run = any_run
    truth, mask = run.start.ground_truth, run.start.observed_mask
    assert run.end is not None
    W = run.end.end_to_end_last
    text = next(each for each in read(spec, run)["summary"] if "typical error" in each or each.startswith("Distance"))
    if text.startswith("Distance"):
        assert numbers(text)[0] == pytest.approx(100 * np.linalg.norm(W - truth) / np.linalg.norm(truth), rel=0.05)
        return
    where = ~mask if text.startswith("Unseen entries") else mask
    miss = np.sqrt(np.mean((W - truth)[where] ** 2))
    values = numbers(text.rpartition("typical error")[2])
    assert values[0] == pytest.approx(miss, rel=0.05)  # two digits are printed
    if "% of a typical entry" in text:
        assert values[1] == pytest.approx(100 * miss / np.sqrt(np.mean(truth[where] ** 2)), rel=0.05)


def test_accuracy_stands_beside_the_digest_and_a_bad_one_in_the_summary(deep: Run) -> None:
    spec, run = deep
    good, bad = (dataclasses.replace(run, accuracy=Accuracy(births, 0.001, None, 0.01)) for births in (0.004, 0.03))
    assert read(spec, good)["provenance"].endswith("· accurate to about 0.4 %")
    assert "Accurate" not in " ".join(read(spec, good)["summary"])
    assert "DMF Lab" in read(spec, bad)["provenance"].split("·")[-1]
    warning = read(spec, bad)["summary"][0]  # a low window shows no other sentence
    assert warning.startswith("△ Less accurate than usual: births to about 3 %; choose a tolerance of 0.001")


def test_payload_changes_when_the_accuracy_comes(deep: Run) -> None:
    spec, run = deep
    served = Payloads()
    before = served.of(run, spec)
    assert served.of(dataclasses.replace(run, accuracy=Accuracy(0.004, 0.001, None, 0.01)), spec) != before


def test_provenance_names_digest_and_seed(deep: Run) -> None:
    spec, run = deep
    digest = spec.digest()
    assert read(spec, run)["provenance"].startswith(f"run {digest[:4]} {digest[4:8]} · seed 7 · DMF Lab ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0216, "0.0216"),
        (39.41, "39.4"),
        (1205.4, "1\u202f205"),
        (-3.5, "−3.5"),
        (40.0, "40"),
        (2.34e-6, "2.34·10⁻⁶"),
        (0.0, "0"),
    ],
)
def test_number_is_printed_in_three_digits(value: float, text: str) -> None:
    assert words.number(value) == text


def test_sentence_of_the_core_has_its_powers_of_ten_typeset() -> None:
    message = "Stopped at t = 1.698e+09 with a training error of 9.99e-07; seed 12e is no number, nor is run 4e7f; 0.38 stays."
    assert words.typeset(message) == message.replace("1.698e+09", "1.7·10⁹").replace("9.99e-07", "9.99·10⁻⁷")


def test_notice_says_how_the_run_ended(deep: Run) -> None:
    _, run = deep
    assert notice.notice(run).kind == "none"
    assert notice.notice(None).kind == "empty"
    growing = notice.notice(dataclasses.replace(run, end=None))
    assert (growing.kind, growing.buttons[0][0]) == ("growing", "cancel")
    assert notice.notice(ended(run, 10, Outcome.CANCELLED)).kind == "cancelled"
    assert notice.notice(ended(run, 10, Outcome.DIVERGED)).kind == "diverged"
