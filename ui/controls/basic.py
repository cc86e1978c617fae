"""The sidebar: everything that defines a run. Widgets show the spec; a changed widget changes the spec."""

import math
from collections.abc import Callable

import streamlit as st

from dmf_core import limits
from dmf_core.problems.base import ProblemSettings
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.observed_data import Given
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.spec import RunSpec
from ui.controls import tensor
from ui.controls.advanced import advanced
from ui.controls.echo import SIDEBAR
from ui.controls.slider import slider
from ui.controls.widgets import changed, locked, moved
from ui.fields import field
from ui.session.state import Session
from ui.words import percent, power, whole

SCALES = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0]  # of the slider; and the run's
RANK = "The true matrix has this many nonzero singular values."
NONZERO = "The true matrix has this many nonzero entries, at random places."
SEED = "Draws the truth, the observed entries and the start."
SEED_OF_DATA = "Draws the start, and which of your entries are kept for testing."
SEED_BY_HAND = "Draws the truth and the start; the observed entries stay as painted."
EASY_RANKS = 20  # the slider goes so far unless the rank already lies beyond
EASY_NONZERO = 60  # likewise, of a sparse truth


def controls(session: Session) -> None:
    """Depth, rank, observations, scale, seed, and the fold with the rest."""
    if session.spec.model.tensor:
        tensor.sides_and_model(session)
    _depth(session)
    _rank(session)
    _observations(session)
    _scale(session)
    _seed(session)
    advanced(session)


def _depth(session: Session) -> None:
    depth, help_ = session.spec.model.layers, session.spec.model.depth_help
    if depth is None:
        return
    if locked(session, "model.depth", str(depth), help_):
        return
    with st.container(gap="xxsmall"):
        depths = list(range(1, limits.MAX_DEPTH + 1))
        SIDEBAR.follow("model.depth", depth)
        st.segmented_control(
            field("model.depth").label,
            depths,
            default=depth,
            key="model.depth",
            required=True,
            width="stretch",
            on_change=_deeper(session),
        )
        st.caption(help_)


def _deeper(session: Session) -> Callable[[], None]:
    if session.spec.model.tensor:
        return SIDEBAR.chosen("model.depth", lambda depth: tensor.change(session, {"model.depth": depth}))
    return changed(session, "model.depth")


def _rank(session: Session) -> None:
    problem, rank = session.spec.problem, session.spec.problem.truth_rank
    if isinstance(problem, TensorTruth):
        return tensor.ranks(session)
    if not isinstance(rank, int) or problem.sides is None:
        return
    help_ = NONZERO if problem.sparse else RANK
    if locked(session, "problem.rank", whole(rank), help_):
        return
    most = min(limits.MAX_SIDE, math.prod(problem.sides)) if problem.sparse else min(problem.sides)
    easy = EASY_NONZERO if problem.sparse else EASY_RANKS
    with st.container(gap="xxsmall"):
        values = range(1, max(2, min(most, max(easy, rank))) + 1)
        slider(field("problem.rank", session.spec).label, values, rank, "problem.rank", moved(session, "problem.rank"), whole)
        st.caption(help_)


def _observations(session: Session) -> None:
    spec = session.spec
    entries, value = _how_many(session)
    if not entries:
        return
    label, path = field("problem.observations").label, "problem.observations"
    if by_hand(spec):
        with st.container(gap="xxsmall", key="locked-by-hand"):
            st.markdown(f"**{label}**  \n{whole(value)}, painted by hand")
            st.caption(_share(spec, value, entries))
        return
    if locked(session, path, whole(value), _share(spec, value, entries)):
        return
    step = max(1, entries // 200)
    with st.container(gap="xxsmall"):
        values = sorted({*range(step, entries + 1, step), value, max(entries, 2)})
        slider(label, values, value, path, moved(session, path), whole)
        st.caption(_share(spec, value, entries))


def by_hand(spec: RunSpec) -> bool:
    """True when the observed entries are painted: then neither their number nor the seed changes them."""
    return isinstance(spec.problem, MatrixCompletion) and spec.problem.pattern == "drawn"


def _how_many(session: Session) -> tuple[int, int]:
    """(entries that can be observed, entries that are); zeros where that is no choice."""
    problem = session.spec.problem
    if isinstance(problem, Given):
        entries = 1 if session.inputs.data is None else int((session.inputs.data == session.inputs.data).sum())
        return entries, problem.observations or entries
    choice = "observations" in type(problem).model_fields
    return (problem.most or 0, problem.count or 0) if choice else (0, 0)


def _share(spec: RunSpec, value: int, entries: int) -> str:
    problem = spec.problem
    if isinstance(problem, TensorTruth):
        return tensor.share(problem, value, entries)
    if isinstance(problem, Given) and value == entries:
        return f"All {whole(entries)} known entries are used. Move left to keep some for testing."
    if isinstance(problem, Given):
        return f"{percent(value / entries)} of the {whole(entries)} known entries are used; the others are kept for testing."
    parts = [_share_words(problem, value, entries)]
    if problem.sparse:
        parts.append(f"the truth has {problem.truth_rank} unknown values, each at an unknown place")
    elif problem.freedom is not None:
        parts.append(f"a rank-{problem.truth_rank} matrix of this size has {whole(problem.freedom)} degrees of freedom")
    return "; ".join(parts) + "."


def _share_words(problem: ProblemSettings, value: int, entries: int) -> str:
    if problem.measured:
        return "Random measurements of the whole matrix"
    if isinstance(problem, MatrixCompletion) and problem.replacement:
        inside = "" if problem.pattern == "uniform" else " inside the pattern"
        return f"{whole(value)} draws see about {whole(problem.distinct)} of the {whole(entries)} entries{inside}"
    if isinstance(problem, MatrixCompletion) and problem.pattern not in ("uniform", "drawn"):
        return f"{percent(value / entries)} of the {whole(entries)} entries inside the pattern"
    return f"{percent(value / entries)} of {whole(entries)} entries"


def _scale(session: Session) -> None:
    spec = session.spec
    options = sorted({*SCALES, spec.init.scale})
    help_ = "The smaller the start, the longer the wait and the cleaner the steps."
    if spec.model.tensor and not spec.init.relative:
        help_ = "Standard deviation of every entry of the factors; the smaller, the longer the wait and the cleaner the steps."
    elif spec.model.free:
        help_ = "The start hardly matters here: unseen entries keep it for ever."
    if locked(session, "init.scale", power(spec.init.scale), help_):
        return
    with st.container(gap="xxsmall"):
        slider(field("init.scale", spec).label, options, spec.init.scale, "init.scale", moved(session, "init.scale"), power)
        st.caption(help_)


def _seed(session: Session) -> None:
    given = isinstance(session.spec.problem, Given)
    help_ = SEED_OF_DATA if given else SEED_BY_HAND if by_hand(session.spec) else SEED
    if locked(session, "seed", whole(session.spec.seed), help_):
        return
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="bottom"):
            SIDEBAR.follow("seed", session.spec.seed)
            seed = session.spec.seed
            st.number_input(field("seed").label, 0, limits.MAX_SEED, seed, key="seed", on_change=changed(session, "seed"))
            following = (session.spec.seed + 1) % (limits.MAX_SEED + 1)
            st.button("Next seed", on_click=lambda: session.change({"seed": following}))
        st.caption(help_)
