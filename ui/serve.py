"""The server as `make run` starts it: app.py, with workers and the first picture ready before the first visitor."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui.services import queue
from ui.visit import first

# Until app.py has run once, Streamlit would take a visitor who opens /compare for one of an app without navigation.
PagesManager.uses_pages_directory = False


@asynccontextmanager
async def _ready(_: st.App) -> AsyncIterator[None]:
    threading.Thread(target=lambda: queue().submit(first().spec), name="dmf-first-picture", daemon=True).start()
    yield
    queue().close()


app = st.App(Path(__file__).parent.parent / "app.py", lifespan=_ready)
