"""How fast a component grows for its size, by depth: measured exponents and the ones that we derive."""

from dmf_core.reproductions.depth_law.claims import SOURCE, of_balanced, of_normal
from dmf_core.reproductions.depth_law.panels import panels
from dmf_core.reproductions.depth_law.runs import MATRICES, MIXED, TENSORS, draws, exponent, kinds, runs
from dmf_core.reproductions.framework.reproduction import (
    Certainty,
    Claim,
    Key,
    Panel,
    Published,
    Reproduction,
    Results,
    Run,
    Spread,
)


class DepthLaw(Reproduction):
    """Exponents of growth."""

    name = "depth-law"
    title = "The more factors, the more a large component outgrows a small one"
    paper = "Measured and derived by us"
    about = (
        "One component starts at a Frobenius norm of about 1e-3 and learns a 10 x 10 matrix, or a tensor of side 6, of "
        "rank one, every entry of it seen; draws whose start is not pulled along itself are passed over. P factors multiply to "
        "a component: P = N in a matrix of depth N, P = NK in a CP tensor of order N with K layers in every mode. Let s be the "
        "size of the component and gamma, its driving force, how far -dL/dW points along it. Gamma is measured from dL/dW, "
        "ds/dt from the sizes alone. Ordinary least squares over 60 points, evenly spaced in log s, give one exponent for each "
        "draw.\n\n"
        "Balanced start: ds/dt = P gamma s^(2 - 2/P) is an identity of the gradient flow. It holds to the accuracy of the "
        "solver and of the measurement, so that part of the table checks the program, not nature.\n\n"
        "Normal factors have different norms a_j. Then ds/dt = gamma s^2 (1/a_1^2 + .. + 1/a_P^2), which is more than P gamma "
        "s^(2 - 2/P), by a ratio that falls to 1 while the component grows: a fitted exponent is below 2 - 2/P, and by how much "
        "is measured (order 4 with one layer only). Points of one run follow from each other, so the 95 % interval is Student's "
        "over independent draws alone.\n\n"
        "Six components at once are shown beside: where their layers mix, the law is only about right. "
        "The full form takes about half a minute."
    )
    range_is = "the mean, and its 95 % interval"
    published = tuple(
        Published(kind.name, f"exponent of the size, {kind.name}", kind.exponent, SOURCE, Certainty.DERIVED)
        for kind in MATRICES + TENSORS + MIXED
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return runs(quick)

    def claims(self, results: Results) -> list[Claim]:
        return [*of_balanced(results), *of_normal(results)]

    def ours(self, results: Results) -> dict[str, Spread]:
        exponents = {kind.name: (exponent(results, kind), len(draws(results, kind))) for kind in kinds(results)}
        return {name: Spread(at.mean, at.mean - at.half, at.mean + at.half, count) for name, (at, count) in exponents.items()}

    def panels(self, results: Results) -> list[Panel]:
        return panels(results)
