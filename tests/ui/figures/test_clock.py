"""t is called what it is, wherever it stands."""

import json

from dmf_core.integrators import INTEGRATORS
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from tests.ui.figures.test_payload import SMALL
from ui.figures.interactive import dynamics
from ui.figures.payload import payload
from ui.figures.scene import scene
from ui.figures.scene.common_axis import common_axis


def test_player_is_told_the_name_of_the_time_of_every_integrator() -> None:
    for name, integrator in INTEGRATORS.items():
        clock = json.loads(payload(None, RunSpec().replaced({"integrator.kind": name})))["clock"]
        assert clock == ("flow time" if integrator.continuous else "sum of the steps")


def test_axes_of_pictures_name_the_sum_of_the_steps_and_of_a_mixture_only_t() -> None:
    spec = RunSpec().replaced({**SMALL, "integrator.kind": "momentum", "stop.iterations": 30})
    trajectory = run(spec)
    assert dynamics(trajectory, spec).layout.xaxis.title.text == "sum of the steps t"
    assert scene(trajectory, spec).axis("time", False).label == "sum of the steps t"
    momentum, flow = scene(trajectory, spec), scene(trajectory, RunSpec().replaced(SMALL))
    assert common_axis([momentum], "time").whole.label == "sum of the steps t"
    assert common_axis([momentum, flow], "time").whole.label == "time t"
