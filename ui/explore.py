"""Explore: one run, its settings at the left, its picture at the right. For matrices and for tensors alike."""

import streamlit as st

from ui.beside import instead
from ui.compare.state import compare_with, gone, page_of
from ui.compare.table import remember
from ui.controls import controls
from ui.exports import closer_look, exports
from ui.linking import link
from ui.live import stage
from ui.opening import start_from
from ui.running import priced, run_button
from ui.tour.panel import tour
from ui.visit import Order, order_of, visit


def explore(order: Order) -> None:
    """The whole page."""
    gone()
    visitor = visit(order)
    with st.sidebar:
        start_from(visitor)
        controls(visitor)
        cost = priced(visitor)
        run_button(visitor, cost)
    if order_of(visitor.spec) != order:  # an archive of the other order was opened
        st.switch_page(page_of(visitor.spec))
    with st.container(key="message"):  # always there, so that the player below is never mounted anew
        tour(visitor)
        if visitor.message:
            st.warning(visitor.message, icon=":material/warning:")
    if st.query_params.to_dict() != visitor.address():
        st.query_params.from_dict(visitor.address())
    found = stage(visitor, cost)
    remember(visitor, found)
    if found is not None:
        with st.container(key="actions", horizontal=True, gap="small", width="content"):
            st.button("Compare with…", on_click=lambda: compare_with(visitor))
            link(visitor)
            exports(visitor, found)
        closer_look(visitor, found)
        if order == "tensor":
            instead(visitor, found)
