"""Explore: one run, its settings at the left, its picture at the right. For matrices and for tensors alike."""

import streamlit as st

from ui.controls.files import file_body, file_head
from ui.controls.link import link
from ui.controls.navigation import view_links
from ui.controls.sidebar import sidebar
from ui.fields import in_labels
from ui.session.navigation import compare_this, gone, page_of
from ui.session.opened_cell import difference
from ui.session.state import Order, order_of, session
from ui.session.tried_runs import remember
from ui.views.explore.baselines import baselines
from ui.views.explore.exports import exports
from ui.views.explore.live import stage
from ui.views.explore.seeds import seeds


def explore(order: Order) -> None:
    """The whole page."""
    gone()
    visitor = session(order)
    if order == "matrix":
        view_links("Explore")
    waits, cost = sidebar(visitor)
    if order_of(visitor.spec) != order:  # an archive of the other order was opened
        st.switch_page(page_of(visitor.spec))
    message = st.container(key="message")  # always there, so that the player below is never mounted anew
    with message:
        if visitor.message and (cost is not None or waits):  # over the picture, a message already says why there is no run
            st.warning(in_labels(visitor.message, visitor.spec), icon=":material/warning:")
        file_head(visitor)
    with st.container(key="file"):
        file_body(visitor)
    if st.query_params.to_dict() != visitor.address():
        st.query_params.from_dict(visitor.address())
    if waits:
        return
    result = stage(visitor, cost)
    remember(visitor, result)
    if text := difference(result):
        message.caption(text)
    if result is not None:
        with st.container(key="actions", horizontal=True, gap="small", width="content"):
            st.button("Compare with…", on_click=compare_this)
            link(visitor)
            exports(visitor, result)
        if order == "tensor":
            baselines(visitor, result)
        seeds(visitor)
