"""One thread, as in every worker: the same bits everywhere. No store: tests neither read nor write the user's runs."""

import os

import pytest
import torch

os.environ["DMF_STORE"] = "off"  # here, so that servers and workers that tests start inherit it
os.environ["DMF_LECTURES"] = "off"  # the same; tests of lectures name folders of their own


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)
