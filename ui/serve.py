"""The server as `make run` starts it: app.py, with workers and the first picture ready before the first visitor."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui.services import queue
from ui.visit import first


@asynccontextmanager
async def _ready(_: st.App) -> AsyncIterator[None]:
    threading.Thread(target=lambda: queue().submit(first().spec), name="dmf-first-picture", daemon=True).start()
    yield
    queue().close()


PagesManager.uses_pages_directory = False  # else the first visitor's address of a page would bypass app.py
app = st.App(Path(__file__).parent.parent / "app.py", lifespan=_ready)
