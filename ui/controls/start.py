"""What a run starts from: a named picture, the visitor's own matrix, or an archive."""

from functools import cache

import streamlit as st

from dmf_core import archive
from dmf_core.data import packed_text
from dmf_core.errors import BadInput
from dmf_core.prepare import with_sample
from dmf_core.presets import PRESETS
from dmf_core.spec import RunSpec
from ui.controls.echo import SIDEBAR
from ui.controls.files import adopt, current, read_as
from ui.controls.verify_archive import verifying
from ui.export import origin
from ui.export.everything import run_inside
from ui.figures.typeset import plain
from ui.session.run_lookup import spec_of
from ui.session.state import OWN, Order, Session, order_of
from ui.session.upload import taken
from ui.words import whole

TEXTS = ("csv", "tsv", "txt", "data", "dat", "tab", "gz", "mtx", "tns")
BINARIES = ("npy", "npz", "mat", "xlsx", "parquet", "png", "jpg", "jpeg", "webp", "tif", "tiff", "gif", "bmp", "zip")
KINDS = (*TEXTS, *BINARIES, *origin.KINDS)


MATRIX_FILES = (
    "A table (CSV, TSV, Excel, Parquet, NPY, NPZ, MATLAB) with nothing or NaN for what is unknown; ratings as "
    "row, column, value; Matrix Market; an image;"
)
TENSOR_FILES = (
    "NPY, NPZ or MATLAB of order 3 to 6 with NaN for what is unknown; a text of lines with the indices and the value of an entry;"
)
ARRAYS = (".npy", ".npz", ".mat", ".tns", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp")
YOURS: dict[Order, str] = {"matrix": "Your own matrix, or an archive", "tensor": "Your own tensor, or an archive"}


@cache
def titles(order: Order) -> dict[str, str]:
    """What a run of this order can start from."""
    named = {name: preset.title for name, preset in PRESETS.items() if order_of(preset.spec()) == order}
    return {OWN: YOURS[order]} | named  # first: the end of a long menu is out of sight


def start_from(session: Session) -> None:
    """The first control of the sidebar, with the upload where it is chosen."""
    names = titles(order_of(session.spec))
    if session.locked:  # a preset would change what the link has fixed
        st.markdown("**Start from**  \nthis link, which fixes some values")
        return
    SIDEBAR.follow("Start from", session.preset)
    st.selectbox(
        "Start from",
        list(names),
        index=list(names).index(session.preset) if session.preset in names else None,
        key="Start from",
        placeholder="These settings",
        format_func=lambda name: names[name],
        on_change=SIDEBAR.chosen("Start from", session.start_from),
    )
    if session.preset == OWN:
        _upload(session)


def _upload(session: Session) -> None:
    tensor = session.spec.model.tensor
    uploaded = st.file_uploader(
        "Tensor, archive or exported picture" if tensor else "Matrix, ratings, image, archive or exported picture",
        KINDS,
        help=(TENSOR_FILES if tensor else MATRIX_FILES) + " an archive that was exported here, which can be verified; or an "
        "exported picture, whose settings are opened. The file stays on this server for your visit only.",
    )
    if uploaded is not None and uploaded.file_id != st.session_state.get("taken"):
        st.session_state["taken"] = uploaded.file_id
        _take(session, uploaded.name, uploaded.getvalue())
    upload = current(session)
    if upload is not None:
        read_as(upload, lambda reread: adopt(session, reread))
    stamp = st.text_input(
        "Or a run number", placeholder="run f381 a698", help="The run number printed on an exported picture.", key="Stamp"
    ).strip()
    if stamp and stamp != st.session_state.get("stamp taken"):
        _follow(session, stamp)
    st.session_state["stamp taken"] = stamp
    if session.recognized:
        st.caption(plain(session.recognized))
    verifying(session)


def _follow(session: Session, stamp: str) -> None:
    try:
        session.spec, session.opened, session.message = spec_of(stamp), None, ""
        session.inputs = with_sample(session.spec)
        session.recognized, session.upload = "The settings of the run with this number.", None
    except BadInput as error:
        session.message = f"{error} Nothing was changed."


def _take(session: Session, name: str, content: bytes) -> None:
    """Takes the uploaded file, of any kind. Where something is wrong with it, a message says so and nothing changes."""
    try:
        if name.lower().endswith(".zip") and packed_text(content) is None:
            open_archive(session, content)
        elif (spec := origin.origin(name, content)) is not None:
            _reopen(session, spec)
        elif name.lower().endswith(origin.KINDS) and not content.lstrip().startswith((b"GIF8", b"[")):
            raise BadInput("It holds no settings of a run; an exported picture, page or JSON does, or open a matrix.")
        else:
            adopt(session, taken(name, content, preset=_preset(session, name)))
            return
        session.message, session.upload = "", None
    except BadInput as error:
        session.message = f"{name}: {error} Nothing was changed."


def _preset(session: Session, name: str) -> dict[str, str]:
    """On the page of tensors a text lists the entries of one."""
    return {"kind": "tensor"} if session.spec.model.tensor and not name.lower().endswith(ARRAYS) else {}


def open_archive(session: Session, content: bytes) -> None:
    """Shows the run of an archive. Raises BadInput."""
    opened = archive.read(run_inside(content))
    session.spec, session.inputs = opened.spec, with_sample(opened.spec, opened.inputs)
    session.opened = (opened.spec.digest(), opened.trajectory)
    account = opened.inputs.account
    data = f" Its data: {account['sentence']}" if account else ""
    versions = "".join(f" {sentence}" for sentence in archive.other_versions(opened.spec, opened.manifest))
    session.recognized = f"An archived run of {whole(len(opened.trajectory.snapshots))} snapshots.{data}{versions}"


def _reopen(session: Session, spec: RunSpec) -> None:
    """The run that an exported picture shows, from its settings."""
    short = f"{spec.digest()[:4]} {spec.digest()[4:8]}"
    given = spec.needs_inputs
    if given and spec.digest() != session.spec.digest():
        raise BadInput(f"It shows the run {short} of given data that it does not hold; open the bundle (.zip) of that run.")
    session.spec, session.opened = spec, None
    session.inputs = session.inputs if given else with_sample(spec)
    session.recognized = f"The settings of run {short}, read from the exported file."
