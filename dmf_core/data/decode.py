"""The bytes of a text in UTF-8 or a Western code page: UTF-16 and UTF-32 are turned, byte order marks dropped."""

import codecs
import re

from dmf_core.errors import BadInput

CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")  # never in a text of numbers
WINDOWS, NOWHERE = re.compile(rb"[\x80-\x9f]"), re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PROBE = 4096  # bytes that show whether every second one is zero
CHUNK = 1 << 20  # bytes that are decoded at once, so that the text is not in memory a second time


def as_bytes(content: bytes) -> tuple[bytes, str]:
    """The text without byte order mark, and its encoding: utf-8, cp1252 or latin-1. Raises BadInput for what is no text."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _checked(_turned(content[len(mark) :], encoding)), "utf-8"
    wide = _wide(content)
    if wide:
        return _checked(_turned(content, wide)), "utf-8"
    plain = content.removeprefix(codecs.BOM_UTF8).removesuffix(b"\x1a")  # Control-Z ended a file of DOS
    return _checked(plain), "utf-8" if _is_utf8(plain) else "cp1252" if _is_windows(plain) else "latin-1"


def _wide(content: bytes) -> str | None:
    """The encoding of UTF-16 text without a byte order mark, recognized by where its zero bytes stand."""
    even, odd = content[:PROBE:2], content[1:PROBE:2]
    if len(content) < 4 or len(content) % 2:
        return None
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if max(zeros) < 0.5 or min(zeros) > 0.05:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _turned(content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeError:
        raise BadInput(f"The text is not complete {encoding[:6].upper()}; save it again as UTF-8.") from None


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), CHUNK):
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
    except UnicodeDecodeError:
        return False
    return True


def _is_windows(content: bytes) -> bool:
    """Whether some bytes are characters in Windows-1252 but not in Latin-1, and none is undefined in Windows-1252."""
    return WINDOWS.search(content) is not None and NOWHERE.search(content) is None


def _checked(content: bytes) -> bytes:
    if CONTROL.search(content):
        raise BadInput("The file is neither text, nor NPY, nor a picture that can be read; give CSV, NPY, ratings, PNG or JPEG.")
    return content
