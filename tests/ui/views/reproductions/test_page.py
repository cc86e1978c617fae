"""The page of reproductions, and its panels."""

import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.reproduction import Line, Panel
from ui.figures.panel import GAP, _apart, in_words, panel_svg, panels_html
from ui.figures.theme import THEMES
from ui.figures.typeset import plain
from ui.services import shared_queue
from ui.views.reproductions.report import _ours, claim_line

ROOT = Path(__file__).parents[4]
PAGE = "import streamlit as st\nfrom ui.views.reproductions.page import chosen, show\nshow(*chosen())\n"


@pytest.fixture(autouse=True, scope="module")
def _queue_ends() -> Iterator[None]:
    yield
    shared_queue().close()
    shared_queue.clear()


def opened(name: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.session_state["Figure"], app.session_state["Quick form"] = name, True
    return app.run()


def run_to_the_claims(app: AppTest) -> None:
    app.button[0].click().run()
    deadline = time.monotonic() + 60
    while not any("claims hold" in each.value for each in app.markdown) and time.monotonic() < deadline:
        assert not app.exception
        time.sleep(0.2)
        app.run()


def test_every_figure_opens_with_its_price_and_runs_nothing() -> None:
    for name in REPRODUCTIONS:
        app = opened(name)
        assert not app.exception
        assert app.subheader[0].value == REPRODUCTIONS[name].title
        assert [button.label.startswith("Run · ") for button in app.button] == [True]


def test_pressed_button_leads_to_claims_and_picture() -> None:
    app = opened("chou")
    run_to_the_claims(app)
    assert any("11 of 11 claims hold" in each.value for each in app.markdown)
    assert not app.button
    again = opened("chou")
    assert any("claims hold" in each.value for each in again.markdown)  # who comes next finds it


def test_stop_takes_everything_back() -> None:
    app = opened("razin-cohen")
    app.button[0].click().run()
    next(button for button in app.button if button.label == "Stop").click().run()
    assert not app.exception
    assert [button.label.startswith("Run · ") for button in app.button] == [True]


def ratings_file(seed: int = 0) -> bytes:
    """Lines as in MovieLens' u.data: 900 of 30 x 40 ratings, strong enough a pull for a short run."""
    source = np.random.default_rng(seed)
    liked = 9 + 3 * np.outer(source.normal(size=30), source.normal(size=40))
    places = source.permutation(30 * 40)[:900]
    return "".join(f"{k // 40}\t{k % 40}\t{liked.ravel()[k]:.0f}\t0\n" for k in places).encode()


def with_ratings(app: AppTest, name: str, content: bytes) -> AppTest:
    app.segmented_control[0].select("Your ratings").run()
    app.file_uploader[0].upload(name, content, "text/plain").run()
    return app


def test_own_ratings_lead_to_claims_of_this_visit_alone() -> None:
    app = with_ratings(opened("arora-figure-3"), "u.data", ratings_file())
    assert not app.exception
    assert app.subheader[0].value == "Ratings: the deeper, the more sharply the singular values part"
    assert any("90 of the 900 given ratings" in each.value for each in app.markdown)
    run_to_the_claims(app)
    assert any("of 2 claims hold" in each.value for each in app.markdown)
    assert any("reproduce arora-figure-3 --data FILE --quick" in each.value for each in app.caption)
    other = with_ratings(opened("arora-figure-3"), "u.data", ratings_file())  # the same file, another session
    assert [button.label.startswith(("Run · ", "Go on · ")) for button in other.button] == [True]


def test_bad_ratings_are_refused_with_their_line_and_the_page_stays() -> None:
    app = with_ratings(opened("arora-figure-3"), "u.data", b"1\t1\t5\n1\t2\tfive\n2\t1\t4\n")
    assert not app.exception
    assert "Line 2" in app.warning[0].value and app.warning[0].value.endswith("Nothing was run.")
    app.segmented_control[0].select("Drawn matrices").run()
    assert [button.label.startswith("Run · ") for button in app.button] == [True]


def test_failed_claim_has_a_cross_and_says_what_was_claimed() -> None:
    claim = {"sentence": "It is 1e-3.", "value": 0.5, "relation": "<=", "bound": 0.1, "holds": False, "source": "derived"}
    assert claim_line(claim) == ":red[✕] It is 10⁻³.  \n\u2003\u20020.5, where ≤ 0.1 was claimed :gray[· derived]"
    assert claim_line(claim | {"holds": True, "bound": 0.6}).startswith(":green[✓]")
    assert "missing" in claim_line(claim | {"value": None})


def test_words_of_a_claim_are_not_markdown() -> None:
    assert plain("|w11| * 2 x 2") == "\\|w11\\| \\* 2 × 2"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("falls", [False, True])
def test_panel_is_svg_and_the_same_bytes_twice(theme: str, falls: bool) -> None:
    x, y = np.logspace(-3, 0, 5), np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    lines = [Line("one", x, y, 0.9 * y, 1.1 * y), Line("two", x, y, role="predicted"), Line("none", x, y * np.nan, colour=7)]
    panel = Panel("Title", "x", "y", lines, x_log=True, x_falls=falls)
    svg = panel_svg(panel, theme)  # type: ignore[arg-type]
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert svg == panel_svg(panel, theme)  # type: ignore[arg-type]
    assert THEMES[theme].page.lower() in svg  # type: ignore[index]


def test_picture_is_said_in_words_with_both_ends_of_every_line() -> None:
    x = np.array([1e-3, 1.0])
    lines = [Line("depth 2", x, np.array([0.5, 4.0])), Line("none", x, np.array([np.nan, np.nan]))]
    panel = Panel("Error", "loss", "|w11|", lines, x_falls=True)
    assert in_words(panel) == "Error: |w11| against loss. depth 2 from 4 to 0.5."
    html = panels_html([panel], "dark")
    assert html.count("data:image/svg+xml;base64,") == 2
    assert f'alt="{in_words(panel)}"' in html


@pytest.mark.parametrize("heights", [[0.0, 0.0, 0.0], [0.5, 0.51, 0.9], [0.98, 0.99, 1.0], [0.2]])
def test_names_keep_their_distance_and_order(heights: list[float]) -> None:
    found = _apart(heights)
    assert all(np.diff(found) >= GAP - 1e-12)
    assert max(found) <= 1.02 + 1e-12


def test_interval_narrower_than_its_digits_is_said_by_its_width() -> None:
    def table(low: float, high: float) -> str:
        return _ours({"median": 4 / 3, "low": low, "high": high, "count": 3})

    assert table(1.33333, 1.33339) == "1.333 (± 3·10⁻⁵)"
    assert table(1.2, 1.4) == "1.333 (1.2 to 1.4)"
    assert table(4 / 3, 4 / 3) == "1.333"
