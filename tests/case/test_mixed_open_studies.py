"""Open studies against their completions, of the counties that ``mixed_counties`` draws.

Records of areas half known, rows of a name alone, gates and walks of which not all is told.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "mixed_counties", Path(__file__).with_name("mixed_counties.py")
)
mixed = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(mixed)

base, wide = mixed.base, mixed.wide
wide.counties = mixed  # what draws and hides
opened, completed, bench_of = wide.opened, wide.completed, wide.bench_of
contradictions = wide.contradictions


@pytest.mark.parametrize("seed", range(100, 500 if os.environ.get("LARGE") else 104))
def test_nothing_firm_comes_out_otherwise_once_all_is_known(seed):
    assert contradictions(seed, tries=1, clauses=6) == []
