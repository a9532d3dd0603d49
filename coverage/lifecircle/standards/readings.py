"""The readings A1–A40 a clause may take: their choices, and the measures that need them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["ReadingSpec", "needed_readings", "readings"]


@dataclass(frozen=True, slots=True)
class ReadingSpec:
    """One reading: its number, its choices, and who cannot do without it.

    Texts: domain ``standards``, ``reading.<id>`` (the question) and ``reading.<id>.<choice>``.

    Parameters
    ----------
    choices
        The first is the default.
    measures, where
        Measure, or field of the subject filter, that needs the reading → the choice it gets where
        neither clause nor study says otherwise.
    """

    id: str
    choices: tuple[str, ...]
    measures: Mapping[str, str]
    where: Mapping[str, str]

    def default(self, measure: str = "") -> str:
        """Return the choice taken by default, for one measure if it is named."""
        return self.measures.get(measure, self.choices[0])


@cache
def readings() -> dict[str, ReadingSpec]:
    """Return the readings, by id, in order."""
    text = (files("lifecircle.standards") / "readings.toml").read_text(encoding="utf-8")
    return {
        name: ReadingSpec(
            name, tuple(spec["choices"]), spec.get("measures", {}), spec.get("where", {})
        )
        for name, spec in tomllib.loads(text).items()
    }


def needed_readings(measure: str, where: Iterable[str]) -> dict[str, str]:
    """Return reading id → choice for all that a measure and its subject filter need."""
    found = {}
    for name, spec in readings().items():
        filters = [spec.where[field] for field in where if field in spec.where]
        for choice in [*filters, *([spec.measures[measure]] if measure in spec.measures else [])]:
            found[name] = choice
    return found
