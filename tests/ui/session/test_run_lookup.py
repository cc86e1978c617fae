"""From the stamp of a picture back to its run."""

import pytest

from dmf_core.errors import BadInput
from dmf_core.presets import preset_spec
from tests.ui.views.explore.test_page import opened, spec_of
from ui.services import shared_queue
from ui.session import run_lookup

pytestmark = pytest.mark.usefixtures("queue_ends")


def test_stamp_of_a_preset_and_of_a_remembered_run_lead_to_their_settings() -> None:
    spec = preset_spec("noise")
    digest = spec.digest()
    assert run_lookup.spec_of(f"run {digest[:4]} {digest[4:8]} · ") == spec
    fresh = preset_spec("five-modes").replaced({"seed": 4242})
    with pytest.raises(BadInput, match="is remembered here; open its picture"):
        run_lookup.spec_of(fresh.digest()[:8])
    shared_queue().submit(fresh).wait(30)
    assert run_lookup.spec_of(fresh.digest()[:10].upper()) == fresh


@pytest.mark.parametrize("text", ["", "f381", "hello world", "f381 a69z", "../../etc"])
def test_text_that_is_no_stamp_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match="is no run number; give the 8 digits"):
        run_lookup.spec_of(text)


def test_stamp_typed_on_the_page_opens_its_run() -> None:
    app = opened(seed="3")
    app.selectbox(key="Start from").set_value("own").run()
    digest = preset_spec("noise").digest()
    app.text_input(key="Stamp").set_value(f"run {digest[:4]} {digest[4:8]}").run()
    assert not app.exception
    assert spec_of(app) == preset_spec("noise")
    app.text_input(key="Stamp").set_value("nonsense").run()
    assert "is no run number" in app.warning[0].value
    assert spec_of(app) == preset_spec("noise")
