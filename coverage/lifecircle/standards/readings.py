"""The readings A1–A42 a clause may take: their choices, and the measures that need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from lifecircle.shipped import shipped_toml

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
    switch
        Measure → the choices it acts on: a study may take one of these and no other.
    of_tables
        It changes what all clauses are judged from, not one clause.
    told
        The choices whose effect stands beside every result; all where it is empty.
    measures, where
        Measure, or field of the subject filter, that needs the reading → the choice it gets where
        neither clause nor study says otherwise.
    """

    id: str
    choices: tuple[str, ...]
    measures: Mapping[str, str]
    where: Mapping[str, str]
    switch: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_tables: bool = False
    told: tuple[str, ...] = ()

    @property
    def switchable(self) -> tuple[str, ...]:
        """Return the choices a study may take, each once, in order."""
        acted = {choice for choices in self.switch.values() for choice in choices}
        return tuple(choice for choice in self.choices if choice in acted)

    def default(self, measure: str = "") -> str:
        """Return the choice taken by default, for one measure if it is named."""
        return self.measures.get(measure, self.choices[0])


@cache
def readings() -> dict[str, ReadingSpec]:
    """Return the readings, by id, in order."""
    return {
        name: ReadingSpec(
            name,
            tuple(spec["choices"]),
            spec.get("measures", {}),
            spec.get("where", {}),
            {measure: tuple(choices) for measure, choices in spec.get("switch", {}).items()},
            spec.get("of_tables", False),
            tuple(spec.get("told", ())),
        )
        for name, spec in shipped_toml("lifecircle.standards", "readings.toml").items()
    }


def needed_readings(measure: str, where: Iterable[str]) -> dict[str, str]:
    """Return reading id → choice for all that a measure and its subject filter need."""
    found = {}
    for name, spec in readings().items():
        filters = [spec.where[field] for field in where if field in spec.where]
        for choice in [*filters, *([spec.measures[measure]] if measure in spec.measures else [])]:
            found[name] = choice
    return found
