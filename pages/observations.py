"""Observations: where the observed entries sit, and what no method can recover from them."""

import streamlit as st

from ui.controls import controls
from ui.observations import observations
from ui.opening import start_from
from ui.running import priced, run_button
from ui.visit import visit

visitor = visit("matrix")
with st.sidebar:
    start_from(visitor)
    controls(visitor)
    cost = priced(visitor)
    run_button(visitor, cost)
if visitor.message:
    st.warning(visitor.message, icon=":material/warning:")
if st.query_params.to_dict() != visitor.address():
    st.query_params.from_dict(visitor.address())
observations(visitor, cost)
