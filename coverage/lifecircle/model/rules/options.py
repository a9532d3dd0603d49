"""Options: what a clause gives its measure beside value, kinds and filter, typed by measure.

A field's annotation says how a document's file writes it (a :class:`Field`): its kind of value,
and which column of the study it makes the measure read. ``standards`` reads by it, ``needs`` and
the reads of a rule are reckoned by it. A field without a default must be given. Fields marked
``RESOLVED`` stand in no file: a clause in force gets them from its readings and its neighbours.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

__all__ = [
    "AssignmentOptions",
    "CoLocationOptions",
    "CountOptions",
    "CoverageOptions",
    "District",
    "DocumentOptions",
    "Field",
    "FlagOptions",
    "IndicatorOptions",
    "MinimumOptions",
    "OperatorOptions",
    "Options",
    "PresenceOptions",
    "ProvisionOptions",
    "RateOptions",
    "RatioOptions",
    "ReachOptions",
    "RenovationOptions",
    "ScheduleOptions",
    "ShareOptions",
    "StagesOptions",
    "Step",
    "SumOptions",
    "option_fields",
]


@dataclass(frozen=True, slots=True)
class District:
    """A service district: its name, its host facility's name, and the codes of its units.

    ``host_unit``: the unit of them in which the host stands: one that was renamed is found there.
    """

    name: str
    host: str
    units: tuple[str, ...]
    host_unit: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a schedule: its name, and the last day it runs (inclusive)."""

    name: str
    until: dt.date


@dataclass(frozen=True, slots=True)
class Field:
    """How one option is written, and what it makes a measure read.

    Parameters
    ----------
    form
        Name of the reader in ``standards.options``: ``positive``, ``flags``, ``clauses`` …
    reads
        ``layer.column`` read where the option is given; ``layer.*``: the columns it names.
    measure
        For options that name clauses: the measure those must have; blank: any on areas.
    choices
        Of form ``choice``: what may be said.
    """

    form: str
    reads: tuple[str, ...] = ()
    measure: str = ""
    choices: tuple[str, ...] = ()


RESOLVED = Field("")
"""Not written in any file: set where a clause is put in force."""

