"""The photograph that comes with the program: the same as matplotlib's, and a run of it needs no file."""

import io
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

from dmf_core import archive
from dmf_core.data.images import read_picture
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs, digest_of
from dmf_core.prepare import with_sample
from dmf_core.presets import preset_spec
from dmf_core.problems.samples import PHOTOGRAPH, SAMPLES, sample
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.figures.picture import greys
from ui.figures.theme import HALF, grey_scale
from ui.session.state import from_address, to_address

SHORT = {"stop.iterations": 3}


def test_samples_are_the_data_that_their_digests_name() -> None:
    for digest in SAMPLES:
        values = sample(digest)
        assert values is not None and digest_of(values) == digest
        assert with_sample(RunSpec().replaced({"problem.kind": "observed_data", "problem.data": digest})).data is values
    assert preset_spec("photograph").problem.data == PHOTOGRAPH
    assert sample("0" * 64) is None


def test_photograph_is_that_of_matplotlib_reduced() -> None:
    content = (Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg").read_bytes()
    fresh, ours = read_picture(content, 120).array, sample(PHOTOGRAPH)
    assert ours is not None and fresh.shape == ours.shape
    assert np.abs(fresh - ours).max() <= 2 / 255  # other versions of the decoder may round a grey otherwise


def test_photograph_runs_from_its_spec_alone_and_its_archive_and_link_hold_it() -> None:
    spec = preset_spec("photograph").replaced(SHORT)
    assert not spec.needs_inputs and spec.shape == (120, 102)
    alone, given = run(spec), run(spec, with_sample(spec))
    assert alone.end is not None and given.end is not None
    assert (alone.end.end_to_end_last == given.end.end_to_end_last).all()
    opened = archive.read(archive.write(given, spec, with_sample(spec)))
    assert opened.spec == spec and (opened.trajectory.singular_values == given.singular_values).all()
    session = from_address(to_address(spec))
    assert session.spec == spec and session.inputs.data is sample(PHOTOGRAPH)
    with pytest.raises(BadInput, match="no matrix was given"):
        run(spec.replaced({"problem.data": "0" * 64}))


def _png(greys: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(greys.astype(np.uint8)).save(content, "PNG")
    return content.getvalue()


def test_only_pictures_are_drawn_in_grey() -> None:
    spec = preset_spec("photograph").replaced(SHORT)
    black_white = greys(run(spec).start, spec)
    assert black_white == pytest.approx((9 / 255, 1.0), abs=1e-6)  # the darkest and the lightest pixel
    scale = grey_scale(*black_white)
    assert (scale[HALF + 9] == 0).all() and (scale[-1] == 255).all() and (np.diff(scale[:, 0].astype(int)) >= 0).all()
    centred = spec.replaced({"problem.normalize": "center"})
    assert greys(run(centred).start, centred) is not None
    for steps in (1023, 65535):  # of a camera
        deep = Inputs(np.random.default_rng(0).integers(0, steps + 1, (12, 9)) / steps)
        camera = spec.replaced({"problem.data": digest_of(deep.data), "problem.observations": 90})
        assert greys(run(camera, deep).start, camera) is not None
    anything = Inputs(np.random.default_rng(0).random((12, 9)))
    table = spec.replaced({"problem.data": digest_of(anything.data), "problem.observations": 90})
    assert greys(run(table, anything).start, table) is None
    ratings = Inputs(np.random.default_rng(0).integers(1, 6, (12, 9)).astype(float))
    table = spec.replaced({"problem.data": digest_of(ratings.data), "problem.observations": 90})
    assert greys(run(table, ratings).start, table) is None
    stretched = spec.replaced({"problem.normalize": "minmax"})
    assert greys(run(stretched).start, stretched) == pytest.approx((0, 1), abs=0.01)  # ends of the training entries alone
    opened = archive.read(archive.write(run(stretched), stretched)).trajectory
    assert opened.start.of_picture
    picture = read_picture(_png(np.arange(108).reshape(12, 9)), 120)
    uploaded = Inputs(picture.array, account=picture.account.as_json(None))
    changes = {"problem.data": digest_of(picture.array), "problem.observations": 90, "problem.normalize": "minmax"}
    stretched = spec.replaced(changes)
    start = archive.read(archive.write(run(stretched, uploaded), stretched, uploaded)).trajectory.start
    assert greys(start, stretched) is not None
    assert greys(run(stretched, Inputs(picture.array)).start, stretched) is None  # the same numbers, read as a table
    without_sample = RunSpec().replaced(SHORT)
    assert greys(run(without_sample).start, without_sample) is None
