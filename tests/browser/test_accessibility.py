"""axe-core on every page and every view, light and dark. Its script comes with the package: nothing is fetched."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import ROOT, settled

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}  # what the colours of the dark can change
LEAST_CHECKED = 20  # rules that must have looked at something: else the page was not there


def addresses(page, app: str) -> list[str]:
    """Those of the menu, and of the views that Explore and Gallery link to."""
    found: list[str] = []
    for first in (app, f"{app}/gallery"):
        page.goto(first)
        page.get_by_test_id("stTopNavLink").first.wait_for()
        page.locator(".st-key-views a").nth(1).wait_for()
        found += page.eval_on_selector_all("[data-testid=stTopNavLink], .st-key-views a", "links => links.map(link => link.href)")
    return sorted({address.split("?")[0] for address in found})


def serious(address: str, said: dict[str, Any]) -> list[str]:
    return [
        f"{address} {each['id']}: {each['help']}: {'; '.join(node['html'][:160] for node in each['nodes'][:3])}"
        for each in said["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def test_page_has_no_serious_violation(app, chromium) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 900}, color_scheme="light")
    page.set_default_timeout(60_000)
    pages = addresses(page, app)
    assert len(pages) == len(list((ROOT / "pages").glob("*.py")))
    found = []
    for address in pages:
        page.goto(address)
        page.get_by_role("heading").first.wait_for()
        settled(page, "light")
        said = Axe().run(page).response
        assert len(said["passes"]) > LEAST_CHECKED, address
        found += serious(address, said)
        page.emulate_media(color_scheme="dark")
        settled(page, "dark")
        dark = Axe().run(page, options=CONTRAST).response
        assert dark["passes"] or dark["violations"], address
        found += serious(f"{address} in the dark", dark)
        page.emulate_media(color_scheme="light")
    page.close()
    assert found == []
