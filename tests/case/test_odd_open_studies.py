"""Open studies against their completions, of the counties that ``odd_counties`` draws.

Phases, hosts, rooms of two services, planned figures: what ``wider_counties`` seldom leaves open.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "odd_counties", Path(__file__).with_name("odd_counties.py")
)
odd = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(odd)

base, wide = odd.base, odd.wide
wide.counties = odd  # what draws and hides
opened, completed, bench_of = wide.opened, wide.completed, wide.bench_of
contradictions = wide.contradictions


FOUND = {
    504: "a second service of a site, without a position, stood where its record said",
    724: "one stood where its community has an area: its site is in another",
}
"""Counties of which something firm once came out otherwise, and what."""


@pytest.mark.parametrize("seed", FOUND)
def test_what_was_once_firm_by_mistake_is_open(seed):
    assert contradictions(seed, tries=1, clauses=1000) == []


@pytest.mark.parametrize("seed", range(100, 600 if os.environ.get("LARGE") else 105))
def test_nothing_firm_comes_out_otherwise_once_all_is_known(seed):
    assert contradictions(seed, tries=1, clauses=6) == []
