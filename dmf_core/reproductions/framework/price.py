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


@cache
def _pace(kind: type[Reproduction]) -> float:
    """Recorded seconds of all workers together, with their start, for each estimated one; 1 where nothing is recorded."""
    figure = kind()
    made = recorded(figure.name)
    runs = {run.digest: run for run in figure.runs(quick=False).values()}
    estimated = sum(cost_of(run).seconds for run in runs.values())
    return made["seconds"] * made["workers"] / estimated if made is not None and estimated > 0 else 1.0
