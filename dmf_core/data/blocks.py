"""The files of the Netflix Prize: a line `movie:`, below it lines `user,rating,date`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmf_core.data.rows import FIELDS, Row, TextRows
from dmf_core.errors import BadInput

TITLE = re.compile(rb"\s*\d+:\s*[\r\n]+\s*\d+\s*,\s*\d")


def is_blocks(content: bytes) -> bool:
    return TITLE.match(content[:200]) is not None


@dataclass(frozen=True)
class BlockRows:
    """The ratings of such a file as rows of user, movie, rating."""

    lines: TextRows
    separator: str | None = ","

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        movie, place = "", 0
        for chunk in self.lines.chunks(fields):
            listed = []
            for row in chunk:
                if len(row) == 1 and row[0].strip().endswith(":"):
                    movie = row[0].strip()[:-1]
                elif len(row) < 2:
                    raise BadInput(f"{self.lines.place(place)} is neither `movie:` nor `user,rating,date`; correct it.")
                else:
                    listed.append([row[0], movie, row[1]])
                place += 1
            if listed:
                yield listed

    def place(self, row: int) -> str:
        return f"Rating {row + 1}"
