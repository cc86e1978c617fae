"""Compare: two to four runs that differ in one factor, with one cursor."""

import streamlit as st

from ui.controls.fields import in_labels
from ui.session.navigation import gone
from ui.session.tried_runs import tried_runs
from ui.views.compare.exports import exports
from ui.views.compare.sidebar import sidebar
from ui.views.compare.stage import held, plan, stage
from ui.views.compare.state import address, comparing
from ui.views.compare.table import runs_table

gone()
visitor, found = comparing()
columns, missing = plan(visitor, found)
waiting = held(found, missing)
with st.sidebar:
    sidebar(visitor, found, waiting)
with st.container(key="message"):  # always there, so that the picture below is never mounted anew
    if found.message:
        st.warning(in_labels(found.message, visitor.spec), icon=":material/warning:")
if st.query_params.to_dict() != address(found):
    st.query_params.from_dict(address(found))
jobs = stage(visitor, found, columns, waiting)
for spec, job in zip(found.comparison.specs(), jobs, strict=True):
    if job is not None:
        tried_runs().see(spec, visitor.inputs, job)
with st.container(key="actions", horizontal=True, gap="small"):
    exports(found.comparison, jobs)
runs_table(visitor, found)
