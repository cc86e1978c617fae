"""What a session does with a file: its reading becomes the data of the run; a question or a refusal changes nothing."""

import numpy as np

from dmf_core.data import Reading
from dmf_core.inputs import Inputs
from dmf_core.prepare import in_units_of_data, with_inputs
from dmf_core.problems import usual_problem
from dmf_core.spec import RunSpec
from ui.session.state import OWN, Session
from ui.session.upload import Upload

EXPLAINED = 0.01  # share of the variance of the training entries that training may leave: real data hold noise
HIDDEN = 0.7  # share of a matrix without unknown entries that is hidden from training
HELD_OUT = 0.1  # share of the known entries that is kept for testing, where others are unknown anyway


def current(session: Session) -> Upload | None:
    """The latest file of the visitor; None where the session has started from something else since."""
    return session.upload if session.preset == OWN else None


def waits_for_choice(session: Session) -> bool:
    """Whether nothing may run, because two readings of the file are about as likely."""
    upload = current(session)
    return upload is not None and bool(upload.candidates)


def adopt(session: Session, upload: Upload) -> None:
    """Takes the file as it is read now."""
    session.upload, session.message, session.recognized = upload, "", ""
    if upload.reading is None:
        return
    inputs = Inputs(data=upload.reading.array, account=upload.reading.account.as_json(None))
    spec = _spec(session.spec, upload.reading)
    session.spec, session.inputs, session.opened = with_inputs(spec, inputs), inputs, None


def _spec(spec: RunSpec, reading: Reading) -> RunSpec:
    """The settings that stay where only the reading changed; else those for data of somebody, with seed and depth of before."""
    known = int((~np.isnan(reading.array)).sum())
    train = max(1, round((1 - (HIDDEN if known == reading.array.size else HELD_OUT)) * known))
    matrix = reading.array.ndim == 2
    kind = usual_problem(tensor=not matrix, needs_data=True)
    if spec.problem.kind == kind:
        return spec.replaced({"problem.observations": train})
    layers = spec.model.layers if matrix else None
    depth = {} if layers is None else {"model.depth": layers}
    fresh = RunSpec().replaced({"seed": spec.seed, "problem.kind": kind} | depth)
    fresh = in_units_of_data(fresh).replaced({"problem.observations": train, "problem.normalize": "center"})
    return fresh.replaced({"stop.relative_loss": EXPLAINED})
