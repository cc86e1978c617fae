"""axe-core on every page of the navigation, light and dark. Its script comes with the package: nothing is fetched."""

import pytest
from axe_playwright_python.sync_playwright import Axe

LEAST_CHECKED = 20  # rules that must have looked at something: else the page was not there


def addresses(page, app: str) -> list[str]:
    page.goto(app)
    page.get_by_test_id("stTopNavLink").first.wait_for(timeout=30_000)
    return [link.get_attribute("href") or "" for link in page.get_by_test_id("stTopNavLink").all()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_serious_violation(app, chromium, scheme: str) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 900}, color_scheme=scheme)
    pages = addresses(page, app)
    assert len(pages) > 1
    found = []
    for address in pages:
        page.goto(address if address.startswith("http") else app + address)
        page.get_by_role("heading").first.wait_for(timeout=30_000)
        page.wait_for_timeout(1500)  # what comes after the first picture
        said = Axe().run(page).response
        assert len(said["passes"]) > LEAST_CHECKED, address
        for violation in said["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                found.append(f"{address} {violation['id']}: {violation['help']}: {nodes}")
    page.close()
    assert found == []
