"""The statements that the page lays over a run: what each is called, where it is from, and what it takes for granted."""

from dataclasses import dataclass

from dmf_core.interfaces import Coverage, Covered, Integrator

ARORA = "Arora et al. 2019"


@dataclass(frozen=True)
class Statement:
    """What a balanced gradient flow does, as one claim that can be held against a run."""

    title: str
    source: str
    balanced: bool  # it takes a balanced start for granted
    timed: bool  # it speaks about speeds or times, not only about the path
    further: str = ""  # what else it takes for granted, as the end of "It also takes .."


STATEMENTS: dict[str, Statement] = {
    "theorem_3": Statement("Speed of the singular values", f"{ARORA}, Theorem 3", True, True),
    "equation": Statement("The whole motion of W", f"{ARORA}, end-to-end equation", True, True),
    "preconditioner": Statement("What depth does", f"derived from the end-to-end equation of {ARORA}", True, True),
    "vectors": Statement("How singular vectors turn", f"derived from the end-to-end equation of {ARORA}", True, True),
    "balance": Statement("What stays constant", f"{ARORA}; the conservation is derived here", False, False),
    "births": Statement(
        "When modes are born", "derived, not a theorem", False, True, "a small start, and modes that leave each other alone"
    ),
    "portrait": Statement(
        "Two modes against each other", f"derived from {ARORA}, Theorem 3", True, False, "pulls in a constant ratio"
    ),
}


def covered(statement: str, integrator: Integrator | type[Integrator]) -> Covered:
    """Whether a statement speaks about a method, and why, as the end of a sentence that begins with the method's name.

    Each is about the gradient flow, so a method is covered as far as it follows the flow.
    """
    known = integrator.covered
    if statement == "balance":
        return Covered(known.coverage, integrator.balance or known.because)
    if integrator.own_clock and known.coverage is Coverage.SMALL_STEPS and STATEMENTS[statement].timed:
        return Covered(Coverage.SMALL_STEPS, f"{known.because}; its clock is {integrator.own_clock}")
    return known
