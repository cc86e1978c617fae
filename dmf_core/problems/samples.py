"""Data that come with the program: a run of them needs no file, and its spec alone makes it again."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """A picture in the folder of this file, 8-bit grey."""

    file: str
    sentence: str  # what it is


PHOTOGRAPH = "b518d95da560a4bb34a89ecdfb1e773470e26cef4e029b1b61e4a403abd35668"
SAMPLES = {  # by the digest of the data
    # grace_hopper.jpg of matplotlib's sample data (US Navy, public domain), reduced once, so that no decoder changes a grey
    PHOTOGRAPH: Sample(
        "grace_hopper.png",
        "A photograph of Grace Hopper that comes with matplotlib, reduced to 120 x 102 grey values from 0 to 1.",
    ),
}


@cache
def sample(digest: str | None) -> np.ndarray | None:  # [rows, columns] float64, read-only
    """The data of this digest; None where they do not come with the program."""
    from PIL import Image

    known = SAMPLES.get(digest or "")
    if known is None:
        return None
    picture = Image.open(io.BytesIO((HERE / known.file).read_bytes()), formats=("PNG",))
    values = np.asarray(picture, dtype=np.float64) / 255
    values.setflags(write=False)
    return values
