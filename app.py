"""The dashboard. `make run` serves it; pages/ holds one question per file."""

from ui import frame
from ui.controls.navigation import navigation

frame.configure()
navigation().run()
