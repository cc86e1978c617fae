"""The equation beside the player, in a real browser: its numbers multiply as printed, and nothing jumps."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import served

Visit = Callable[..., Any]
PLAYER = "document.querySelector('[data-testid=player]').player"
SCRIPT = """
import streamlit as st
from dmf_core.analysis.replay import explained
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from ui.figures.notice import notice
from ui.figures.payload import payload
from ui.player import player

st.set_page_config(layout="wide")

@st.cache_data
def made(theory):
    spec = preset_spec("five-modes")
    plain = run(spec)
    trajectory = explained(plain, spec) if theory else plain
    return payload(trajectory, spec), notice(trajectory)

data, notice = made(st.sidebar.toggle("Theory", value=st.query_params.get("theory") == "1"))
player(data, "player", notice)
"""


@pytest.fixture(scope="module")
def lecture(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("equation") / "lecture.py"
    script.write_text(SCRIPT)
    with served(script) as address:
        yield address


def number(text: str) -> float:
    """A number as printed: thin spaces, a true minus sign, powers of ten."""
    mantissa, _, power = text.replace("\u202f", "").replace("\u2212", "-").partition("10")
    if not power or not re.fullmatch("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", power):
        return float(text.replace("\u202f", "").replace("\u2212", "-"))
    exponent = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
    return float(mantissa.rstrip("·") or 1) * 10.0**exponent


def terms(page: Any) -> list[str]:
    terms: list[str] = page.eval_on_selector_all(".dmf-term > b", "all => all.map(each => each.textContent)")
    return terms


def test_equation_multiplies_out_as_printed_at_every_frame(lecture: str, visit: Visit) -> None:
    page = visit(f"{lecture}/?theory=1", reduced_motion="reduce")
    for mode in (1, 4):
        page.evaluate(f"{PLAYER}.select({mode})")
        for frame in (0, 20.5, 40.3, 55, 60.7, 70, 80.2, 93):
            page.evaluate(f"{PLAYER}.jump({frame})")
            speed, depth, size, pull = (number(text) for text in terms(page))
            assert depth == 3
            assert speed == pytest.approx(depth * size * pull, rel=5.1e-4)  # half of the fourth digit
    assert "Theorem 3 applies here" in page.inner_text(".dmf-verdict")
    assert "measured" in page.inner_text(".dmf-measured")
    page.click(".dmf-equation [role=radio][data-key='2']")
    assert page.inner_text(".dmf-equation h2").startswith("Why mode 2")
    assert page.evaluate(f"{PLAYER}.selected") == 2
    assert "sigma 2" in page.get_attribute(".dmf-law", "aria-label")


def test_nothing_jumps_when_the_numbers_come(lecture: str, visit: Visit) -> None:
    page = visit(lecture, reduced_motion="reduce")
    places = "['.dmf-law', '.dmf-verdict', '.dmf-transport', '.dmf-foot']"
    box = places + ".map(place => JSON.stringify(document.querySelector(place).getBoundingClientRect()))"
    before, frame = page.evaluate(box), page.evaluate(f"{PLAYER}.clock.f")
    assert terms(page) == ["", "", "", ""]
    page.click("text=Theory")
    page.wait_for_function("() => document.querySelector('.dmf-term > b').textContent")
    assert page.evaluate(box) == before
    assert page.evaluate(f"{PLAYER}.clock.f") == pytest.approx(frame, abs=1e-9)  # it is found again by its time


def test_numbers_change_ten_times_a_second_at_most_while_playing(lecture: str, visit: Visit) -> None:
    page = visit(f"{lecture}/?theory=1")
    page.evaluate(f"{PLAYER}.select(1); {PLAYER}.clock.speed = 4; {PLAYER}.jump(40); {PLAYER}.toggle()")
    changes, seconds = page.evaluate(
        "() => new Promise((done) => { let changes = 0; const from = performance.now(); new MutationObserver(() => changes++)"
        ".observe(document.querySelector('.dmf-term > b'), { childList: true, characterData: true, subtree: true });"
        "setTimeout(() => done([changes, (performance.now() - from) / 1000]), 1000) })"
    )
    assert 1 <= changes <= 10 * seconds + 2


def test_numbers_come_by_themselves_once_the_run_is_done(app: str, visit: Visit) -> None:
    page = visit(f"{app}/?problem.rows=30&problem.columns=30&problem.rank=2&problem.observations=500&seed=11")
    page.wait_for_function("() => document.querySelector('.dmf-verdict').textContent.includes('Theorem 3')")
    assert page.evaluate(f"{PLAYER}.run.predicted.length") >= 1
