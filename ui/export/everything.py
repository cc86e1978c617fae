"""All other exports of a run in one .zip, and the run inside it."""

import io
import re
import zipfile
from functools import partial

from dmf_core import limits
from dmf_core.data.zips import UNREADABLE
from ui.export.kinds import KINDS
from ui.export.source import Source, Tell

EPOCH = (1980, 1, 1, 0, 0, 0)  # no clock in the bytes
RUN = re.compile(r"dmf-[0-9a-f]{8}\.zip")


def everything(source: Source, tell: Tell) -> bytes:
    """Every kind that this run has and this server can make, films included; tells how far it is."""
    kinds = [kind for kind in KINDS if kind.applies(source) and not kind.missing()]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for k, kind in enumerate(kinds):
            tell(k / len(kinds))
            content = kind.make(source, partial(_tell_part, tell, k, len(kinds)))
            archive.writestr(zipfile.ZipInfo(source.name + kind.suffix, EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def run_inside(content: bytes) -> bytes:
    """The archive of the run, where this is a .zip of everything; any other bytes as they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            runs = [info for info in archive.infolist() if RUN.fullmatch(info.filename)]
            if len(runs) != 1 or runs[0].file_size > limits.UPLOAD_BYTES:
                return content
            with archive.open(runs[0]) as member:
                return member.read(limits.UPLOAD_BYTES)
    except UNREADABLE:
        return content  # the reader of archives says what is wrong


def _tell_part(tell: Tell, k: int, count: int, share: float) -> None:
    tell((k + share) / count)
