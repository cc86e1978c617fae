"""The smallest training error that a number format can show, and whether the stop of a run lies below it."""

import numpy as np

from dmf_core.spec import RunSpec


def unresolved_stop(spec: RunSpec, entry: float = 1.0) -> str:
    """Why the format of a run does not reach its stop, as a sentence; empty where it does, or may.

    `entry`: the size of a typical observed value. Residuals below eps * entry are roundings of W; at depth 1 alone the
    entries of W are the unknowns themselves, and may hit the data to the last digit.
    """
    stop = spec.stop
    shares = [stop.relative_loss, None if stop.loss is None else stop.loss / entry**2]
    requested = max((share for share in shares if share is not None), default=None)
    least = float(np.finfo(spec.dtype).eps) ** 2
    if requested is None or requested >= least or spec.model.free:
        return ""
    name = "stop.loss" if requested == shares[1] else "stop.relative_loss"
    better = "choose dtype=float64" if spec.dtype == "float32" else "choose a larger one"
    limit = f"{spec.dtype} resolves training errors down to about {least:.1g} of it"
    return f"{name} asks for {requested:.2g} of the data's mean square, but {limit}; {better}."
