"""Theory: what is proved about the gradient flow, laid over the run of Explore, each statement with its conditions."""

import streamlit as st

from ui.controls import controls
from ui.methods import methods
from ui.opening import start_from
from ui.running import priced, run_button
from ui.theory import theory
from ui.visit import visit

visitor = visit()
with st.sidebar:
    start_from(visitor)
    controls(visitor)
    cost = priced(visitor)
    run_button(visitor, cost)
if visitor.message:
    st.warning(visitor.message, icon=":material/warning:")
if st.query_params.to_dict() != visitor.address():
    st.query_params.from_dict(visitor.address())
theory(visitor, cost)
methods(visitor, cost)
