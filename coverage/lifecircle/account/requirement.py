"""Requirement: the floor area that a quota clause asks of each area (A5, A6, A8, A9, A29)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import hidden, number_of
from lifecircle.counting.lacking import CROWDED, either, lacking, planned_people
from lifecircle.model.finding import meets, started
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import ALIKE, AgeClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.rules.options import Options, ProvisionOptions
    from lifecircle.model.rules.rule import Rule

__all__ = ["of_ahead", "of_built", "of_one_class", "perhaps_approved", "requirement"]

_AHEAD = frozenset({AgeClass.NEW, AgeClass.APPROVED})
"""Areas that are counted by what is planned, not by what stands."""


def requirement(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], parameters: Parameters
) -> pd.DataFrame:
    """Return what is asked of each area, as columns.

    ``low``, ``high`` (m²), ``unknown`` (Reason or None), ``least_place`` and ``rated`` (m²).

    rate x households / 100, or rate x people / 1000; pro rata unless reading A5 says ``ceil``;
    at least the clause's single minimum. A typed requirement of the planning conditions overrides
    all of it; one that is written and cannot be read (``required_most_m2``) asks for anything. An
    approved area (one of unknown class may be one) without one lies between what is
    asked of an existing area (the ``approved_…`` options, in that clause's own unit and with its
    own minimum) and the clause's.
    Missing households: from the minimum, or what the phases of known households ask, to ``inf``.
    Planned people that the dwellings contradict: one of the two is a slip, so between what either
    asks (``counting.lacking.planned_people``).

    ``least_place``: the smallest place that may earn credit at best: the single minimum, for an
    approved area that of the existing ones. Planning conditions that say how many m² there must be
    say nothing of how large each place is (A8, A29).

    ``rated``: at most, before any minimum: what of several areas as one is added up. Planning
    conditions that cannot be read may be none: then the rate asks.
    """
    options = rule.options
    value = np.nan if rule.value is None else rule.value
    base, step, missing = _base(areas, rule, rule.unit, parameters)
    # areas that pool (A8) need a place of that size between them, not one each
    minimum = 0.0 if options.pooled else options.minimum_m2
    typed = number_of(areas, "required_m2").to_numpy()
    untyped = np.isnan(typed)
    at_most = number_of(areas, "required_most_m2").to_numpy()
    at_most = np.where(np.isnan(at_most), typed, at_most)
    asked, most = _asked(areas, rule, (value, rule.unit), parameters)
    slips, fewest, utmost = _slips(areas, rule, parameters)
    asked = np.where(slips, np.minimum(asked, value * fewest / step), asked)
    most = np.where(slips, np.maximum(most, value * utmost / step), most)
    rated = np.where(np.isnan(most), np.inf, most)
    high = np.maximum(rated, minimum)
    low = np.maximum(asked, minimum)
    least_place = np.full(len(areas), options.minimum_m2)
    if options.approved_rate is not None:
        approved = perhaps_approved(areas, rule).to_numpy(dtype=bool)
        between = approved & untyped
        other = options.approved_rate, options.approved_unit or rule.unit
        floor = 0.0 if options.pooled else options.approved_minimum_m2
        asked, most = _asked(areas, rule, other, parameters)
        most = np.where(np.isnan(most), asked, most)
        low = np.where(between, np.minimum(np.maximum(asked, floor), low), low)
        high = np.where(between, np.maximum(most, high), high)
        rated = np.where(between, np.maximum(most, rated), rated)
        least = min(options.minimum_m2, options.approved_minimum_m2)
        least_place = np.where(approved, least, least_place)
    gap = np.isnan(base) & untyped
    phases = _lacking(areas, rule, parameters)
    unknown = [_of_phase(missing, *phases[row]) if g else None for row, g in enumerate(gap)]
    for row, field in _unread(areas, rule, (typed < at_most) & ~untyped, gap):
        unknown[row] = Reason(ReasonCode.FIGURE_UNREAD, {"field": field})
    for row, told in _slips_told(areas, rule, slips & untyped):
        unknown[row] = told
    unknown = _of_two_rows(areas, unknown, untyped)
    return pd.DataFrame(
        {
            "low": np.where(untyped, low, typed),
            "high": np.where(untyped, high, at_most),
            "unknown": pd.Series(unknown, areas.index, dtype=object),
            "least_place": least_place,
            "rated": np.where(untyped | (typed < at_most), rated, typed),
        },
        index=areas.index,
    )


def perhaps_approved(areas: pd.DataFrame, rule: Rule[Options]) -> pd.Series:
    """Return the areas that are approved ones, or may be if the clause speaks of them at all."""
    spoken = AgeClass.APPROVED in rule.where.get("age_class", AgeClass)
    return areas["age_class"].eq(AgeClass.APPROVED) | (areas["age_class"].isna() & spoken)


def of_built(rule: Rule[Options]) -> bool:
    """Return whether a clause speaks of existing areas alone: whom it applies to is no new one."""
    return _AHEAD.isdisjoint(rule.where.get("age_class", _AHEAD))


def of_ahead(rule: Rule[Options]) -> bool:
    """Return whether a clause speaks of new and approved areas alone."""
    asked = frozenset(rule.where.get("age_class", ()))
    return bool(asked) and asked <= _AHEAD


def of_one_class(rule: Rule[Options]) -> bool:
    """Return whether a clause speaks of one age class and not of the other that is counted alike.

    Phases of the two may have one account, which stands under either.
    """
    asked = set(rule.where.get("age_class", AgeClass))
    return any(len(asked.intersection(alike)) == 1 for alike in ALIKE)


def _base(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], unit: str, parameters: Parameters
) -> tuple[NDArray[np.float64], float, Reason]:
    """Return households or people, how many of them a rate is for, what is missing where NaN."""
    if unit == "m2/1000p":
        base, missing = _people(areas, rule, parameters), Reason(ReasonCode.PERSONS_MISSING)
        step = 1000.0
    else:
        base, missing = _dwellings(areas, rule), Reason(ReasonCode.HOUSEHOLDS_MISSING)
        step = 100.0
    counted = base.to_numpy(dtype=float)
    if rule.readings.get("A5") == "ceil":
        counted = started(counted / step) * step
    return counted, step, missing


def _asked(
    areas: pd.DataFrame,
    rule: Rule[ProvisionOptions],
    asking: tuple[float, str],
    parameters: Parameters,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what a rate (with its unit) asks at least, and at most (NaN: not known).

    At least what the phases of known households ask; of areas that may stand on two rows what the
    figures of either row ask.
    """
    rate, unit = asking
    base, step, _ = _base(areas, rule, unit, parameters)
    # multiplied before divided: 15 x 820 / 100 is 123, 15 x 8.2 is a hair less
    asked = rate * base / step
    some = _of_some_phases(areas, rule, rate, unit, step)
    least = np.where(np.isnan(asked), some, asked)
    if "counted_less" not in areas:
        return least, asked
    less, more = _off(areas, rule, unit, parameters)
    if rule.readings.get("A5") == "ceil":
        less, more = started(less / step) * step, started(more / step) * step
    return np.maximum(least - rate * less / step, 0.0), asked + rate * more / step


