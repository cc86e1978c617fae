"""One thread, as in every worker: the same bits everywhere. No store: tests neither read nor write the user's runs."""

import os
from pathlib import Path

import pytest
import torch

os.environ["DMF_STORE"] = "off"  # here, so that servers and workers that tests start inherit it
os.environ["DMF_LECTURES"] = "off"  # the same; tests of lectures name folders of their own

LONGEST = (  # files that take 10 seconds of the processor or more begin first: so all processes end at about the same time
    "browser/test_compare.py",
    "browser/test_faults.py",
    "browser/test_exports.py",
    "browser/test_accessibility.py",
    "browser/test_app.py",
    "browser/test_player.py",
    "browser/test_player_view.py",
    "browser/test_player_layout.py",
    "browser/test_player_and_server.py",
    "browser/test_lecture.py",
    "papers/test_counters.py",
    "ui/views/reproductions/test_page.py",
    "cli/test_process.py",
    "jobs/test_cluster.py",
    "export/test_scripts.py",
    "jobs/test_faults.py",
    "cli/test_reproduce.py",
    "ui/views/explore/test_page.py",
    "export/test_films.py",
    "export/test_pictures.py",
    "ui/views/compare/test_page.py",
    "contracts/test_models.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they were collected."""
    place = {name: number for number, name in enumerate(LONGEST)}
    here = Path(__file__).parent
    items.sort(key=lambda item: place.get(item.path.relative_to(here).as_posix(), len(place)))


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def usual_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what a worker measures nor what runs took changes an estimate: on a busy machine a page would ask first."""
    from dmf_core.jobs.executors.local import LocalExecutor
    from dmf_core.jobs.experience import Experience

    monkeypatch.setattr(LocalExecutor, "measured", lambda executor, machine: None)
    monkeypatch.setattr("ui.services.experience", Experience)
