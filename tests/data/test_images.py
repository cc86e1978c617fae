"""Pictures, and the photograph that every machine has, completed from 30 % of its pixels."""

import io
import struct
import zlib

import numpy as np
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image

from dmf_core.data import ReadOptions, images, read
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec


def read_matrix(name: str, content: bytes, options: ReadOptions | None = None) -> np.ndarray:
    return read(content, name, options or ReadOptions()).array


def _bytes(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **more)
    return stream.getvalue()


def _photograph(side: int) -> np.ndarray:
    with get_sample_data("grace_hopper.jpg") as file:
        return read_matrix("grace_hopper.jpg", file.read(), ReadOptions(image_side=side))


def test_image_is_grey_from_zero_to_one_with_rows_down() -> None:
    picture = Image.fromarray(np.array([[0, 51], [102, 255], [0, 0]], dtype=np.uint8))
    np.testing.assert_allclose(read_matrix("p.png", _bytes(picture)), [[0, 0.2], [0.4, 1], [0, 0]])


def test_image_is_recognized_by_its_content_whatever_its_name() -> None:
    data = read(_bytes(Image.new("L", (3, 4), 255)), "data.csv")
    assert data.array.shape == (4, 3)
    assert "PNG picture" in data.words


def test_image_is_reduced_to_the_longer_side() -> None:
    data = read(_bytes(Image.new("RGB", (300, 150), "white")), "p.png", ReadOptions(image_side=60))
    assert data.array.shape == (30, 60)
    assert "300 x 150" in data.words


def test_image_keeps_its_mean_when_reduced() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 200)).astype(np.uint8)
    small = read_matrix("p.png", _bytes(Image.fromarray(pixels)), ReadOptions(image_side=50))
    assert abs(small.mean() - pixels.mean() / 255) < 0.002


def test_image_is_turned_as_its_orientation_says() -> None:
    picture = Image.fromarray(np.array([[0, 85, 255]] * 2, dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    assert read_matrix("p.png", _bytes(picture, exif=exif)).shape == (3, 2)


def test_image_of_sixteen_bits_keeps_its_greys() -> None:
    picture = Image.fromarray(np.array([[0, 65535], [257 * 51, 257 * 102]], dtype=np.uint16))
    np.testing.assert_allclose(read_matrix("p.png", _bytes(picture)), [[0, 1], [0.2, 0.4]])


def test_image_is_white_where_it_is_transparent() -> None:
    picture = Image.new("RGBA", (2, 2), (0, 0, 0, 0))
    assert read_matrix("p.png", _bytes(picture)).tolist() == [[1, 1], [1, 1]]


def _bomb() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("p.png", _bomb(), "at most 50 million"),
        ("p.png", b"not a picture", "cannot be read"),
        ("p.jpg", _bytes(Image.new("L", (50, 50)), "JPEG")[:300], "cannot be read"),
        ("p.png", _bytes(Image.new("L", (1, 9))), "9 x 1; both sides"),
        ("p.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
    ],
)
def test_image_faults_are_one_sentence(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as caught:
        read_matrix(name, content)
    assert "0x" not in str(caught.value)


def test_error_of_the_program_is_not_taken_for_a_broken_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise TypeError

    monkeypatch.setattr(images, "_grey", broken)
    with pytest.raises(TypeError):
        read(_bytes(Image.new("L", (3, 4))), "p.png")


def test_photograph_is_completed_from_thirty_percent_of_its_pixels_better_than_by_its_mean() -> None:
    matrix = _photograph(100)
    inputs = Inputs(data=matrix)
    changes = {
        "problem.observations": round(0.3 * matrix.size),
        "problem.normalize": "center",
        "model.depth": 2,
        "stop.loss": 1e-3,
    }
    spec = with_inputs(RunSpec(), inputs).replaced(changes)
    trajectory = run(spec, inputs)
    assert trajectory.end is not None
    assert trajectory.end.outcome.done
    hidden = ~trajectory.start.observed_mask
    mean = matrix[~hidden].mean()
    baseline = float(((matrix[hidden] - mean) ** 2).mean())
    reached = trajectory.snapshots[-1].measures["unobserved_error"]
    assert reached is not None
    assert reached < 0.5 * baseline  # measured: 0.026 against 0.065, a ratio of 0.40
    assert hidden.mean() == pytest.approx(0.7, abs=0.001)
