"""Files in and out: bounded reading, and writing that leaves the whole file or none."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dmf_core.data.read import bounded
from dmf_core.errors import BadInput


def content_of(path: str, most: int) -> bytes:
    """The bytes of a file, also of a pipe. Raises BadInput."""
    try:
        with open(path, "rb") as file:
            content = bounded(file, most + 1)
    except (OSError, ValueError) as error:
        raise cannot("read", path, error) from None
    if len(content) > most:
        raise BadInput(f"{path} has more than {most / 2**20:.0f} MB, the most that can be read; give a smaller file.")
    return content


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """A file that can be read anywhere. Raises BadInput."""
    try:
        file = open(path, "rb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise cannot("read", path, error) from None
    with file:
        if not file.seekable():
            raise BadInput(f"{path} is not a regular file; save it first.")
        yield file


class Output:
    """A place for a file, taken before the work begins, so that a bad path costs no run."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._part = self.path.parent / f".{self.path.name}.{os.getpid()}.part"
        try:
            if self.path.is_dir() or (self.path.exists() and not self.path.is_file()):
                raise BadInput(f"{path} is not a file; choose another name for --out.")
            self._part.open("xb").close()
        except (OSError, ValueError) as error:
            raise cannot("write", path, error) from None

    def write(self, content: bytes) -> None:
        """The whole file, or none: an old one stays until the new one is complete. Raises OSError."""
        with self._part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self._part, self.path)

    def close(self) -> None:
        """Leaves nothing behind but a written file."""
        self._part.unlink(missing_ok=True)


def cannot(do: str, path: str, error: Exception) -> BadInput:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return BadInput(f"Cannot {do} {path}: {reason}; check the name.")
