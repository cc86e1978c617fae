"""Archives: damaged bytes, forged members whose hashes fit, and zips that are not what they say."""

import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable

import numpy as np

from benchmarks.fuzz import mutation
from dmf_core import archive
from dmf_core.errors import BadInput
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from tests.archive.forgery import Members, npy, packed, unpacked
from ui.figures.payload import payload

TINY = {"problem.rows": 6, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20, "snapshots.count": 8}
TENSOR = {"problem.kind": "tensor_completion", "model.kind": "cp"}


def cases() -> Callable[[random.Random], None]:
    """What tries one archive. Raises AssertionError, or whatever the program raises that it must not."""
    specs = [RunSpec().replaced({name: value for name, value in TINY.items() if name != "snapshots.count"})]
    originals = [archive.write(run(spec), spec) for spec in specs]

    def attempt(chance: random.Random) -> None:
        original = chance.choice(originals)
        match chance.randrange(4):
            case 0:
                content = mutation.of_bytes(chance, original)
            case 1:
                content = _zip(chance, unpacked(original))
            case _:
                members = unpacked(original)
                for _ in range(chance.randint(1, 3)):
                    _change(chance, members)
                content = packed(members, honest="manifest.json" in members and _is_object(members["manifest.json"]))
        check(content)

    return attempt


def check(content: bytes) -> None:
    """A run that can be shown, or one sentence."""
    try:
        opened = archive.read(content)
    except BadInput as error:
        assert str(error) and "\n" not in str(error) and len(str(error)) < 2000, repr(str(error))
        return
    payload(opened.trajectory, opened.spec)


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def _change(chance: random.Random, members: Members) -> None:
    name = chance.choice(sorted(members))
    if name.endswith(".json") and chance.random() < 0.8:
        try:
            value = json.loads(members[name])
        except (ValueError, RecursionError):
            return
        members[name] = json.dumps(mutation.of_value(chance, value)).encode("utf-8", "replace")
    elif name.endswith(".npy") and chance.random() < 0.8:
        members[name] = (
            npy(_array(chance, np.load(io.BytesIO(members[name]), allow_pickle=False))) if _loads(members[name]) else b""
        )
    elif chance.random() < 0.3:
        del members[name]
    elif chance.random() < 0.3:
        members[chance.choice(("arrays/../x.npy", "/etc/x", "arrays/new.npy", "x" * 300, "arrays/", "spec.json "))] = members[
            name
        ]
    else:
        members[name] = mutation.of_bytes(chance, members[name])


def _loads(content: bytes) -> bool:
    try:
        np.load(io.BytesIO(content), allow_pickle=False)
    except Exception:  # damaged by an earlier change, in any way
        return False
    return True


def _array(chance: random.Random, array: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of casts that overflow, which are meant
        match chance.randrange(8):
            case 0 if array.size and array.dtype.kind == "f":
                array = array.copy()
                array.flat[chance.randrange(array.size)] = chance.choice((np.nan, np.inf, -np.inf, -1.0, 0.0, 1e300, 1e-320))
            case 1:
                array = array.astype(chance.choice(("f4", "f8", "f2", "i8", "u1", "?", "c16", "U3", "M8[s]", ">f8")))
            case 2:
                array = array[..., :-1] if array.ndim else array
            case 3:
                array = array[None]
            case 4:
                array = array[::-1] if array.ndim else array
            case 5:
                array = np.repeat(array, 2, axis=0) if array.ndim else array
            case 6:
                array = array.reshape(-1)[:0]
            case _:
                array = np.asfortranarray(array) * chance.choice((-1, 2, 1e200)) if array.dtype.kind == "f" else array
    return array


def _zip(chance: random.Random, members: Members) -> bytes:
    """Members twice, bombs, other methods, comments, directories."""
    stream = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(
            stream, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
        ) as file,
    ):
        warnings.simplefilter("ignore")  # of names that come twice, which are meant
        for name, body in members.items():
            file.writestr(name, body)
            if chance.random() < 0.1:
                file.writestr(name, chance.choice((body, b"", b"{}")))
        match chance.randrange(5):
            case 0:
                file.writestr("arrays/t.npy" if chance.random() < 0.5 else "bomb", bytes(30_000_000))
            case 1:
                for number in range(300):
                    file.writestr(f"arrays/{number}.npy", b"")
            case 2:
                file.comment = b"x" * 60_000
            case 3:
                file.mkdir("arrays")
            case _:
                pass
    content = stream.getvalue()
    return mutation.of_bytes(chance, content) if chance.random() < 0.3 else content
