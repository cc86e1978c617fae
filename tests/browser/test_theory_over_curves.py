"""The theory over the curves of the player: its numbers follow the cursor, and the run is kept on the way to its page."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from dmf_core.analysis.replay import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.equation import preconditioner
from tests.browser.conftest import settled
from ui.figures.theory.over_curves import overlay

PLAYER = "document.querySelector('[data-testid=player]').player"
RUN = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 2, "problem.observations": 500, "seed": 11}


def test_theory_lies_over_the_curves_and_follows_the_cursor(app: str, visit: Callable[..., Any]) -> None:
    spec = RunSpec().replaced(RUN)
    explained_run = explained(run(spec), spec)
    reading, insight = overlay(explained_run, spec, ""), explained_run.insight
    assert insight is not None
    page = visit(f"{app}/?{'&'.join(f'{path}={value}' for path, value in RUN.items())}", reduced_motion="reduce")
    page.wait_for_function("document.querySelector('[data-testid=player]')?.player?.run?.over?.text")
    page.wait_for_function("document.body.innerText.toLowerCase().includes('accurate')")  # all has come
    assert page.get_by_test_id("player-summary").is_visible()
    assert page.locator(".dmf-shown [data-key=K]").count() == 0

    page.get_by_role("button", name="theory", exact=True).click()
    words = page.get_by_test_id("player-theory")
    assert page.get_attribute("[data-testid=player]", "data-theory") == "on"
    assert reading["text"] in words.inner_text()
    assert reading["badge"] in words.inner_text()
    frame = int(np.nanargmax(insight.measured[:, 0]))
    page.evaluate(f"{PLAYER}.select(1); {PLAYER}.jump({frame})")
    first = next(each for each in page.evaluate(f"{PLAYER}.curves.tangents") if each["mode"] == 1)
    assert first["measured"] == pytest.approx(insight.measured[frame, 0], rel=1e-5)  # float32
    assert first["predicted"] == pytest.approx(insight.measured[frame, 0], rel=0.05)  # the theorem: balanced to a few percent
    frames, values = page.evaluate(f"[Array.from({PLAYER}.run.chart.frames), Array.from({PLAYER}.run.chart.values)]")
    i = frames.index(frame)
    (before, v), (after, w) = ((frames[j], values[j]) for j in (i - 1, i + 1))
    t = np.interp([before, after], np.arange(len(explained_run.snapshots)), explained_run.column("t"))
    assert (w - v) / (t[1] - t[0]) == pytest.approx(
        insight.measured[frame, 0], rel=0.1
    )  # the curve goes where its tangent points
    assert "At the cursor: mode 1" in words.inner_text()
    text = words.inner_text()
    page.evaluate(f"{PLAYER}.jump(0.5)")
    assert words.inner_text() != text
    assert page.evaluate(f"{PLAYER}.curves.tangents.length") < 2

    page.keyboard.press("k")
    shown = page.evaluate(f"{PLAYER}.jump({frame}); {PLAYER}.matrix.K")
    K = preconditioner(3, explained_run.singular_values[frame, :2])
    np.testing.assert_allclose(shown, K / K.max(), rtol=1e-5)  # float32
    assert "preconditioner K" in page.get_attribute(".dmf-matrix canvas", "aria-label")
    settled(page)
    response = Axe().run(page, context="[data-testid=player]").response
    assert len(response["passes"]) > 10
    assert response["violations"] == []

    page.evaluate("window.kept = true")  # a page that is loaded anew knows nothing of it
    page.get_by_role("link", name="The whole theory of this run").click()
    page.wait_for_selector(".th-one")
    assert reading["text"].split(". ")[1] in page.locator("[data-statement=theorem_3]").inner_text()
    assert page.evaluate("window.kept")
    page.get_by_role("link", name="Explore").first.click()
    page.wait_for_function(f"document.querySelector('[data-testid=player]')?.player?.run?.run === '{spec.digest()}'")
