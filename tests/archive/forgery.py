"""Ways to change an archive as a stranger might."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable

import numpy as np

Members = dict[str, bytes]


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=array.dtype.hasobject)
    return stream.getvalue()


def array_in(members: Members, name: str) -> np.ndarray:
    return np.load(io.BytesIO(members[f"arrays/{name}.npy"]))


def unpacked(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members, honest: bool = True) -> bytes:
    """A zip of these members. `honest`: the manifest's hashes are made to fit, as a careful forger would."""
    members = dict(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        others = (name for name in members if name != "manifest.json")
        manifest["sha256"] = {name: hashlib.sha256(members[name]).hexdigest() for name in others}
        members["manifest.json"] = json.dumps(manifest).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return stream.getvalue()


def forged(content: bytes, change: Callable[[Members], None]) -> bytes:
    """The archive after a change of its members, with hashes that fit again."""
    members = unpacked(content)
    change(members)
    return packed(members)
