"""Batches and runs for the tests of a cluster. Imported by its workers, not by pytest."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.sweep.compute import Answers, numbers

PAUSE = 0.1
RAISES = 1002  # a seed


def counted(specs: Sequence[RunSpec], inputs: Inputs) -> Answers:
    """Each run by itself, a little slowly. Writes its digest and the worker's process id into the file $RUNS before it begins."""
    for spec in specs:
        with Path(os.environ["RUNS"]).open("a") as file:
            print(spec.digest(), os.getpid(), file=file)
        if spec.seed == RAISES:
            raise ZeroDivisionError("secret detail")
        time.sleep(PAUSE)
        yield from numbers([spec], inputs)
