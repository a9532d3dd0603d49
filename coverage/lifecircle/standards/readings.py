"""The readings A1–A40 a clause may take: their choices, and the measures that need them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["ReadingSpec", "needed_readings", "readings"]


@dataclass(frozen=True, slots=True)
class ReadingSpec:
    """One reading: its number, its choices with the default first, the measures that need it.

    Texts: domain ``standards``, ``reading.<id>`` (the question) and ``reading.<id>.<choice>``.
    """

    id: str
    choices: tuple[str, ...]
    measures: frozenset[str]

    @property
    def default(self) -> str:
        """The choice taken where neither clause nor study says otherwise."""
        return self.choices[0]


@cache
def readings() -> dict[str, ReadingSpec]:
    """Return the readings, by id, in order."""
    text = (files("lifecircle.standards") / "readings.toml").read_text(encoding="utf-8")
    return {
        name: ReadingSpec(name, tuple(spec["choices"]), frozenset(spec["measures"]))
        for name, spec in tomllib.loads(text).items()
    }


def needed_readings(measure: str) -> dict[str, str]:
    """Return reading id → default choice for every reading ``measure`` cannot judge without."""
    return {name: spec.default for name, spec in readings().items() if measure in spec.measures}
