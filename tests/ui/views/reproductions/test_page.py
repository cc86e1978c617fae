"""The page of reproductions, and its panels."""

import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.reproductions import REPRODUCTIONS
from dmf_core.reproductions.framework.record import recorded
from dmf_core.reproductions.framework.reproduction import Line, Panel
from ui.figures.panel import GAP, _apart, in_words, overlaid_panels, panel_svgs, panels_html
from ui.figures.theme import THEMES
from ui.figures.typeset import plain
from ui.views.reproductions.cards import _html, held, when_and_where
from ui.views.reproductions.page import other_draws
from ui.views.reproductions.report import NOTHING, _ours, claims_table, comparison

ROOT = Path(__file__).parents[4]
PAGE = "from ui.views.reproductions.page import chosen, heading, show\nheading()\nshow(chosen())\n"


pytestmark = pytest.mark.usefixtures("queue_ends")


def opened(name: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["figure"], app.session_state["Quick form"] = name, True
    return app.run()


def run_to_the_claims(app: AppTest) -> None:
    app.button[0].click().run()
    deadline = time.monotonic() + 60
    while (
        not any("This machine: " in each.value or " of 2 claims hold" in each.value for each in ran(app))
        and time.monotonic() < deadline
    ):
        assert not app.exception
        time.sleep(0.2)
        app.run()


def ran(app: AppTest) -> list[Any]:
    """Everything that says what came out here."""
    return [*app.markdown, *app.subheader]


def test_every_figure_opens_with_its_record_and_its_price_and_runs_nothing() -> None:
    for name, figure in REPRODUCTIONS.items():
        app = opened(name)
        assert not app.exception
        made = recorded(name)
        assert made is not None
        assert {each.value for each in app.subheader} >= {plain(figure.title)}
        assert any(each.value.endswith(held(made["quick_claims"])[1]) for each in app.subheader)
        assert [button.label.startswith("Run it here · ") for button in app.button] == [True]
        assert any(made["specs"][:8] in each.value for each in app.caption)


def test_page_without_a_figure_counts_what_is_recorded_and_an_unknown_one_is_said() -> None:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    claims = [claim for name in REPRODUCTIONS for claim in (recorded(name) or {"claims": []})["claims"]]
    assert f": {sum(claim['holds'] for claim in claims)} of {len(claims)} claims hold" in app.title[0].value
    assert not app.button and not app.subheader
    app.query_params["figure"] = "nonsense"
    assert "There is no figure nonsense here" in app.run().warning[0].value


def test_cards_show_what_is_recorded() -> None:
    html = _html()
    for name in REPRODUCTIONS:
        made = recorded(name)
        assert made is not None
        card = html.partition(f'data-figure="{name}"')[2].partition("</article>")[0]
        assert " ".join(held(made["claims"])) in card and " · ".join(when_and_where(made)) in card
        assert "<polyline" in card


def test_pressed_button_lays_this_machine_beside_the_record() -> None:
    app = opened("chou")
    run_to_the_claims(app)
    comparison = next(each.value for each in app.markdown if "This machine: 11 of 11 claims hold" in each.value)
    assert "Every verdict is the recorded one" in comparison
    assert not app.button
    again = opened("chou")
    assert any("This machine: " in each.value for each in again.markdown)  # who comes next finds it


def test_stop_offers_to_run_what_is_left() -> None:
    app = opened("razin-cohen")
    app.button[0].click().run()
    next(button for button in app.button if button.label == "Stop").click().run()
    assert not app.exception
    offers = ("Run it here · ", "Go on · ")  # the second where a run had ended before
    assert [button.label.startswith(offers) for button in app.button] == [True]


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
    assert any("of 2 claims hold" in each.value for each in ran(app))
    assert any("reproduce arora-figure-3 --data FILE --quick" in each.value for each in app.caption)
    other = with_ratings(opened("arora-figure-3"), "u.data", ratings_file())  # the same file, another session
    assert [button.label.startswith(("Run it here · ", "Go on · ")) for button in other.button] == [True]


def test_bad_ratings_are_refused_with_their_line_and_the_page_stays() -> None:
    app = with_ratings(opened("arora-figure-3"), "u.data", b"1\t1\t5\n1\t2\tfive\n2\t1\t4\n")
    assert not app.exception
    assert "Line 2" in app.warning[0].value and app.warning[0].value.endswith("Nothing was run.")
    app.segmented_control[0].select("Drawn matrices").run()
    assert [button.label.startswith("Run it here · ") for button in app.button] == [True]


CLAIM: dict[str, Any] = {
    "statement": "It is 1e-3.",
    "remark": "",
    "relation": "<=",
    "bound": 0.1,
    "source": "derived",
    "name": "a",
}


def test_claims_that_fail_stand_first_and_differences_are_told() -> None:
    good, bad = CLAIM | {"value": 0.05, "holds": True}, CLAIM | {"name": "b", "value": 0.5, "holds": False, "statement": "B."}
    table = claims_table([good, bad], None)
    assert table.index("B.") < table.index("It is 10⁻³.") and table.count(NOTHING) == 2
    assert '<span class="rp-warn">△</span> 0.5' in table and '<span class="rp-ok">✓</span> 0.05' in table and "≤ 0.1" in table
    claims = [good | {"value": 0.0501}, bad | {"value": 0.08, "holds": True}]
    both = claims_table([good, bad], claims)
    assert "0.2 % apart" in both and "another verdict" in both and NOTHING not in both
    assert comparison([good], [good]) == "Every verdict is the recorded one; every number too, to all recorded digits."
    assert comparison([good, bad], claims) == "One verdict differs from the recorded one; numbers differ by 84 % at most."
    assert "missing" in claims_table([good | {"value": None, "holds": False}], None)


def test_what_this_machine_measured_is_drawn_as_crosses_over_the_record() -> None:
    x = np.logspace(-3, 0, 5)
    before, after = (
        Panel("Title", "x", "y", [Line("one", x, x), Line("two", x, x, role="predicted")]),
        Panel("Title", "x", "y", [Line("one", x, 1.1 * x)]),
    )
    overlaid = overlaid_panels([before], [after])[0]
    assert [line.role for line in overlaid.lines] == ["measured", "predicted", "repeated"]
    assert panel_svgs(overlaid) != panel_svgs(before)
    assert "one on this machine from" in in_words(overlaid)


def test_words_of_a_claim_are_not_markdown() -> None:
    assert plain("|w11| * 2 x 2") == "\\|w11\\| \\* 2 × 2"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("falls", [False, True])
def test_panel_is_svg_and_the_same_bytes_twice(theme: str, falls: bool) -> None:
    x, y = np.logspace(-3, 0, 5), np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    lines = [Line("one", x, y, 0.9 * y, 1.1 * y), Line("two", x, y, role="predicted"), Line("none", x, y * np.nan, colour=7)]
    panel = Panel("Title", "x", "y", lines, x_log=True, x_falls=falls)
    svg, narrow = panel_svgs(panel, theme)  # type: ignore[arg-type]
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert [svg, narrow] == panel_svgs(panel, theme)  # type: ignore[arg-type]
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
    places = _apart(heights)
    assert all(np.diff(places) >= GAP - 1e-12)
    assert max(places) <= 1.02 + 1e-12


def test_interval_narrower_than_its_digits_is_said_by_its_width() -> None:
    def table(low: float, high: float) -> str:
        return _ours({"median": 4 / 3, "low": low, "high": high, "count": 3})

    assert table(1.33333, 1.33339) == "1.333 (± 3·10⁻⁵)"
    assert table(1.2, 1.4) == "1.333 (1.2 to 1.4)"
    assert table(4 / 3, 4 / 3) == "1.333"


@pytest.mark.parametrize(
    ("name", "noun"),
    [("arora-figure-1", "matrices"), ("razin-2021-dynamics", "tensors"), ("razin-cohen", ""), ("depth-law", ""), ("chou", "")],
)
def test_only_measured_values_of_other_random_data_are_said_to_be_no_digits_to_compare(name: str, noun: str) -> None:
    sentence = other_draws(REPRODUCTIONS[name])
    assert sentence == (f"We use other random {noun}: compare the trends, not the digits." if noun else "")