def _off(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], unit: str, parameters: Parameters
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how many fewer, and more, households or people another row of an area says."""
    homes = either(areas, "counted")
    if unit != "m2/1000p":
        return homes[0].to_numpy(), homes[1].to_numpy()
    ahead, persons = _ahead(areas, rule), parameters.persons_per_household or 0.0
    given = number_of(areas, "population").mask(ahead, number_of(areas, "population_planned"))
    both = zip(either(areas, "population"), either(areas, "population_planned"), homes, strict=True)
    less, more = (
        now.mask(ahead, then).where(given.notna(), dwelt * persons).to_numpy()
        for now, then, dwelt in both
    )
    return less, more


def _of_two_rows(
    areas: pd.DataFrame, unknown: list[Reason | None], untyped: NDArray[np.bool_]
) -> list[Reason | None]:
    """Return what is not known of each area, with which households another row may be right."""
    if "counted_less" not in areas:
        return unknown
    less, more = either(areas, "counted")
    homes = number_of(areas, "counted")
    told = list(unknown)
    for row in np.flatnonzero(untyped & ((less > 0) | (more > 0)).to_numpy()).tolist():
        own = float(homes.iloc[row])
        if told[row] is None and own == own:  # noqa: PLR0124 - NaN
            ends = {"least": own - float(less.iloc[row]), "most": own + float(more.iloc[row])}
            told[row] = Reason(ReasonCode.HOUSEHOLDS_OF_TWO_ROWS, ends)
    return told


def _lacking(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], parameters: Parameters
) -> list[tuple[object, str]]:
    """Return the phase whose figure a project lacks, though the lead has its own, and the field."""
    nobody = pd.Series(None, areas.index, dtype=object)
    homes, residents, planned = (
        areas.get(lacking(name), nobody) for name in ("counted", "population", "population_planned")
    )
    people = residents.mask(_ahead(areas, rule), planned)
    field = "population_planned" if of_ahead(rule) else "population"
    if rule.unit != "m2/1000p":
        people = nobody
    elif parameters.persons_per_household is None:
        homes = nobody
    return [
        (one, field) if isinstance(one, str) else (other, "households")
        for one, other in zip(people, homes, strict=True)
    ]


def _of_phase(missing: Reason, phase: object, field: str) -> Reason:
    """Return what is missing: of a phase, where one is named."""
    if not isinstance(phase, str):
        return missing
    return Reason(ReasonCode.PHASE_LACKS, {"residential": phase, "field": field})


def _of_some_phases(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], rate: float, unit: str, step: float
) -> NDArray[np.float64]:
    """Return what a project is asked at least: for the phases of which households are known.

    Nothing where people are counted: those of a project may be told in another way altogether.
    """
    known = number_of(areas, "counted_least").fillna(0.0).to_numpy(dtype=float)
    if unit == "m2/1000p" or np.isnan(rate):
        return np.zeros_like(known)
    if rule.readings.get("A5") == "ceil":
        known = started(known / step) * step
    return np.asarray(rate * known / step, dtype=np.float64)


def _people(areas: pd.DataFrame, rule: Rule[ProvisionOptions], parameters: Parameters) -> pd.Series:
    """Return the people a quota is counted from (A9): planned ones for new areas, else residents.

    Who has moved into a new area so far says nothing of whom it is built for. An area of unknown
    class is counted as those the clause speaks of.
    """
    people = number_of(areas, "population").mask(
        _ahead(areas, rule), number_of(areas, "population_planned")
    )
    if parameters.persons_per_household is None:
        return people
    by_homes = _dwellings(areas, rule) * parameters.persons_per_household
    return people.fillna(by_homes.mask(_people_hidden(areas, rule)))


def _unread(
    areas: pd.DataFrame,
    rule: Rule[ProvisionOptions],
    typed: NDArray[np.bool_],
    gap: NDArray[np.bool_],
) -> Iterator[tuple[int, str]]:
    """Yield the rows that ask for an unknown area since a cell cannot be read, and its column."""
    yield from ((row, "required_m2") for row in np.flatnonzero(typed).tolist())
    ahead = _ahead(areas, rule)
    if rule.unit != "m2/1000p":
        homes = ("households_planned", "households")
        lost_of = {name: hidden(areas, name).to_numpy(dtype=bool) for name in homes}
        for row in np.flatnonzero(gap).tolist():
            names = homes if ahead.iloc[row] else homes[::-1]
            yield from ((row, name) for name in [n for n in names if lost_of[n][row]][:1])
    else:
        lost = _people_hidden(areas, rule)
        for row in np.flatnonzero(gap & lost.to_numpy(dtype=bool)).tolist():
            yield row, "population_planned" if ahead.iloc[row] else "population"


def _people_hidden(areas: pd.DataFrame, rule: Rule[ProvisionOptions]) -> pd.Series:
    """Return where the people that a quota is counted from are written and cannot be read."""
    return hidden(areas, "population").mask(
        _ahead(areas, rule), hidden(areas, "population_planned")
    )


def _ahead(areas: pd.DataFrame, rule: Rule[ProvisionOptions]) -> pd.Series:
    """Return the areas that are counted by who is planned for, not by who lives there."""
    spoken = set(rule.where.get("age_class", ())) or set(AgeClass)
    return areas["age_class"].isin(_AHEAD) | (areas["age_class"].isna() & (spoken <= _AHEAD))


def _dwellings(areas: pd.DataFrame, rule: Rule[ProvisionOptions]) -> pd.Series:
    """Return the dwellings a quota is counted from (A6).

    An area of unknown class is counted as those the clause speaks of: under another clause it may
    turn out to have others.
    """
    counted = number_of(areas, "counted")
    if counted.notna().all():
        return counted
    spoken = set(rule.where.get("age_class", ())) or set(AgeClass)
    if spoken <= _AHEAD:
        return counted.fillna(number_of(areas, "counted_if_new").where(areas["age_class"].isna()))
    if of_built(rule):
        built = number_of(areas, "counted_if_existing")
        return counted.fillna(built.where(areas["age_class"].isna()))
    return counted


def _slips(
    areas: pd.DataFrame, rule: Rule[ProvisionOptions], parameters: Parameters
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Return where planned people and dwellings contradict each other, and the people so and so.

    At least and at most. Residents may well be few: many have not moved in yet. Projects are asked
    phase by phase (``planned_least``, ``planned_most``).
    """
    homes = _dwellings(areas, rule)
    if rule.unit != "m2/1000p":
        nobody = np.full(len(areas), np.nan)
        return np.zeros(len(areas), dtype=bool), nobody, nobody
    planned = number_of(areas, "population_planned")
    own = planned_people(planned, homes, parameters.persons_per_household)
    of_phases = (number_of(areas, column) for column in ("planned_least", "planned_most"))
    both = [
        told.fillna(one).to_numpy(dtype=float) for told, one in zip(of_phases, own, strict=True)
    ]
    slips = _ahead(areas, rule).to_numpy(dtype=bool) & meets(both[0], "<", both[1])
    if rule.readings.get("A5") == "ceil":
        both = [started(people / 1000.0) * 1000.0 for people in both]
    return slips, both[0], both[1]


