"""Compare: two to four runs that differ in one factor, with one cursor."""

import streamlit as st

from ui.fields import in_labels
from ui.session.navigation import gone
from ui.session.tried_runs import tried_runs
from ui.views.compare.exports import exports
from ui.views.compare.sidebar import sidebar
from ui.views.compare.stage import held, plan, stage
from ui.views.compare.state import address, comparing
from ui.views.compare.table import runs_table

gone()
visitor, state = comparing()
columns, missing = plan(visitor, state)
waiting = held(state, missing)
with st.sidebar:
    sidebar(visitor, state, waiting)
with st.container(key="message"):  # always there, so that the picture below is never mounted anew
    if state.message:
        st.warning(in_labels(state.message, visitor.spec), icon=":material/warning:")
if st.query_params.to_dict() != address(state):
    st.query_params.from_dict(address(state))
jobs = stage(visitor, state, columns, waiting)
for spec, job in zip(state.comparison.specs(), jobs, strict=True):
    if job is not None:
        tried_runs().see(spec, visitor.inputs, job)
with st.container(key="actions", horizontal=True, gap="small"):
    exports(state.comparison, jobs)
runs_table(visitor, state)
