"""A chosen page is opened also when something on the page before it reports, or asks for a rerun, right after the click.

Until the new page has begun in the browser, it names the page before in whatever it sends, and so does `st.rerun()` of a script
that still runs. Streamlit folds such a request into the one that waits and takes the page of the later one, or stops the new page
for it: the click on a link was lost, and the old page stayed. It happened where a click met a run that is watched.

Buys: 20 clicks, each with a report of a part of the old page 0 to 2 ms later: none is lost, without it all 20.

Not covered: a report of the old page that comes from none of its parts (`st.fragment`) once the new page has begun here. It
cannot be told from a choice of the old page.
"""

from dataclasses import replace
from functools import wraps
from typing import Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from ui.streamlit_patches import enabled

PAGES = "_dmf_pages"  # of the requests of a session: what knows its running page

_request = ScriptRequests._request_rerun_locked
_init = ScriptRunner.__init__


@wraps(_request)
def _request_on_the_chosen_page(self: ScriptRequests, new_data: RerunData) -> bool:
    pages: PagesManager | None = getattr(self, PAGES, None)
    if pages is None or new_data.is_history_navigation:
        return _request(self, new_data)
    running, named, waiting = pages.current_page_script_hash, new_data.page_script_hash, self._rerun_data
    if self._state == ScriptRequestType.CONTINUE and new_data.fragment_id and named != running and named in pages.get_pages():
        return True  # of a part of the page before, while the chosen one is drawn
    if self._state == ScriptRequestType.RERUN and named == running and waiting.page_script_hash not in (running, ""):
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
