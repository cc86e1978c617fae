"""A run as a generator of events, made from its spec alone.

Stop iterating to cancel; to get an End nevertheless, throw Cancelled into the generator at a Progress.
"""

import time
from collections.abc import Generator

import torch

from dmf_core.errors import NoStep
from dmf_core.inputs import Inputs
from dmf_core.prepare import prepare
from dmf_core.recording.end_messages import EndMessages
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.sampling import Sampler
from dmf_core.recording.stopping import Arrival, arrive, in_parts
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Event, Outcome, Trajectory, collect


class Cancelled(Exception):
    """Thrown into the generator right after it yielded a Progress, ends the run where it is."""


@torch.inference_mode()
def simulate(spec: RunSpec, inputs: Inputs = Inputs()) -> Generator[Event, None, None]:
    """Yields one Start, Snapshots and Progress while the run goes on, one End. Raises BadInput before the Start only.

    The same spec and inputs give the same bits on the same machine with one thread (but for wall-clock times).
    Snapshots come in bundles, at least every few tenths of a second; a Builder keeps those that count.
    """
    yield from _events(spec, inputs)


def run(spec: RunSpec, inputs: Inputs = Inputs()) -> Trajectory:
    """The whole run at once."""
    with torch.inference_mode():
        return collect(_events(spec, inputs))


def _events(spec: RunSpec, inputs: Inputs) -> Generator[Event, None, None]:
    """Nothing is differentiated by torch here: without its bookkeeping a gradient of 20 x 20 takes 10 us instead of 12."""
    began = time.perf_counter()
    prepared = prepare(spec, inputs)
    yield prepared.start
    messages = EndMessages(spec, prepared)
    sampler = Sampler(spec.save.snapshots, prepared, spec.integrator.continuous, began)
    plateau = Plateau(prepared.field.degree if spec.integrator.continuous else 0)
    previous = best = arrival = None
    try:
        for step in spec.integrator.walk(prepared.field, prepared.x):
            seconds = time.perf_counter() - began
            arrival = arrive(spec, prepared, previous, best, step, seconds, plateau)
            if arrival.step is not previous:
                sampler.add_step(previous, arrival.step)
                plateau.add_step(arrival.step, sampler.speed, seconds)
            previous = arrival.step
            best = previous if best is None or previous.loss < best.loss else best
            yield from sampler.bundle(plateau)
            if arrival.outcome is not None:
                break
        yield from sampler.waiting(plateau)
    except Cancelled:
        assert previous is not None
        arrival = Arrival(previous, Outcome.CANCELLED, messages.cancelled(previous))
    except NoStep as error:
        assert previous is not None
        arrival = in_parts(previous, Outcome.DIVERGED, error.where, error.why)
        yield from sampler.waiting(plateau)
    finally:
        sampler.close()
    assert previous is not None and arrival is not None  # an integrator always yields its start
    yield from sampler.last(previous)
    if arrival.outcome is None and previous.t > prepared.field.longest:
        arrival = Arrival(previous, Outcome.TIME, messages.too_slow(previous))
    yield End(
        outcome=arrival.outcome or Outcome.AT_REST,
        message=arrival.message or messages.at_rest(previous),
        seconds=time.perf_counter() - began,
        gradients=prepared.field.gradients,
        accepted=previous.iteration,
        rejected=previous.rejected,
        end_to_end_last=prepared.field.W(previous).cpu().numpy().copy(),
        dropped=sampler.dropped(),
        growth=sampler.growth(previous),
        headline=arrival.headline,
        detail=arrival.detail,
        advice=arrival.advice,
    )
