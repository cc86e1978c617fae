"""The middleware of the server, in order."""

from starlette.middleware import Middleware

from ui.streamlit_patches import enabled
from ui.streamlit_patches.packed_scripts import Scripts
from ui.streamlit_patches.preload import Preload


def middleware() -> list[Middleware]:
    """The middleware that packs scripts and preloads them; none where the patches are off."""
    return [Middleware(Scripts), Middleware(Preload)] if enabled() else []
