"""An archive from a stranger: one sentence for every trick, nothing on the disk, no memory for a bomb."""

import io
import json
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmf_core import archive, limits
from dmf_core.errors import BadInput
from tests.archive.forgery import Members, array_in, forged, npy, packed, unpacked


def _refused(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as caught:
        archive.read(content)
    assert "\n" not in str(caught.value)


def _json(name: str, **values: Any) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[name] = json.dumps(json.loads(members[name]) | values).encode()

    return change


def _array(name: str, make: Callable[[np.ndarray], np.ndarray]) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[f"arrays/{name}.npy"] = npy(make(array_in(members, name).copy()))

    return change


def _put(name: str, body: bytes) -> Callable[[Members], None]:
    return lambda members: members.update({name: body})


def _drop(name: str) -> Callable[[Members], None]:
    return lambda members: members.pop(name) and None


def _spoilt(array: np.ndarray, value: float) -> np.ndarray:
    array.flat[-1] = value
    return array


HUGE = npy(np.zeros(2)).replace(b"(2,)", b"(9999999999999,)").replace(b" " * 12, b"", 1)
FORGERIES = {
    "nan in losses": (_array("loss", lambda a: _spoilt(a, np.nan)), "not finite"),
    "infinity in W": (_array("end_to_end_last", lambda a: _spoilt(a, np.inf)), "not finite"),
    "infinity in the truth": (_array("ground_truth", lambda a: _spoilt(a, np.inf)), "not finite"),
    "number too large": (_array("measure_entropy_rank", lambda a: _spoilt(a, 1e200)), "above 1e\\+150"),
    "wrong type": (_array("t", lambda a: a.astype("f4")), "float32 of shape .* where float64"),
    "wrong shape": (_array("singular_values", lambda a: a[:, :-1]), "where float64 of shape"),
    "wrong length": (_array("loss", lambda a: a[:-1]), "where float64 of shape"),
    "pickle": (_array("t", lambda a: np.array([{"a": 1}], dtype=object)), "pickled Python objects"),
    "bare pickle": (_put("arrays/t.npy", pickle.dumps([1, 2])), "not a valid NPY"),
    "huge header": (_put("arrays/t.npy", HUGE), "needs|not a valid NPY"),
    "spectra out of order": (_array("singular_values", lambda a: a[:, ::-1]), "no run can give"),
    "time runs back": (_array("t", lambda a: a[::-1]), "no run can give"),
    "too many snapshots": (_array("t", lambda a: np.arange(21.0)), "snapshots; its spec keeps"),
    "unknown member": (_put("arrays/surprise.npy", npy(np.zeros(3))), "unknown member arrays/surprise.npy"),
    "unknown script": (_put("setup.py", b"print()"), "unknown member setup.py"),
    "missing member": (_drop("arrays/loss.npy"), "lacks the member arrays/loss.npy|no member"),
    "missing factors": (_drop("arrays/factors_first_2.npy"), "lacks the member"),
    "missing spec": (_drop("spec.json"), "no member spec.json"),
    "spec of another run": (_json("spec.json", seed=5), "its spec is that of"),
    "spec with nonsense": (_json("spec.json", seed=-1), "seed is -1"),
    "spec that is no json": (_put("spec.json", b"{"), "not valid JSON"),
    "result that boasts": (_json("result.json", gradients=1), "does not agree"),
    "result without end": (_json("result.json", outcome="perfect"), "does not say how the run ended"),
    "result whose end is no word": (_json("result.json", outcome={"a": 1}), "does not say how the run ended"),
    "result with control letters": (_json("result.json", message="\x1b[2J"), "does not say how the run ended"),
    "newer format": (_json("manifest.json", format=2), "format 2, but this program reads up to format 1"),
    "manifest without limit": (_json("manifest.json", picture_limit=None), "does not fit its format"),
    "manifest with odd measure": (_json("manifest.json", measures=["__class__"]), "does not fit its format"),
}


@pytest.mark.parametrize("name", list(FORGERIES))
def test_forged_archive_is_refused_in_one_sentence(name: str, content: bytes) -> None:
    change, sentence = FORGERIES[name]
    _refused(forged(content, change), sentence)


def test_changed_member_is_refused_by_its_hash(content: bytes) -> None:
    members = unpacked(content)
    _array("loss", lambda a: a * 2)(members)
    _refused(packed(members, honest=False), "sha256 differs")


def test_member_that_the_manifest_does_not_know_is_refused(content: bytes) -> None:
    _refused(packed(unpacked(content) | {"notes.txt": b"hello"}, honest=False), "not in the manifest")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.npy",
        "/etc/passwd.npy",
        "arrays/../../evil.npy",
        "C:/evil.npy",
        "arrays\\evil.npy",
        "a/b/c.npy",
        "arrays/",
        ".npy",
    ],
)
def test_path_that_climbs_is_refused(name: str, content: bytes) -> None:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as members:
        info = zipfile.ZipInfo("x")
        info.filename = name  # ZipInfo itself would tidy it
        members.writestr(info, b"")
    _refused(stream.getvalue(), "not allowed")


def test_symbolic_link_is_refused(content: bytes) -> None:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as members:
        info = zipfile.ZipInfo("arrays/link.npy")
        info.external_attr = 0o120777 << 16
        members.writestr(info, "/etc/passwd")
    _refused(stream.getvalue(), "symbolic link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(content: bytes) -> None:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as members:
        members.writestr("spec.json", "{}")
    _refused(stream.getvalue(), "two members named spec.json")


def test_too_many_members_are_refused(content: bytes) -> None:
    extra = {f"arrays/x{i}.npy": b"" for i in range(limits.ARCHIVE_MEMBERS)}
    _refused(packed(unpacked(content) | extra), f"at most {limits.ARCHIVE_MEMBERS}")


def test_encrypted_member_is_refused(content: bytes) -> None:
    changed = bytearray(content)
    changed[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    _refused(bytes(changed), "encrypted")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_truncated_archive_is_refused(share: float, content: bytes) -> None:
    _refused(content[: int(share * len(content))], "not a complete zip")


@pytest.mark.parametrize("name", ["manifest.json", "spec.json", "arrays/t.npy", "arrays/pictures.npy"])
def test_bomb_is_refused_without_the_memory_it_asks_for(name: str, content: bytes) -> None:
    bomb = forged(content, _put(name, bytes(300 << 20))) if name != "manifest.json" else packed(
        unpacked(content) | {name: bytes(300 << 20)}, honest=False
    )  # fmt: skip
    tracemalloc.start()
    _refused(bomb, "unpacks .* to more than")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < 2 << 20
    assert peak < 30 << 20


def test_declared_size_above_the_limit_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARCHIVE_BYTES", 1000)
    _refused(content, "unpacks to")


def test_size_that_is_declared_too_small_is_refused(content: bytes) -> None:
    changed = bytearray(content)
    place = content.rindex(b"PK\x01\x02")  # the last entry of the central directory
    changed[place + 24 : place + 28] = (10).to_bytes(4, "little")
    _refused(bytes(changed), "damaged")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5))
def test_damaged_archive_is_the_same_run_or_a_sentence(content: bytes, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(content)
    for place, value in changes:
        damaged[place % len(content)] = value
    try:
        back = archive.read(bytes(damaged))
    except BadInput as error:
        assert "\n" not in str(error)
        return
    assert archive.write(back.trajectory, back.spec, back.inputs) == content


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_sentence(content: bytes) -> None:
    _refused(content, "not a complete zip")
