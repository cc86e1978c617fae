"""Gallery: every preset with its picture, drawn from the real run. A card opens it on its page."""

import streamlit as st

from dmf_core.presets import preset_spec
from ui.controls.navigation import view_links
from ui.session.map_state import open_map
from ui.session.navigation import page_of
from ui.session.state import OWN, session, session_of
from ui.views.gallery import MAP, gallery

view_links("Gallery")
st.title("Gallery")
st.markdown(
    "Singular values of W over time, or norms of components, or sizes of entries (in colour; dashed the truth), below them the "
    "error on the entries that were "
    "observed (solid) and unseen (dashed); of a very long wait only the end is drawn. A card opens its run in Explore, a "
    "tensor's on Tensors, where every setting can be changed; the card of a map opens it on Map."
)
chosen = gallery()
if chosen is not None and chosen.startswith(MAP):
    open_map(chosen.removeprefix(MAP))
    st.switch_page("pages/map.py")
if chosen is not None:
    visitor = session("matrix") if chosen == OWN else session_of(preset_spec(chosen))
    visitor.shown = None  # a run that waits for Run shows no picture of another one
    visitor.start_from(chosen)
    st.switch_page(page_of(visitor.spec))
