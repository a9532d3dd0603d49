"""A line a service district, with what is odd about it, for the page and the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.finding import meets
from lifecircle.model.status import Status
from lifecircle.outputs.office.excel import COUNT, METRES, MINUTES, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.results.service_district import ServiceDistrict
    from lifecircle.outputs.words.wording import Wording

__all__ = ["DISTRICT_COLUMNS", "district_cards", "district_rows"]

DISTRICT_COLUMNS = [
    Column("clause", 10),
    Column("district", 12),
    Column("host", 26),
    Column("status", 11, status=True),
    Column("district_units", 36, wrap=True),
    Column("host_beds", 10, COUNT),
    Column("host_demand", 14, COUNT),
    Column("far_unit", 14),
    Column("far_m", 12, METRES),
    Column("slow_unit", 14),
    Column("slow_min", 12, MINUTES),
    Column("total_m", 14, METRES),
    Column("total_min", 14, MINUTES),
    Column("odd", 60, wrap=True),
]
"""Columns of the worksheet ``districts``."""


def district_rows(assessment: Assessment, words: Wording) -> Iterator[list[Any]]:
    """Yield a row a district, as the worksheet ``districts`` wants them."""
    for one in assessment.districts:
        yield [
            words.clause(one.clause),
            one.district,
            words.host(one.host, one.host_name),
            words.word("status", str(one.status)),
            _units(one.units, words),
            one.beds,
            one.demand,
            words.name_or_none(one.far_unit, "units"),
            one.far_m,
            words.name_or_none(one.slow_unit, "units"),
            one.slow_min,
            one.total_m,
            one.total_min,
            words.phrases(_oddities(one, words)) or None,
        ]


def district_cards(assessment: Assessment, words: Wording) -> list[dict[str, Any]]:
    """Return the lines of the report's table of districts."""
    return [
        {
            "district": one.district,
            "host": words.host(one.host, one.host_name),
            "status": one.status,
            "units": _units(one.units, words),
            "beds": _beds(one, words),
            "short": one.room is Status.DEFICIENT and not _suffice(one),
            "far": _farthest(one.far_unit, one.far_m, "m", words),
            "slow": _farthest(one.slow_unit, one.slow_min, "min", words),
            "total": _total(one, words),
            "odd": _oddities(one, words),
        }
        for one in assessment.districts
    ]


def _oddities(one: ServiceDistrict, words: Wording) -> list[str]:
    """Return what is odd about a district, the gravest first."""
    say = words.in_domain("districts").say
    told = [] if one.host else [say("odd.no_host", host=one.host_name)]
    told += _of_beds(one, words)
    if one.apart:
        told.append(say("odd.apart", units=_units(one.apart, words)))
    told += [
        say("odd.nearer", unit=words.name(unit, "units"), host=words.name(host, "facilities"))
        for unit, host in one.nearer.items()
    ]
    if one.cut_off:
        told.append(say("odd.cut_off", units=_units(one.cut_off, words)))
    if one.only_by_ferry:
        told.append(say("odd.ferry_only", units=_units(one.only_by_ferry, words)))
    ferried = [unit for unit in one.by_ferry if unit not in one.only_by_ferry]
    if ferried:
        told.append(say("odd.ferry", units=_units(ferried, words)))
    untimed = [unit for unit in one.untimed if unit not in one.cut_off]
    if untimed and one.total_min is not None:
        told.append(say("odd.untimed", units=_units(untimed, words)))
    if one.apart is None:
        told.append(say("odd.undrawn"))
    return told


def _of_beds(one: ServiceDistrict, words: Wording) -> Iterator[str]:
    say = words.in_domain("districts").say
    if one.room is Status.DEFICIENT and _suffice(one):
        yield say("odd.beds_of_other")
    elif one.room is Status.DEFICIENT and one.beds is not None and one.demand is not None:
        code = "odd.beds_at_least" if one.demand_missing else "odd.beds"
        yield say(code, gap=words.number(one.demand - one.beds, "beds"))
    elif one.room is Status.NOT_ASSESSED:
        yield say("odd.beds_unknown", n=one.demand_missing)


def _suffice(one: ServiceDistrict) -> bool:
    """Return whether the beds do for the people that are known: what is missed is another thing."""
    return one.beds is not None and one.demand is not None and meets(one.beds, ">=", one.demand)


def _units(codes: Iterable[str], words: Wording) -> str:
    return words.list(words.name(code, "units") for code in codes)


def _beds(one: ServiceDistrict, words: Wording) -> str:
    if one.room is None:
        return "–"
    demand = "–" if one.demand is None else words.number(one.demand, "beds")
    if one.demand_missing and one.demand is not None:
        demand = words.in_domain("districts").say("from", low=demand)
    return f"{'–' if one.beds is None else words.number(one.beds, 'beds')} / {demand}"


def _farthest(unit: str | None, figure: float | None, measured: str, words: Wording) -> str:
    if unit is None or figure is None:
        return "–"
    told = {"facility": words.name(unit, "units"), "figure": words.value(figure, measured)}
    return words.in_domain("districts").say("nearest", **told)


def _total(one: ServiceDistrict, words: Wording) -> str:
    parts = [
        words.value(figure, unit)
        for figure, unit in ((one.total_m, "m"), (one.total_min, "min"))
        if figure is not None
    ]
    return words.phrases(parts) or "–"
