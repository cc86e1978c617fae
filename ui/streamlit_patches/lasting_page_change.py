"""A chosen page is opened also when something on the page before it reports, or asks for a rerun, right after the click.

Until the new page has begun, the browser names the page before it in whatever it sends, and so does `st.rerun()` of the script
that still runs. Streamlit folds such a request into the one that waits and takes the page of the later one: the click on a link
was lost, and the old page stayed. It happened where a click met the end of a run that was watched, on a busy machine.

Not covered: a report that is on its way from the browser while the new page has already begun here.
"""

from dataclasses import replace
from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from ui.streamlit_patches import enabled

PAGES = "_dmf_pages"  # of the requests of a session: what knows its running page

_request = ScriptRequests._request_rerun_locked
_init = ScriptRunner.__init__


@wraps(_request)
def _request_on_the_chosen_page(self: ScriptRequests, new_data: RerunData) -> bool:
    waiting, pages = self._rerun_data, getattr(self, PAGES, None)
    running = None if pages is None else pages.current_page_script_hash
    stays = new_data.page_script_hash == running and not new_data.is_history_navigation
    if self._state == ScriptRequestType.RERUN and stays and waiting.page_script_hash not in (running, ""):
        page, name, query = waiting.page_script_hash, waiting.page_name, waiting.query_string
        new_data = replace(new_data, page_script_hash=page, page_name=name, query_string=query)
    return _request(self, new_data)


@wraps(_init)
def _init_with_pages(self: ScriptRunner, *arguments: Any, **named: Any) -> None:
    _init(self, *arguments, **named)
    setattr(self._requests, PAGES, self._pages_manager)


def lasting_page_change() -> None:
    """From now on, in this process, where patches are on."""
    if enabled():
        ScriptRequests._request_rerun_locked = _request_on_the_chosen_page  # type: ignore[method-assign]
        ScriptRunner.__init__ = _init_with_pages  # type: ignore[method-assign]