_Names = tuple[str, ...]
_Flags = Annotated[_Names, Field("flags", ("facilities.*",))]
_Source = Annotated[str, Field("source", ("facilities.*",))]
"""A sum of the ledgers: a column of the facilities, or ``units.<column>``."""
_Typed = Annotated[str, Field("text", ("indicators.*",))]
_Metres = Annotated[float | None, Field("positive")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """No options."""

    @property
    def about(self) -> _Names:
        """The clauses this one speaks of: they are judged before it."""
        return ()

    @property
    def rests_on(self) -> _Names:
        """The clauses whose figures decide this one too: what is doubtful of them is of this."""
        return self.about

    @property
    def given(self) -> dict[str, Any]:
        """What a file says: the options that differ from their defaults, by name."""
        names = option_fields(type(self))
        return {
            f.name: value
            for f in dataclasses.fields(self)
            if f.name in names and (value := getattr(self, f.name)) != f.default
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachOptions(Options):
    """How far, and for how many: ``covered_at_least`` per cent of the official basis (inclusive).

    Without it everybody must be within reach.
    """

    covered_at_least: Annotated[float | None, Field("percent")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagOptions(Options):
    """What each facility must have.

    ``all_of``: every one of these columns is yes; ``any_of``: one of them; ``star_at_least``: its
    star level, inclusive; ``floor_area_at_least``: its floor area in m², inclusive.
    """

    all_of: _Flags = ()
    any_of: _Flags = ()
    star_at_least: Annotated[int | None, Field("star", ("facilities.star",))] = None
    floor_area_at_least: Annotated[
        float | None, Field("positive", ("facilities.floor_area_m2",))
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceOptions(Options):
    """Whether an area has a facility: of the clause's kinds, or with ``countable_m2`` any rooms.

    Those are rooms that count towards floor-area quotas (A16), whatever their kind.
    """

    countable_m2: Annotated[
        bool,
        Field("flag", ("facilities.floor_area_m2", "facilities.community_area_m2")),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOptions(FlagOptions):
    """A share of facilities: of those only that have ``among`` (each is yes) and not ``without``.

    未设立医疗机构的…签约率 is a share of those without a clinic. ``typed``: the figure that stands
    in where the ledger does not tell.
    """

    among: _Flags = ()
    without: _Flags = ()
    typed: _Typed = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionOptions(Options):
    """A quota of floor area.

    ``minimum_m2``: no place may be smaller (A8); ``sharing``: whether recorded sharing counts, up
    to ``sharing_radius_m`` (straight line, inclusive; None: the study's); ``approved_between``:
    the clause whose quota is the least for an approved area (A29). Put in force: ``approved_rate``,
    ``approved_unit`` and ``approved_minimum_m2`` (that clause's own on the day), and ``pooled``
    (A8: small areas pool).
    """

    minimum_m2: Annotated[float, Field("positive")] = 0.0
    sharing: Annotated[str, Field("choice", choices=("none", "recorded"))] = "none"
    sharing_radius_m: _Metres = None
    approved_between: Annotated[str | None, Field("clause", measure="provision")] = None
    approved_rate: Annotated[float | None, RESOLVED] = None
    approved_unit: Annotated[str, RESOLVED] = ""
    approved_minimum_m2: Annotated[float, RESOLVED] = 0.0
    pooled: Annotated[bool, RESOLVED] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumOptions(Options):
    """A single minimum of the clause ``quota``; put in force, ``quotas``: all it holds for (A8)."""

    quota: Annotated[str, Field("clause", measure="provision")]
    quotas: Annotated[_Names, RESOLVED] = ()

    @property
    def rests_on(self) -> _Names:
        """The quotas it holds for."""
        return self.quotas or (self.quota,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageOptions(FlagOptions):
    """Units with a facility that is ``qualified``; in force, ``districts`` by host (A20)."""

    qualified: Annotated[bool, Field("flag", ("facilities.qualified",))] = False
    districts: Annotated[tuple[District, ...], Field("districts", ("facilities.name",))] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorOptions(Options):
    """``typed``: the figure that stands in where the ledger does not tell."""

    typed: _Typed = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenovationOptions(Options):
    """Of old areas built before the year ``built_before`` (exclusive); ``typed``: as elsewhere."""

    built_before: Annotated[float, Field("positive", ("residential.built_year",))]
    typed: _Typed = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateOptions(Options):
    """A rate over other clauses; ``clauses_without_quota`` counts instead under A11, A12.

    Put in force, ``together``: the clauses that one kind of area is held to, by its age class and
    setting, each set once; an empty one: some class of area is held to none of them.
    """

    clauses: Annotated[_Names, Field("clauses")]
    clauses_without_quota: Annotated[_Names, Field("clauses")] = ()
    together: Annotated[tuple[_Names, ...], RESOLVED] = ()

    @property
    def about(self) -> _Names:
        """The clauses it counts."""
        return self.clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOptions(FlagOptions):
    """A count of facilities, or of areas failing clauses.

    ``tenure`` is one of these; ``setting``: only those in urban, or in rural communities (A26).
    """

    tenure: Annotated[_Names, Field("texts", ("facilities.tenure",))] = ()
    setting: Annotated[
        str,
        Field("choice", ("facilities.community", "facilities.unit"), choices=("urban", "rural")),
    ] = ""
    of_clauses: Annotated[_Names, Field("clauses")] = ()

    @property
    def about(self) -> _Names:
        """The clauses whose failures it counts."""
        return self.of_clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class SumOptions(Options):
    """What is added up: a column of the facilities, or of the county's units (``units.elders``).

    ``stated``: the document's own figure, a forecast, told beside and never judged. ``opened_in``:
    only what was set up in that year (2023年，建设…张).
    """

    field: _Source
    opened_in: Annotated[float | None, Field("positive", ("facilities.opened_year",))] = None
    stated: Annotated[float | None, Field("positive")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioOptions(Options):
    """What is divided by what: columns of the facilities, or of the units; ``stated`` as above."""

    numerator: _Source
    denominator: _Source
    stated: Annotated[float | None, Field("positive")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagesOptions(Options):
    """四同步; ``civil_affairs``: they must have joined plan review and acceptance too."""

    civil_affairs: Annotated[
        bool,
        Field("flag", ("residential.civil_affairs_review", "residential.civil_affairs_acceptance")),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CoLocationOptions(Options):
    """Beside which kinds, and within how many metres (inclusive; None: the study's parameter)."""

    near_kinds: Annotated[_Names, Field("kinds")]
    within_m: _Metres = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentOptions(Options):
    """Service districts; ``demand``: the column of the units that the host's beds must hold."""

    districts: Annotated[tuple[District, ...], Field("districts")]
    demand: Annotated[str | None, Field("unit_figure", ("units.*", "facilities.beds"))] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorOptions(Options):
    """The typed figures that must all meet the target.

    ``numerator``, ``denominator``: sums of the ledgers that are theirs; ``room``: one that the
    numerator cannot exceed; ``people``: the denominator of a rate of which nobody typed one.
    """

    indicators: Annotated[_Names, Field("texts", ("indicators.*",))]
    numerator: _Source = ""
    denominator: _Source = ""
    room: _Source = ""
    people: _Source = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOptions(Options):
    """The papers a clause asks for; none: its words are reported.

    ``see``: the clauses that words without a demand of their own are about.
    """

    items: Annotated[_Names, Field("texts", ("evidence.*",))] = field(default=())
    see: Annotated[_Names, Field("cited")] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOptions(Options):
    """The steps of a schedule, in their order."""

    steps: Annotated[tuple[Step, ...], Field("steps")]


_CACHE: dict[type[Options], Mapping[str, Field]] = {}


def option_fields(options: type[Options]) -> Mapping[str, Field]:
    """Return option name → how it is written, in order; without those that are resolved."""
    if options not in _CACHE:
        hints = get_type_hints(options, include_extras=True)
        told = {f.name: _field(hints[f.name]) for f in dataclasses.fields(options)}
        _CACHE[options] = {name: one for name, one in told.items() if one is not RESOLVED}
    return _CACHE[options]


def _field(hint: Any) -> Field:
    found: Iterator[Field] = (one for one in hint.__metadata__ if isinstance(one, Field))
    return next(found)
