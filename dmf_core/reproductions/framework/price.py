"""What a reproduction will take here: by what its recorded form took, run by run as `dmf_core.cost` shares it out."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dmf_core.cost import Cost, Machine
from dmf_core.jobs.whole_runs import cost_of
from dmf_core.reproductions.framework.record import recorded
from dmf_core.reproductions.framework.reproduction import Reproduction, Run


def price_of(figure: Reproduction, machine: Machine) -> Callable[[Run], Cost]:
    """The price of one of its runs on a machine like this, for `WholeRuns`. Of a person's data nothing is recorded."""
    pace = 1.0 if figure.data else _pace(type(figure))

    def price(run: Run) -> Cost:
        cost = cost_of(run, machine)
        return replace(cost, seconds=pace * cost.seconds)

    return price


def _pace(kind: type[Reproduction]) -> float:
    """Recorded seconds of all workers together, with their start, for each estimated one; 1 where nothing is recorded."""
    made = recorded(kind.name)
    return made["seconds"] * made["workers"] / _estimated(kind) if made is not None and _estimated(kind) > 0 else 1.0


@cache
def _estimated(kind: type[Reproduction]) -> float:
    """Seconds of all runs of its full form, each run once."""
    runs = {run.digest: run for run in kind().runs(quick=False).values()}
    return sum(cost_of(run).seconds for run in runs.values())