def _slips_told(
    areas: pd.DataFrame,
    rule: Rule[ProvisionOptions],
    slips: NDArray[np.bool_],
) -> Iterator[tuple[int, Reason]]:
    """Yield the rows whose planned people the dwellings contradict, and how.

    Of a project, in which of its phases beside the first.
    """
    planned, homes = number_of(areas, "population_planned"), _dwellings(areas, rule)
    phases = areas.get(lacking("planned_fitting"), pd.Series(None, areas.index, dtype=object))
    for row in np.flatnonzero(slips).tolist():
        people, dwellings = float(planned.iloc[row]), float(homes.iloc[row])
        told = {"people": people, "households": dwellings}
        each = people / dwellings if dwellings > 0 else np.nan
        if isinstance(phases.iloc[row], str):
            yield row, Reason(ReasonCode.PEOPLE_OF_PHASE, {"residential": phases.iloc[row]})
        elif meets(each, "<", 1.0):
            yield row, Reason(ReasonCode.PEOPLE_FEWER, told)
        elif meets(each, ">", CROWDED):
            yield row, Reason(ReasonCode.PEOPLE_UNLIKELY, {**told, "persons": round(each, 2)})
        else:  # the first phase, which those beside it make up for
            name = {"residential": str(areas.index[row])}
            yield row, Reason(ReasonCode.PEOPLE_OF_PHASE, name)
