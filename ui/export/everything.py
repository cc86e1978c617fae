"""All other exports of a run in one .zip with a list of its files, and the run inside it."""

import io
import re
import zipfile
from collections.abc import Sequence
from functools import partial

from dmf_core import limits
from dmf_core.archive.pack import EPOCH
from dmf_core.data.zips import UNREADABLE
from ui.export.kinds import KINDS, Export
from ui.export.source import Source, Tell
from ui.figures.static import stamp
from ui.figures.words import capital

RUN = re.compile(r"dmf-[0-9a-f]{8}\.zip")


def everything(source: Source, tell: Tell) -> bytes:
    """Every kind that this run has and this server can make, films included, and a README; tells how far it is."""
    kinds = [kind for kind in KINDS if kind.applies(source) and not kind.missing()]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("README.txt", EPOCH), readme(source, kinds), zipfile.ZIP_DEFLATED)
        for k, kind in enumerate(kinds):
            tell(k / len(kinds))
            content = kind.make(source, partial(_tell_part, tell, k, len(kinds)))
            archive.writestr(zipfile.ZipInfo(source.name + kind.suffix, EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def readme(source: Source, kinds: Sequence[Export]) -> str:
    """Which run this is, what each file holds, and what this server could not make."""
    width = max(len(source.name + kind.suffix) for kind in kinds)
    lines = [f"{source.name + kind.suffix:{width}}  {kind.about}" for kind in kinds]
    left_out = [f"Not here: {kind.label}. {kind.missing()}" for kind in KINDS if kind.applies(source) and kind.missing()]
    return "\n".join([f"{capital(stamp(source.spec))}. Everything that can be exported of it:", "", *lines, *left_out, ""])


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
