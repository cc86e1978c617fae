"""The sliders of our own in a test without a browser: what they show, and what a hand at them does."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def sliders(app: AppTest) -> dict[str, str]:
    """The value of each in words, by its label, in their order."""
    protos = [each.proto for each in app.get("bidi_component") if each.proto.component_name == "dmf_slider"]
    shown = [json.loads(proto.json) for proto in protos]
    return {data["label"]: data["words"][data["place"]] for data in shown}


def move(app: AppTest, path: str, value: Any) -> AppTest:
    """Sets the value as the slider's callback does, and runs the page."""
    app.session_state.session.change({path: value})
    return app.run()
