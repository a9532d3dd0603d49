"""Parameters of a study: each has a default with a printed source, or must be given."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any

from lifecircle.model.allowed import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CURVE_MINUTES",
    "CURVE_RADII_M",
    "SENSITIVITY_RADII_M",
    "SENSITIVITY_SPEEDS_M_S",
    "ParameterRecord",
    "Parameters",
    "reading_figures",
]

SENSITIVITY_SPEEDS_M_S = (0.8, 1.0, 10 / 9, 1.25)
"""Older person's pace, planning pace, the documents' 1000 m in 15 min, adults (A15)."""
SENSITIVITY_RADII_M = (500.0, 700.0, 1000.0, 1500.0)
CURVE_RADII_M = tuple(50.0 * i for i in range(31))
CURVE_MINUTES = tuple(map(float, range(31)))
"""Steps of the curves: every 50 m to 1,500 m, every minute to 30."""
_READ = (
    "own_tolerance_m",
    "positional_error_m",
    "recorded_sharing_note_m",
    "reference_radius_m",
    "small_deficit_m2",
)


def _p(default: Any, unit: str, *, low: float = 0.0, strict: bool = False) -> Any:
    return field(default=default, metadata={"unit": unit, "low": low, "strict": strict})


@dataclass(frozen=True, slots=True)
class ParameterRecord:
    """One printed line: name, value, unit and where the value comes from.

    Parameters
    ----------
    value
        None: the study gives none, and there is no default.
    source
        ``study`` when the study sets it, else ``default``; the words behind a default are the
        text ``parameter.<name>.source``.
    """

    name: str
    value: float | None
    unit: str
    source: Annotated[str, OneOf(("study", "default"))]


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters; a value out of range is refused by the study reader, not here."""

    walk_speed_m_s: float = _p(10 / 9, "m/s", strict=True)
    search_limit_m: float = _p(3000.0, "m", strict=True)
    snap_limit_m: float = _p(200.0, "m")
    short_fragment_m: float = _p(2000.0, "m")
    main_network_share: float = _p(0.5, "")
    own_tolerance_m: float = _p(50.0, "m")
    sharing_radius_m: float | None = _p(None, "m")
    reference_radius_m: float = _p(1000.0, "m", strict=True)
    reference_walk_min: float = _p(15.0, "min", strict=True)
    positional_error_m: float = _p(20.0, "m")
    close_call_share: float = _p(0.01, "")
    detour_ratio: float = _p(1.5, "", low=1.0)
    demand_points: float = _p(36.0, "", low=1.0)
    gap_limit_m: float = _p(15.0, "m")
    repair_gap_m: float | None = _p(None, "m", strict=True)
    small_deficit_m2: float = _p(20.0, "m²")
    persons_per_household: float | None = _p(None, "", strict=True)
    recorded_sharing_note_m: float = _p(1000.0, "m")
    stage_tolerance_days: float = _p(90.0, "d")
    co_location_m: float = _p(100.0, "m")
    steps_factor: float = _p(1.0, "", low=1.0)
    incline_factor: float = _p(1.0, "", low=1.0)
    steep_slope: float = _p(0.05, "", strict=True)
    ferry_speed_kmh: float = _p(9.0, "km/h", strict=True)
    ferry_wait_min: float = _p(0.0, "min")
    drive_motorway_kmh: float = _p(80.0, "km/h", strict=True)
    drive_trunk_kmh: float = _p(60.0, "km/h", strict=True)
    drive_primary_kmh: float = _p(50.0, "km/h", strict=True)
    drive_secondary_kmh: float = _p(40.0, "km/h", strict=True)
    drive_tertiary_kmh: float = _p(30.0, "km/h", strict=True)
    drive_local_kmh: float = _p(20.0, "km/h", strict=True)
    given: frozenset[str] = frozenset()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names a study may set."""
        return tuple(f.name for f in fields(cls) if f.name != "given")

    @classmethod
    def bound(cls, name: str) -> tuple[float, bool]:
        """Return the lower bound of a parameter and whether it is strict."""
        meta = next(f.metadata for f in fields(cls) if f.name == name)
        return meta["low"], meta["strict"]

    def having(self, **values: float | None) -> Parameters:
        """Return a copy with ``values`` set and marked as given by the study."""
        return dataclasses.replace(self, **values, given=self.given | values.keys())  # type: ignore[arg-type]

    def records(self) -> tuple[ParameterRecord, ...]:
        """Return every parameter as a printed line."""
        return tuple(
            ParameterRecord(
                f.name,
                getattr(self, f.name),
                f.metadata["unit"],
                "study" if f.name in self.given else "default",
            )
            for f in fields(self)
            if f.name != "given"
        )


def reading_figures(records: Iterable[ParameterRecord]) -> dict[str, float | None]:
    """Return the figures that printed readings name, by the parameters of a result."""
    of = {one.name: one.value for one in (*Parameters().records(), *records)}
    told = {name: of[name] for name in _READ}
    return told | {"quarter_m": 900.0 * (of["walk_speed_m_s"] or 0.0)}
