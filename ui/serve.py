"""The server that app.py describes: lectures beside the pages, workers and the first picture ready before anybody comes."""

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware

from dmf_core.events.log import configure
from dmf_core.store import program
from ui.foreign_pages import ForeignPages
from ui.lecture import door
from ui.lecture.live import Live
from ui.lecture.opened import opened_hall
from ui.lecture.pages import assets
from ui.monitoring.counters import Counters
from ui.monitoring.endpoint import Metrics
from ui.services import price_without_page, shared_queue
from ui.session.state import first
from ui.streamlit_patches.clean_end import noticed_end
from ui.streamlit_patches.first_address import know_navigation
from ui.streamlit_patches.middleware import middleware as patches
from ui.streamlit_patches.one_log import one_log
from ui.streamlit_patches.packed_scripts import pack

USED = (
    "ui.views.compare.stage",
    "ui.views.compare.table",
    "ui.views.explore.exports",
    "ui.controls.link",
    "ui.views.explore.live",
)  # by the first pages


def _warm() -> None:
    """What the first visitor would wait for. What is loaded by then stays, so it is never searched for garbage again."""
    shared_queue().submit(first().spec)
    for name in USED:
        import_module(name)
    assets()
    program()
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """From before the first visitor until the server ends."""
    one_log(configure())
    know_navigation()
    threading.Thread(target=_warm, name="dmf-warm", daemon=True).start()
    pack()
    hall = opened_hall(shared_queue, price_without_page)
    door.open_hall(hall)
    end_cleanly = noticed_end(hall.ending.set if hall is not None else lambda: None)
    yield
    door.open_hall(None)
    if hall is not None:
        await hall.close()
    shared_queue().close()
    end_cleanly()


def middleware() -> list[Middleware]:
    """Metrics, the pages of lectures, who may open a page, and what makes Streamlit's own pages quicker."""
    base, counters = st.get_option("server.baseUrlPath"), Counters(shared_queue, door.hall)
    ours = [Middleware(Metrics, text=counters.text, base=base), Middleware(Live, hall=door.hall, base=base)]
    return [*ours, Middleware(ForeignPages), *patches()]
