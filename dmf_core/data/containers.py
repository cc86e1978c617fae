"""Which kind of file this is, by its first bytes; unsafe kinds are named and refused here."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from typing import IO, Literal

from dmf_core import limits
from dmf_core.data.images import is_image
from dmf_core.data.npy import is_npy
from dmf_core.data.zips import DAMAGED, UNREADABLE
from dmf_core.errors import BadInput

Container = Literal["image", "npy", "npz", "mat", "workbook", "parquet", "text"]
TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # how torch.save began before it wrote zip files
PHONE = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
TORCH_SENTENCE = (
    "This is a file of torch.save, which could run code when it is loaded; load it yourself and write the array with "
    "numpy.save(name, tensor.numpy())."
)
PICKLE_SENTENCE = (
    "This is a pickle, which could run code when it is loaded; load it yourself and write the array with numpy.save."
)
HDF5 = "an HDF5 file (MATLAB writes one with -v7.3); save it with save(name, 'A', '-v7'), or as NPY or CSV"
REFUSED = (  # first bytes, and what the file is with the remedy
    (b"\x89HDF\r\n", HDF5),
    (b"MATLAB 7.3", HDF5),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls); save it as .xlsx or CSV"),
    (b"%!PS", "PostScript; save the picture as PNG, or the table as CSV"),
    (b"%PDF", "a PDF; copy the table into a CSV file"),
    (b"ARROW1", "an Arrow file (Feather); save it as Parquet, CSV or NPY"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"7z\xbc\xaf", "packed with 7-Zip; unpack it first"),
    (b"Rar!", "packed with RAR; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard; unpack it first"),
    (b"SQLite format 3", "an SQLite database; export the table as CSV"),
    (b"{\\rtf", "a text of a word processor (RTF); save the table as CSV"),
    (b"RDX", "a workspace of R; write the matrix with write.csv"),
    (b"X\n\x00\x00\x00", "an object of R (.rds); write the matrix with write.csv"),
    (b"$FL2@(#)", "a data file of SPSS; save it as CSV"),
    (b"<stata_dta>", "a data file of Stata; save it as CSV"),
    (b"CDF\x01", "a netCDF file; save the array as NPY or CSV"),
    (b"CDF\x02", "a netCDF file; save the array as NPY or CSV"),
    (b"version https://git-lfs", "a pointer of Git LFS instead of the file itself; fetch it with git lfs pull"),
)
TEXTS = (  # how a text begins that is no table, and what it is with the remedy
    (re.compile(rb"(\s*%[^\n]*\n)*\s*@relation\b", re.IGNORECASE), "a file of Weka (ARFF); keep the lines below @data, as CSV"),
    (
        re.compile(rb"\s*[-+.\deE]+([ \t]+\d+:[-+.\deE]+)+[ \t]*\r?\n[-+.\deE]+[ \t]+\d+:"),
        "a list of features (LIBSVM, libFM); write lines of row, column and value",
    ),
    (
        re.compile(rb"\s*\\begin\{|[^\n&]*&[^\n]*\\\\[ \t]*\r?\n"),
        "a table of LaTeX; write commas instead of & and leave \\\\ out",
    ),
    (
        re.compile(rb"(\s*(--|/\*)[^\n]*\n)*\s*(insert\s+into|create\s+table|drop\s+table|begin\s+transaction)\b", re.IGNORECASE),
        "a script of SQL; export the table as CSV",
    ),
    (
        re.compile(rb"\s*(<[^>\n]*sparse[^>\n]*>[^\n]*\n(\s*Coords\s+Values)?)?\s*\(\d+, ?\d+\)[ \t]+[-+.\deE]+\s*\(\d+, ?\d+\)"),
        "a sparse matrix as SciPy prints it; write it with scipy.io.mmwrite or scipy.sparse.save_npz",
    ),
    (re.compile(rb"\s*(structure\()?\s*c\("), "an object as R's dput prints it; write the matrix with write.csv"),
)
TABLE = re.compile(r".*\.(csv|tsv|txt|data|dat|tab|mtx|tns)", re.IGNORECASE)  # that a zip file may hold, alone
PAGE = re.compile(rb"\s*<(!doctype|!--|html|svg|table|\?xml)", re.IGNORECASE)


def unpacked(name: str, content: bytes) -> tuple[str, bytes]:
    """Name and bytes of what a gzip file holds, or a zip file with one text; any other file as it is. Raises BadInput."""
    member = packed_text(content)
    if member is not None:
        return member, _plain("zip", lambda: zipfile.ZipFile(io.BytesIO(content)).open(member))
    if not content.startswith(b"\x1f\x8b"):
        return name, content
    return re.sub(r"\.gz$", "", name, flags=re.IGNORECASE), _plain("gzip", lambda: gzip.GzipFile(fileobj=io.BytesIO(content)))


def packed_text(content: bytes) -> str | None:
    """The name of the one file in a zip file, where that is a text such as a table; None for every other file."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [each for each in packed.namelist() if not each.endswith("/") and not each.startswith("__MACOSX/")]
    except UNREADABLE:
        return None  # `container` says what is wrong
    return names[0] if len(names) == 1 and TABLE.fullmatch(names[0]) else None


