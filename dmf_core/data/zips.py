"""Zip files from strangers: checked as a whole, read member by member into memory with a cap, never unpacked to disk."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from typing import BinaryIO, Self

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

NAME = re.compile(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?\.[a-z]{1,5}")  # no dots but the ending's, no drive, no way up
ANY_ARRAY = re.compile(r"(?!.*\.\.)[^\x00-\x1f\x7f/\\:]{1,100}\.npy")  # as numpy.savez takes them; nothing is written to disk
SYMLINK, KINDS = 0o120000, 0o170000  # S_IFLNK and S_IFMT of Unix: the kind of a member in its mode
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, OSError, EOFError)
UNREADABLE = (*DAMAGED, RuntimeError)  # what a stranger's zip file raises; RuntimeError: encrypted, or packed in an unknown way


class SafeZip:
    """The members of a zip file by name. Raises BadInput with a sentence that begins with `kind`."""

    def __init__(self, source: bytes | BinaryIO, kind: str, names: re.Pattern[str] = NAME) -> None:
        self._kind = kind
        self._allowed = names
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        except UNREADABLE as error:
            raise BadInput(f"{kind} is not a complete zip file ({_short(error)}); fetch or export it again.") from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        infos = self._zip.infolist()
        if len(infos) > limits.ARCHIVE_MEMBERS:
            raise BadInput(f"{kind} has {len(infos)} members; at most {limits.ARCHIVE_MEMBERS} are possible.")
        for info in infos:
            self._check(info)
            self._members[info.filename] = info
        total = sum(info.file_size for info in infos)
        if total > limits.ARCHIVE_BYTES:
            raise BadInput(f"{kind} unpacks to {total / 2**20:,.0f} MB; at most {limits.ARCHIVE_BYTES >> 20} MB are possible.")

    @property
    def names(self) -> set[str]:
        return set(self._members)

    def read(self, name: str, most: int) -> bytes:
        """The bytes of this member. Raises BadInput where it is missing, damaged or larger than `most`."""
        info = self._members.get(name)
        if info is None:
            raise BadInput(f"{self._kind} has no member {name}; it is not complete.")
        try:
            with self._zip.open(info) as member:
                content = member.read(most + 1)
        except UNREADABLE as error:
            raise BadInput(f"{self._kind} is damaged in {name} ({_short(error)}); fetch or export it again.") from None
        if len(content) > most:
            raise BadInput(
                f"{self._kind} unpacks {name} to more than the {whole(most)} bytes that it can have; it is not genuine."
            )
        return content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _check(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        if not self._allowed.fullmatch(name):
            raise BadInput(
                f"{self._kind} has a member named {_short(name)}, which is not allowed; names have no way out of the zip."
            )
        if name in self._members:
            raise BadInput(f"{self._kind} has two members named {name}; it is not genuine.")
        if (info.external_attr >> 16) & KINDS == SYMLINK:
            raise BadInput(f"{self._kind} has a symbolic link {name}; only files are allowed.")
        if info.flag_bits & 0x1:
            raise BadInput(f"{self._kind} has an encrypted member {name}; export it without a password.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput(f"{self._kind} packs {name} in an unknown way; use plain or deflated members.")


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else " ".join(str(value).split()) or type(value).__name__
    return text if len(text) <= 80 else text[:77] + "..."
