"""Without the patches of Streamlit the main paths work too, as they will with a version that is not known yet."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, served
from tests.browser.test_app import test_slider_release_shows_the_still_of_the_new_run_and_then_plotly as shows_the_new_run
from tests.browser.test_exports import exporting, saved


@pytest.fixture(scope="module")
def plain(chromium) -> Iterator[str]:
    """The address of the application with DMF_PATCHES=off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DMF_PATCHES", "off")
        with served(ROOT / "app.py") as address:
            yield address


def test_first_visitor_may_open_any_page_and_then_another_without_patches(plain, visit) -> None:
    page = visit(f"{plain}/compare?compare.factor=model.depth&compare.values=1,2")
    page.wait_for_selector('[data-testid=compare][data-columns="2"]')
    page.get_by_role("link", name="Explore").click()
    page.get_by_role("link", name="Theory", exact=True).click()
    page.get_by_role("heading", name="Theory on top of measurement").wait_for()


def test_slider_release_shows_the_new_run_without_patches(plain, visit) -> None:
    shows_the_new_run(plain, visit)


def test_file_is_given_without_patches(plain, visit, tmp_path: Path) -> None:
    assert saved(exporting(visit(plain)), "CSV", tmp_path).read_bytes().startswith(b"t,iteration")
