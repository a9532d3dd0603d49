"""Open studies against their completions, of the counties that ``loose_counties`` draws.

Months for days, phases that nobody lives in yet, houses half placed, streets across each other.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "loose_counties", Path(__file__).with_name("loose_counties.py")
)
loose = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(loose)

base, wide = loose.base, loose.wide
wide.counties = loose  # what draws and hides
opened, completed, bench_of = wide.opened, wide.completed, wide.bench_of
contradictions = wide.contradictions


@pytest.mark.parametrize("seed", range(100, 600 if os.environ.get("LARGE") else 105))
def test_nothing_firm_comes_out_otherwise_once_all_is_known(seed):
    assert contradictions(seed, tries=1, clauses=6) == []
