"""The Link popover and what a link does to the page, without a browser."""

from pathlib import Path

import numpy as np
import pytest
import segno
from streamlit.testing.v1 import AppTest

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.spec import RunSpec
from tests.ui.sliders import move
from ui.controls.link import holds
from ui.controls.page_address import page_url
from ui.controls.projector import code_and_words
from ui.figures.qr import QUIET, modules, qr_code
from ui.player.view import View

ROOT = Path(__file__).parents[3]
SMALL = {"problem.rows": "20", "problem.columns": "20", "problem.rank": "2", "problem.observations": "200"}
ADDRESS = "http://lab.example:8501/?version=1&model.depth=2&seed=3&view.frame=40"


pytestmark = pytest.mark.usefixtures("queue_ends")


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["Link"] = app.session_state["Advanced"] = True
    for path, value in (SMALL | parameters).items():
        app.query_params[path.replace("__", ".")] = value
    return app.run()


def words(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.markdown, *app.caption])


def test_qr_code_is_segnos_own_matrix_with_its_quiet_zone() -> None:
    code = segno.make(ADDRESS, error="m", micro=False)
    assert modules(ADDRESS) == [[bool(module) for module in row] for row in code.matrix]
    assert code.error in ("M", "Q", "H")
    picture = qr_code(ADDRESS)
    assert picture is not None
    side = code.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in picture
    assert f'fill="#FFFFFF" d="M0 0h{side}v{side}H0z"' in picture
    assert f"M{QUIET} {QUIET}h7v1h-7z" in picture  # the first row of the finder pattern


def test_address_too_long_for_a_qr_code_has_none() -> None:
    assert qr_code("http://lab.example/?" + "x" * 4000) is None


def test_link_popover_shows_what_the_address_holds() -> None:
    app = opened(seed="5")
    assert not app.exception
    assert "It holds every setting, the seed and the version of the settings." in words(app)


def test_link_words_name_the_moment_and_warn_of_an_address_of_this_computer_only() -> None:
    assert holds(View(frame=40, axis="iterations"), RunSpec(), ADDRESS) == (
        "It holds every setting, the seed and the version of the settings, and opens at frame 41, time axis iterations."
    )
    momentum = RunSpec().replaced({"integrator.kind": "momentum"})
    assert "time axis sum of the steps" in holds(View(frame=40), momentum, ADDRESS)
    assert "time axis flow time" in holds(View(frame=40), RunSpec(), ADDRESS)
    assert "works on this computer only" in holds(View(), RunSpec(), "http://localhost:8501/?version=1")


def test_link_and_its_code_carry_an_address_that_other_devices_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DMF_PUBLIC_URL", "https://dmf.example.org/lab")
    assert page_url() == "https://dmf.example.org/lab/"
    app = opened(seed="5")
    assert not app.exception and "works on this computer only" not in words(app)


def test_large_code_carries_no_address_of_this_computer_alone() -> None:
    assert code_and_words(ADDRESS) == {"code": qr_code(ADDRESS), "words": ADDRESS}
    for own in ("http://localhost:8501/?version=1", "http://127.0.0.1:8501/", "http://[::1]:8501/"):
        shown = code_and_words(own)
        assert shown["code"] is None and "cannot reach this page" in str(shown["words"])
    assert "too long" in str(code_and_words(f"http://lab.example/?{'a' * 5000}")["words"])


def test_link_popover_of_own_data_names_the_archive_instead() -> None:
    app = opened()
    inputs = Inputs(data=np.arange(12.0).reshape(3, 4))
    app.session_state.session.spec = with_inputs(RunSpec().replaced({"problem.kind": "observed_data"}), inputs)
    app.session_state.session.inputs = inputs
    app.run()
    assert not app.exception
    assert "needs your own data, which no address can hold" in words(app)
    assert "every setting" not in words(app)


def test_view_of_the_link_reaches_the_player_and_stays_in_the_address_until_the_run_changes() -> None:
    app = opened(**{"view.frame": "3", "view": "projector"})
    session = app.session_state.session
    assert session.requested_view() == View(frame=3, projector=True)
    assert app.query_params["view.frame"] == "3"
    move(app, "problem.rank", 3)
    assert app.session_state.session.requested_view() is None
    assert "view.frame" not in app.query_params


def test_locked_controls_are_text_and_the_others_still_work() -> None:
    app = opened(lock="model.depth,seed,integrator.kind", model__depth="4", seed="9")
    assert not app.exception
    assert "Depth" not in [each.label for each in app.get("button_group")]
    assert not [each for each in app.number_input if each.label == "Seed"]
    assert "**Depth**  \n4" in [each.value for each in app.markdown]
    assert "**Integrator**  \ngradient flow (Runge–Kutta)" in [each.value for each in app.markdown]
    move(app, "problem.rank", 3)
    assert not app.exception
    assert app.session_state.session.spec.model.depth == 4
    assert app.query_params["lock"] == "model.depth,seed,integrator.kind"


def test_lock_of_an_unknown_setting_is_said() -> None:
    app = opened(lock="model.deep")
    assert "lock names model.deep, which is no setting of this run" in app.warning[0].value


def test_address_of_a_preset_names_it_in_start_from() -> None:
    from dmf_core.presets import preset_spec
    from ui.session.state import from_address, to_address

    assert from_address(to_address(preset_spec("too-few"))).preset == "too-few"
