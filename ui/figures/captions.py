"""The run in one line, and a caption for every picture of the matrix."""

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start
from ui.figures import words


def run_line(start: Start | None, spec: RunSpec) -> str:
    """The run in one line: rank 5 · 1 500 of 3 600 entries · scale 10⁻³ · seed 7."""
    problem, parts = spec.problem, []
    if problem.truth_rank is not None:
        parts.append(words.truth(problem))
    if problem.measured:
        parts.append(f"{words.whole(problem.count or 0)} measurements")
    elif start is not None:
        known = int(np.isfinite(start.ground_truth).sum())
        noun = "entries" if known == start.ground_truth.size else "given entries"
        parts.append(f"{words.whole(int(start.observed_mask.sum()))} of {words.whole(known)} {noun}")
    if problem.draws is not None:
        parts.append(f"{words.whole(problem.draws)} draws with replacement")
    if spec.problem.noise_level > 0:
        parts.append(f"noise {words.number(spec.problem.noise_level)}")
    unit = " of the data's norm" if spec.init.relative else ""
    parts.append(f"scale {words.power(spec.init.scale)}{unit}" if spec.init.factors is None else "given start")
    return " · ".join([*parts, f"seed {spec.seed}"])


def captions(start: Start, spec: RunSpec, complete: bool) -> dict[str, str]:
    """What each picture of the matrix switch shows. `complete`: the whole truth is known."""
    by = "the first true mode" if complete else "the first mode of the observed entries"
    where = "" if complete else ", where it is known"
    noun = "tensor" if spec.model.tensor else "matrix"
    truth = f"The {noun} that training is to find." if complete else "The entries that are known; the others are hatched."
    observed, total = words.whole(int(start.observed_mask.sum())), words.whole(start.ground_truth.size)
    noise = " Without their noise." if spec.problem.noise_level > 0 else ""
    texts = {
        "W": "Colours keep their meaning over the run."
        if spec.model.tensor
        else f"Rows and columns sorted by {by}; colours keep their meaning over the run.",
        "residual": f"W minus the truth{where}; its scale is fixed over the run.",
        "truth": truth,
        "observed": f"The {observed} of {total} entries that training sees; the others are hatched.{noise}",
    }
    return {key: f"{text}{_thinned(start)}" for key, text in texts.items()}


def _thinned(start: Start) -> str:
    if start.shown_sides == start.shape:
        return ""
    return f" {words.sides(start.shape)}, thinned to fit."