def _plain(kind: str, opened: Callable[[], gzip.GzipFile | IO[bytes]]) -> bytes:
    """The unpacked bytes of a compressed file. Raises BadInput for a damaged, encrypted, large or empty one."""
    try:
        with opened() as packed:
            plain = packed.read(limits.UPLOAD_BYTES + 1)
    except RuntimeError:  # NotImplementedError, too
        raise BadInput(f"The {kind} file is encrypted or packed in an unknown way; unpack it first.") from None
    except DAMAGED:
        raise BadInput(f"The {kind} file is damaged or not complete; fetch or pack it again.") from None
    if len(plain) > limits.UPLOAD_BYTES:
        raise BadInput(f"The {kind} file unpacks to more than {limits.UPLOAD_BYTES >> 20} MB; give a smaller one.")
    if not plain:
        raise BadInput(f"The {kind} file holds nothing; give a file with a matrix.")
    return plain


def container(name: str, content: bytes) -> Container:
    """The format of a file, from its first bytes. Raises BadInput for formats that are unsafe or unknown."""
    if is_npy(content):
        return "npy"
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _zipped(content)
    if content[:4] == b"PAR1":
        return "parquet"
    if content[124:128] in (b"\x00\x01IM", b"\x01\x00MI") or content.startswith(b"MATLAB 5.0"):
        return "mat"
    if name.lower().endswith(".mat") and not content.startswith(b"\x89HDF") and b"\0" in content[:20]:  # version 4 has no mark
        return "mat"
    if content[4:8] == b"ftyp":
        if content[8:12] in PHONE:
            raise BadInput("This is a HEIC picture, as phones take them; save it as JPEG or PNG first.")
        raise BadInput("This is a film or an AVIF picture; save one picture as PNG or JPEG.")
    if is_image(name, content):
        return "image"
    if content.startswith(TORCH):
        raise BadInput(TORCH_SENTENCE)
    if content[:1] == b"\x80" and content[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise BadInput(PICKLE_SENTENCE)
    if name.lower().endswith((".pkl", ".pickle", ".pt", ".pth", ".joblib")):
        raise BadInput(TORCH_SENTENCE if name.lower().endswith((".pt", ".pth")) else PICKLE_SENTENCE)
    for magic, sentence in REFUSED:
        if content.startswith(magic):
            raise BadInput(f"This is {sentence}.")
    if content[257:262] == b"ustar":
        raise BadInput("This is packed with tar; unpack it and give the file with the matrix.")
    if PAGE.match(content[:200]):
        raise BadInput("This is a web page or XML, not the data that it may link to; download the file itself.")
    for beginning, sentence in TEXTS:
        if beginning.match(content[:4000]):
            raise BadInput(f"This is {sentence}.")
    return "text"


def _zipped(content: bytes) -> Container:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except UNREADABLE:
        raise BadInput("This is a zip file that is damaged or not complete; fetch or export it again.") from None
    if any(each.rsplit("/", 1)[-1] == "data.pkl" for each in names):
        raise BadInput(TORCH_SENTENCE)
    if "xl/workbook.xml" in names:
        return "workbook"
    if names and all(each.endswith(".npy") for each in names):
        return "npz"
    if "manifest.json" in names and "spec.json" in names:
        raise BadInput("This is a zip file that was exported here; open it as a run (show, verify), not as data.")
    if "word/document.xml" in names:
        raise BadInput("This is a text of Word; save its table as CSV.")
    if "xl/workbook.bin" in names or "mimetype" in names:
        raise BadInput("This is a workbook of another kind than .xlsx; save it as .xlsx or CSV.")
    listed = ", ".join(repr(each[:40]) for each in names[:3]) or "nothing"
    raise BadInput(f"This is a zip file that holds {listed}; unpack it and give the file with the matrix.")
