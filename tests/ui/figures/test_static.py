"""The still picture: the same bytes for the same run, its stamp, its time, and no run that breaks it."""

import io
import re
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.plot_options import PlotOptions
from ui.figures.static import picture, stamp
from ui.figures.theme import LIGHT


@pytest.fixture(scope="module")
def spec() -> RunSpec:
    return preset_spec("five-modes")


@pytest.fixture(scope="module")
def trajectory(spec: RunSpec) -> Trajectory:
    return run(spec)


@pytest.mark.parametrize("format", ["png", "svg"])
def test_picture_bytes_are_the_same_for_the_same_run(format: str, trajectory: Trajectory, spec: RunSpec) -> None:
    assert picture(trajectory, spec, format) == picture(trajectory, spec, format)  # type: ignore[arg-type]


def test_picture_bytes_are_the_same_from_many_threads(trajectory: Trajectory, spec: RunSpec) -> None:
    pictures: list[bytes] = []
    threads = [threading.Thread(target=lambda: pictures.append(picture(trajectory, spec, "svg"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pictures)) == 1
    assert len(pictures) == 3


def test_picture_png_carries_run_seed_and_spec(trajectory: Trajectory, spec: RunSpec) -> None:
    image = Image.open(io.BytesIO(picture(trajectory, spec)))
    assert image.size == (1400, 775)
    words = image.info["Description"]
    assert spec.digest() in words
    assert RunSpec.from_json(words.partition("; spec ")[2]) == spec
    assert stamp(spec) in words


def test_picture_svg_carries_run_seed_and_no_date(trajectory: Trajectory, spec: RunSpec) -> None:
    text = picture(trajectory, spec, "svg").decode()
    assert spec.digest() in text
    assert "seed 7" in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


def test_stamp_is_drawn(trajectory: Trajectory, spec: RunSpec) -> None:
    other = spec.replaced({"seed": 8})  # the same numbers under another name
    a, b = (np.asarray(Image.open(io.BytesIO(picture(trajectory, each))).convert("L")) for each in (spec, other))
    rows, columns = np.nonzero(a != b)
    assert rows.min() > 0.96 * a.shape[0]
    assert columns.min() > 0.75 * a.shape[1]


def test_picture_has_the_colours_of_the_modes(trajectory: Trajectory, spec: RunSpec) -> None:
    pixels = np.asarray(Image.open(io.BytesIO(picture(trajectory, spec))).convert("RGB")).reshape(-1, 3)
    for color in LIGHT.lines[:5]:
        expected = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
        assert (pixels == expected).all(axis=1).sum() > 300, color


def test_picture_of_an_earlier_frame_is_another_one(trajectory: Trajectory, spec: RunSpec) -> None:
    assert picture(trajectory, spec, options=PlotOptions(frame=30)) != picture(trajectory, spec)
    assert picture(trajectory, spec, options=PlotOptions(frame=10**6)) == picture(trajectory, spec)


def _best(work: Callable[[], object], times: int = 3) -> float:
    took = []
    for _ in range(times):
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return min(took)


@pytest.mark.parametrize("format", ["png", "svg"])
def test_picture_takes_less_than_a_second(format: str, trajectory: Trajectory, spec: RunSpec) -> None:
    assert _best(lambda: picture(trajectory, spec, format)) < 1  # type: ignore[arg-type]


def _cases() -> dict[str, tuple[dict[str, object], Inputs]]:
    holes = np.where(np.random.default_rng(0).random((6, 9)) < 0.5, np.nan, 1.5)
    size = {"problem.rows": 5, "problem.columns": 4, "problem.rank": 1, "problem.observations": 10, "stop.iterations": 4}
    return {
        "small": (size, Inputs()),
        "one singular value above zero": (size | {"model.width": 1}, Inputs()),
        "sensing": (size | {"problem.kind": "matrix_sensing"}, Inputs()),
        "two by two": (size | {"problem.rows": 2, "problem.columns": 2, "problem.observations": 3}, Inputs()),
        "data with holes": ({"problem.kind": "observed_data", "problem.observations": None, "stop.iterations": 4}, Inputs(holes)),
        "data of zeros": ({"problem.kind": "observed_data", "problem.observations": 9}, Inputs(np.zeros((4, 5)))),
        "diverged": ({"integrator.kind": "gradient_descent", "integrator.learning_rate": 900}, Inputs()),
    }


@pytest.mark.parametrize("name", list(_cases()))
def test_picture_is_drawn_for_every_kind_of_run(name: str) -> None:
    changes, inputs = _cases()[name]
    spec = with_inputs(RunSpec().replaced(changes), inputs)
    whole = run(spec, inputs)
    for part in (whole, Trajectory(whole.start, whole.snapshots[:1], None)):
        assert picture(part, spec).startswith(b"\x89PNG")
