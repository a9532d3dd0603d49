"""The town of every reading, as the tests of assessing have it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "assessing" / "conftest.py"


@pytest.fixture(scope="session")
def town():
    """Make the town's study, with ``changes`` to its fields."""
    spec = importlib.util.spec_from_file_location("town_of_readings", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_town
