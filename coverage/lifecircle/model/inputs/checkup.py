"""A Checkup: what was read of a study, and everything wrong with it; nothing is judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem import Severity
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from lifecircle.model.inputs.study import InputRecord, Study
    from lifecircle.model.problem import Problem

__all__ = ["FRONT_SHEETS", "SCHEMA", "Checkup", "DistrictRead"]

SCHEMA = 1
"""Number of the format of ``check --json``; a change is a CHANGELOG entry."""

FRONT_SHEETS = frozenset(say("check", "copy.sheet", language) for language in LANGUAGES)
"""Titles of the sheet that a marked ledger has in front: no data, for a reader of the copy."""


@dataclass(frozen=True, slots=True)
class DistrictRead:
    """What the ledgers hold of one service district that a document of the study fixes.

    Parameters
    ----------
    host
        Name of the facility that is its host; None: the ledger does not tell which it is.
    host_name
        As the document calls it.
    units
        Names of its units; of those that the study does not list, their codes.
    unlisted, without_seat
        Of these: not in the study's list; in it, and without a place.
    beds
        Of the host; None: not filled in, or nobody asks.
    demand
        People of the units whom the beds are for, as far as filled in; None: of none.
    demand_missing
        Units without that figure; None: no clause asks for it.
    far_unit, far_m
        The unit whose seat is farthest from the host, straight line in metres.
    total_m
        Sum of these lines; None: of none.
    """

    district: str
    host: str | None
    host_name: str
    units: tuple[str, ...]
    unlisted: tuple[str, ...] = ()
    without_seat: tuple[str, ...] = ()
    beds: float | None = None
    demand: float | None = None
    demand_missing: int | None = None
    far_unit: str | None = None
    far_m: float | None = None
    total_m: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Checkup:
    """One reading of a study.

    Parameters
    ----------
    name
        The study's name; None where the study file cannot be read.
    path
        The study file.
    language
        ``zh`` or ``en``.
    usable
        Whether the study can be assessed.
    crs
        The CRS in which distances are measured, None where no layer was placed.
    inputs
        The files read, the study file first; ``rows`` = ``used`` + ``set_aside``.
    problems
        Errors first.
    files
        The layers' files by the name that problems call them.
    declared
        Layer → the datum or CRS that the study declares for it.
    standards, as_of
        The documents by which the study is to be judged, and the day; none where the study file
        cannot be read.
    lacking
        Layer → the columns of the dictionary for which no row has a value; None where a table
        (``units``, ``indicators``, ``evidence``, ``streets``) is missing.
    study
        What was read, for notes that need it; None where it cannot be assessed.
    districts
        The service districts of its documents, a line each.
    """

    name: str | None
    path: Path
    language: str
    usable: bool
    crs: str | None
    inputs: tuple[InputRecord, ...]
    problems: tuple[Problem, ...]
    files: Mapping[str, Path]
    declared: Mapping[str, str]
    standards: tuple[str, ...] = ()
    as_of: dt.date | None = None
    lacking: Mapping[str, tuple[str, ...] | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    study: Study | None = None
    districts: tuple[DistrictRead, ...] = ()

    def count(self, severity: Severity, layer: str | None = None) -> int:
        """Return how many problems there are of a severity, of all layers or of one."""
        return sum(
            p.severity is severity and layer in {None, p.layer or "study"} for p in self.problems
        )

    def to_json(self) -> dict[str, Any]:
        """Return the plain mapping that ``check --json`` prints."""
        counts = Counter(str(p.severity) for p in self.problems)
        return {
            "schema": SCHEMA,
            "study": self.name,
            "usable": self.usable,
            "crs": self.crs,
            "declared": dict(self.declared),
            "counts": {str(s): counts[str(s)] for s in Severity},
            "inputs": [asdict(record) for record in self.inputs],
            "problems": [p.to_json() for p in self.problems],
            "districts": [asdict(one) for one in self.districts],
        }
