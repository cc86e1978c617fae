"""Uploads: files of every kind that is read, damaged, under other names, and read by choices that do not fit them."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.fuzz import mutation
from dmf_core import limits
from dmf_core.archive.accounts import account_of
from dmf_core.data import ReadOptions, options_from_text, read
from dmf_core.data.options import KINDS
from dmf_core.errors import BadInput

CASES = Path(__file__).parents[2] / "tests" / "data" / "cases"
ENDINGS = ("csv", "tsv", "data", "dat", "npy", "npz", "png", "jpg", "tif", "tns", "mat", "mtx", "xlsx", "ods", "parquet", "json")
MATLAB = 0.02  # of those inputs that are read by a process of its own, which takes half a second
PICTURES = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP")


def cases() -> Callable[[random.Random], None]:
    """What reads one file."""
    files = {file.name: file.read_bytes() for file in sorted(CASES.iterdir())} | _made()

    def attempt(chance: random.Random) -> None:
        name = chance.choice(sorted(files))
        content = files[name]
        if content[:6] == b"MATLAB" and chance.random() > MATLAB:
            return
        if chance.random() < 0.4:
            name = chance.choice(("m", "../../x", "x\x00", "é" * 300, "")) + "." + chance.choice(ENDINGS)
        match chance.randrange(5):
            case 0:
                content = content[: chance.randrange(len(content) + 1)]
            case 1 if b"\x00" not in content:
                content = mutation.of_text(chance, content.decode("utf-8", "replace")).encode("utf-8", "replace")
            case 2:
                content = _packed(chance, name, content)
            case _:
                content = mutation.of_bytes(chance, content)
        check(name, content, *_options(chance))

    return attempt


def check(name: str, content: bytes, *options: ReadOptions) -> None:
    """An array that a run can use and an account that an archive can hold, or one sentence; also with these options."""
    for each in options or (ReadOptions(),):
        try:
            reading = read(content, name, each)
        except BadInput as error:
            assert str(error) and "\n" not in str(error) and len(str(error)) < 900, repr(str(error))
            continue
        array, account = reading.array, reading.account
        assert (account.shape, account.known) == (array.shape, int((~np.isnan(array)).sum()))
        assert account_of(json.loads(json.dumps(account.as_json(None), allow_nan=False)), array)
        assert array.dtype == np.float64
        assert array.ndim == 2 or each.kind in ("auto", "tensor") or len(each.columns) > 3  # a list with three indices
        assert array.ndim <= limits.MAX_ORDER
        assert all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in array.shape)
        assert not np.isinf(array).any() and not np.isnan(array).all()


def _options(chance: random.Random) -> list[ReadOptions]:
    """As they are typed in the sidebar or on the command line."""
    yes_or_no = ("auto", "yes", "no")
    try:
        given = options_from_text(
            kind=chance.choice(KINDS),
            columns=chance.choice((None, None, "1,2,3", "user,item,rating", "3,1,2,4", "1,1,1", "x,,y", "99,2,3")),
            header=chance.choice(yes_or_no),
            index=chance.choice(yes_or_no),
            separator=chance.choice((None, None, ",", ";", "tab", "::", "|", "x", ".")),
            decimal=chance.choice((None, None, "point", "comma")),
            unknown=chance.choice((None, None, "none", "0", "0,99", "-1e308")),
            duplicates=chance.choice(("last", "first", "mean")),
            largest=chance.choice((None, None, 2, 7, 500)),
            part=chance.choice((None, None, None, "A", "Sheet1", "x")),
            image_side=chance.choice((100, 2, 300)),
        )
    except BadInput:  # choices that exclude each other
        return [ReadOptions()]
    return [ReadOptions(), given] if chance.random() < 0.5 else [given]


def _packed(chance: random.Random, name: str, content: bytes) -> bytes:
    """In a zip, perhaps with another file beside it or with damage."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))) as file:
        file.writestr(name or "x", content)
        if chance.random() < 0.5:
            file.writestr(chance.choice(("readme.txt", "b.csv", "../x", "__MACOSX/._a.csv")), b"1,2,3\n4,5,6\n")
    packed = stream.getvalue()
    return mutation.of_bytes(chance, packed) if chance.random() < 0.5 else packed


def _made() -> dict[str, bytes]:
    """Files of kinds that stand in no folder of the tests."""
    stream = io.BytesIO()
    np.save(stream, np.arange(12.0).reshape(3, 4))
    made = {"m.npy": stream.getvalue(), "m.csv": b"1,2,3\n4,,6\n", "ratings.dat": b"1::2::3\n2::1::4\n"}
    for kind in PICTURES:
        stream = io.BytesIO()
        Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(stream, kind)
        made[f"p.{kind.lower()}"] = stream.getvalue()
    return made
