"""Measures: one a file, one signature, tables in, one row per subject out.

Each is declared in ``model.rules.measures``.

``measure(tables, rule, subjects)`` returns a frame with
:data:`lifecircle.model.finding.MEASURED_COLUMNS` indexed by subject id; ``subjects`` are the ids
the rule applies or may apply to. A measure judges nothing: comparing is ``judge``'s.

- ``frame``: the one shape they return
- ``areas``, ``units``, ``facilities``, ``county``: the measures, in rooms by subject
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from lifecircle.model.rules.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["Measure", "measure_of"]

_ROOMS = {"residential": "areas"}


class Measure(Protocol):
    """The one signature."""

    def __call__(self, tables: Tables, rule: Rule[Any], subjects: pd.Index, /) -> pd.DataFrame:
        """Measure ``rule`` for ``subjects``."""


@cache
def measure_of(name: str) -> Measure:
    """Return the function of a declared measure, found by its name in the room of its subject."""
    spec = MEASURES[name]
    room = _ROOMS.get(spec.subject, spec.subject)
    module = importlib.import_module(f"lifecircle.measures.{room}.{name}")
    found: Measure = getattr(module, spec.function or name)
    return found
