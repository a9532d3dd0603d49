"""From a study to the tables that are judged: reach done, geometry left behind.

What an earlier set of tables has and a change cannot have touched is taken from it, so that
identity tells what is the same.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.account.estates.claims import SURROUNDINGS_MOST_M
from lifecircle.account.estates.names import named_areas
from lifecircle.case.border import line_counts, over_the_line
from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.case.gathered import (
    Asked,
    Columns,
    Gathered,
    Reached,
    kept,
    made_or_kept,
    same,
    taken,
)
from lifecircle.case.journeys import host_journeys
from lifecircle.counting.eligibility import both, memberships, number_of
from lifecircle.counting.neighbourhood import Neighbourhood, near_as_read
from lifecircle.counting.weighing import Weighing
from lifecircle.judge.exemptions import quota_exempt
from lifecircle.model.dictionary import REACH_GROUPS, columns, group_kinds
from lifecircle.model.inputs.layers import NEAR_AS_READ
from lifecircle.model.inputs.study import ELSEWHERE
from lifecircle.model.on_demand import OnDemand
from lifecircle.model.rules.options import ProvisionOptions
from lifecircle.model.status import ALIKE, AgeClass
from lifecircle.model.tables import Tables
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.areas.shares import containment, outlines_around
from lifecircle.standards import form_of, read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.case.case import Case
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.reach import ReachTable
    from lifecircle.model.rules.rule import Rules

__all__ = ["Gathered", "gather", "group_membership", "walk_limit_m"]

_OF_HOSTS = ("kinds", "open", "name", "former_name", "stage", "unit", "community", "x", "y")
"""Columns of the facilities by which hosts are found, and where they stand."""
_OF_PLACES = ("x", "name", "address", "unit", "community", NEAR_AS_READ)
"""Columns of the facilities that say where one of unknown place may be."""
_NAMING = ("name", "unit", "community")
_EXTRA_UNIT_COLUMNS = ("unit_type", "level", "parent")


def gather(case: Case, rules: Rules, earlier: Gathered | None = None) -> Gathered:
    """Return the tables of a case under one standard: derived columns, reach, journeys.

    Reach is sought group by group, when it is asked for.
    """
    study = case.study
    radii = (
        rule.options.sharing_radius_m or 0.0
        for rule in rules
        if isinstance(rule.options, ProvisionOptions)
    )
    farthest = max(
        study.parameters.own_tolerance_m,
        SURROUNDINGS_MOST_M,
        study.parameters.sharing_radius_m or 0.0,
        study.parameters.recorded_sharing_note_m,
        *radii,
    )
    if case.rounding is not None:  # they may be nearer than written
        farthest += float(case.rounding.areas.max() + case.rounding.facilities.max())
    near = (study.residential.frame.geometry, study.facilities.frame.geometry, farthest, case.plots)
    pairs = taken(earlier, "containment", near)
    if pairs is None:
        pairs = containment(study.residential, study.facilities, farthest, _beside(earlier, near))
        pairs = pairs if case.plots is None else case.plots.without_strangers(pairs)
    made: dict[str, tuple[Any, ...]] = {"containment": near}
    tables = Tables(
        areas=made_or_kept(
            earlier, made, "areas", _of_areas(case, rules), lambda: _areas(case, rules)
        ),
        facilities=made_or_kept(
            earlier, made, "facilities", _of_facilities(case), lambda: _facilities(case)
        ),
        units=made_or_kept(earlier, made, "units", (study.units,), lambda: _units(study)),
        containment=pairs,
        sharing=kept(earlier, "sharing", study.sharing),
        likely=kept(earlier, "likely", study.likely),
        parameters=study.parameters,
        indicators=study.indicators,
        evidence=_papers(study.evidence, rules),
        candidates=kept(earlier, "candidates", _candidates(study)),
    )
    alike = earlier is not None and earlier.tables.areas is tables.areas
    weighing = earlier.weighing if alike and earlier else Weighing.of(tables.areas)
    found = _with_reach(Gathered(tables, made, weighing), case, rules, earlier)
    return _with_journeys(found, case, rules, earlier) if case.walked else found


def _beside(
    earlier: Gathered | None, near: tuple[Any, ...]
) -> tuple[gpd.GeoSeries, pd.DataFrame] | None:
    """Return where facilities stood, and their pairs, in earlier tables of the same areas."""
    if earlier is None:
        return None
    areas, facilities, farthest, plots = earlier.made_from["containment"]
    if plots is not None or near[3] is not None or farthest != near[2]:
        return None
    same_areas = areas is near[0] or same(areas, near[0])
    return (facilities, earlier.tables.containment) if same_areas else None


def _with_journeys(found: Gathered, case: Case, rules: Rules, earlier: Gathered | None) -> Gathered:
    study, tables = case.study, found.tables
    hosts = rules.of("assignment")
    made_from: tuple[Any, ...] = (
        hosts,
        study.streets,
        tables.units,
        Columns(tables.areas, ("x", "y", "unit")),
        Columns(tables.facilities, _OF_HOSTS),
        study.parameters,
    )
    if not hosts:  # nobody is assigned, wherever anybody is
        made_from = (hosts,)
    journeys = taken(earlier, "journeys", made_from)
    if journeys is None:
        journeys = host_journeys(study, rules, tables.units, tables.areas, tables.facilities)
    return dataclasses.replace(
        found,
        tables=dataclasses.replace(tables, journeys=journeys),
        made_from={**found.made_from, "journeys": made_from},
    )


def _with_reach(found: Gathered, case: Case, rules: Rules, earlier: Gathered | None) -> Gathered:
    """Return the tables with the reach of every group and of the standard's clauses."""
    tables, study = found.tables, case.study
    kinds = {group: group_kinds(group) for group in REACH_GROUPS}
    kinds |= {rule.reach_key: rule.kinds for rule in rules.of("radius", "walk")}
    makers: dict[str, Callable[[], ReachTable]] = {}
    asked, rows = dict[str, Asked](), dict[str, pd.Index]()
    told = (
        Columns(tables.facilities, _OF_PLACES),
        Columns(tables.areas, _NAMING),
        tables.sharing,
        tables.likely,
    )
    made_from = {**found.made_from, "whereabouts": told}
    known = earlier is not None and same(earlier.made_from["whereabouts"], told)
    widened = earlier.widened if known and earlier is not None else _whereabouts(tables)
    alike = earlier is not None and earlier.tables.facilities is tables.facilities
    member = dict(earlier.member) if alike and earlier is not None else {}
    thresholds = _thresholds(study, rules)
    unknown = dict.fromkeys(kinds[key] for key in thresholds if kinds[key] not in member)
    member |= _membership(tables.facilities, unknown)
    for key, (radius, minutes) in thresholds.items():
        mine = kinds[key]
        limits = (radius, walk_limit_m(study, minutes))
        asked[key] = Asked(case, member[mine], *limits, widened)
        one = Reached(key, asked[key], earlier, rows)
        makers[key], made_from[f"reach.{key}"] = one.table, one.made_from
    return Gathered(
        dataclasses.replace(tables, reach=OnDemand(makers), reach_kinds=kinds),
        made_from,
        found.weighing,
        member=member,
        widened=widened,
        asked=asked,
        rows=rows,
    )


def _whereabouts(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return facility of unknown place → the areas where it may stand.

    Those its record names, else those its name or address names, else those of its community,
    else of its unit, else all; of a community in which no area is known those of the unit. Areas
    that an unclear name in its record may mean come to them. A record or a name of areas of other
    communities alone says whose the facility is, not where it stands: those of its own come too.
    So do those near a position of it that something contradicts: it may be right.
    """
    lost = tables.facilities[tables.facilities["x"].isna()]
    if lost.empty:
        return {}
    likely = tables.likely[tables.likely["residential"] != ELSEWHERE]
    fitting = likely[likely["fits"].to_numpy(dtype=bool)]
    told = (tables.sharing, named_areas(lost, tables.areas), fitting, likely)
    record, name, one_of, perhaps = (
        {str(f): tuple(dict.fromkeys(p["residential"])) for f, p in pairs.groupby("facility")}
        for pairs in told
    )
    around, as_read = Neighbourhood(tables.areas), near_as_read(lost, tables.areas)
    found: dict[str, tuple[str, ...]] = {}
    for f, row in lost.iterrows():
        said = record.get(str(f)) or one_of.get(str(f)) or name.get(str(f))
        near = said or around.about(row)
        elsewhere = said and set(said).isdisjoint(around.of(row))
        own = around.about(row) if elsewhere else ()
        more = (*perhaps.get(str(f), ()), *own, *as_read.get(str(f), ()))
        found[str(f)] = _once(near, more)
    return found


def _once(areas: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return both, each area once; the same tuple where there are no more."""
    return tuple(dict.fromkeys((*areas, *more))) if more else areas


def _candidates(study: Study) -> pd.DataFrame | None:
    layer = study.candidates
    return None if layer is None else pd.DataFrame(layer.frame.drop(columns="geometry"))


def _of_areas(case: Case, rules: Rules) -> tuple[Any, ...]:
    """Return what the areas' table is made from; see :func:`_areas`."""
    readings = case.study.readings
    read = (readings.get("A6", ""), readings.get("A26", ""))
    exempt = quota_exempt(case.exemptions(rules), rules)
    told = (rules.standard.issued, exempt, tuple(_quotas(rules).items()) if exempt else ())
    alike = _one_quota(rules).items()
    return (case.study.residential.frame, case.view, *read, *told, *alike)


def _quotas(rules: Rules) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Return the areas that each floor-area quota asks about."""
    return {rule.id: rule.where for rule in rules.of("provision")}


def _one_quota(rules: Rules) -> dict[AgeClass, AgeClass]:
    """Return age class → the first one that every quota asks the same of, where there is another.

    What is planned and what stands are counted by other figures, and stay apart. An approved area
    lies between two quotas where the document says so.
    """
    found: dict[tuple[object, ...], AgeClass] = {}
    told: dict[AgeClass, AgeClass] = {}
    for side in ALIKE:
        for one in side:
            asking = [r for r in rules.of("provision") if one in r.where.get("age_class", (one,))]
            quotas = [r.options for r in asking if isinstance(r.options, ProvisionOptions)]
            between = any(quota.approved_rate is not None for quota in quotas)
            asked = (side, between and one is AgeClass.APPROVED, *(r.id for r in asking))
            if (first := found.setdefault(asked, one)) is not one:
                told[one] = first
    return told


def _of_facilities(case: Case) -> tuple[Any, ...]:
    """Return what the facilities' table is made from; see :func:`_facilities`."""
    study = case.study
    line = (study.facilities.frame, study.units, study.county)
    read = (study.readings.get("A17", ""), study.readings.get("A18", ""))
    return (*line, case.view, *read, case.plots)


def _areas(case: Case, rules: Rules) -> pd.DataFrame:
    """Return the areas' table with its derived columns, by readings A6, A26 and A29."""
    frame, readings = case.study.residential.frame, case.study.readings
    surface, centre = frame.geometry.area, case.centre
    around = outlines_around(case.study.residential)
    return area_columns(
        pd.DataFrame(frame.drop(columns="geometry")),
        case.view,
        households=readings.get("A6", "by_age_class"),
        setting=readings.get("A26", "statistical_code"),
        issued=rules.standard.issued,
        exempt=quota_exempt(case.exemptions(rules), rules),
        quotas=_quotas(rules),
        one_quota=_one_quota(rules),
    ).assign(
        x=centre[:, 0],
        y=centre[:, 1],
        land_area_m2=surface.where(surface > 0.0),
        stands_in=around,
    )


def _facilities(case: Case) -> pd.DataFrame:
    """Return the facilities' table with its derived columns, by readings A17 and A18."""
    frame, xy = case.study.facilities.frame, case.facility_xy
    over = over_the_line(case.study)
    if case.plots is not None:  # whose land it is decides where a project's rooms are
        over &= ~over.index.isin(case.plots.facilities)
    return facility_columns(
        pd.DataFrame(frame.drop(columns="geometry")).assign(x=xy[:, 0], y=xy[:, 1]),
        case.view,
        stage=case.study.readings.get("A17"),
        over_line=over,
        line_counts=line_counts(case.study.readings),
    )


def _membership(
    facilities: pd.DataFrame, kinds: Collection[tuple[str, ...]]
) -> dict[tuple[str, ...], NDArray[np.float64]]:
    """Return, by kinds, 1 for facilities in use of them, 0 for others, NaN where it is unknown."""
    every = memberships(facilities, kinds) if kinds else {}
    return {
        mine: both(some, facilities["reaches"]).to_numpy(dtype=np.float64)
        for mine, some in every.items()
    }


def _papers(answers: Mapping[str, bool], rules: Rules) -> Mapping[str, bool]:
    """Return what is answered, with the papers that an answer to the form is the same as.

    ``2.1c`` of the form and ``layout_plan`` of a clause are one question; what is said of the
    paper itself holds.
    """
    asked = any(name[:1].isdigit() for name in answers)
    form = form_of(rules.standard.id) if asked else None
    if form is None:
        return answers
    parts = read_form(form).parts.values()
    same = {p.document: answers[p.id] for p in parts if p.document and p.id in answers}
    return {**same, **answers}


def walk_limit_m(study: Study, minutes: float) -> float:
    """Return the metres of level walking in ``minutes`` at the study's speed."""
    return minutes * 60.0 * study.parameters.walk_speed_m_s


def group_membership(tables: Tables, group: str) -> NDArray[np.float64]:
    """Return 1 for facilities in use of a group, 0 for others, NaN where it is not known."""
    kinds = tables.reach_kinds[group]
    return _membership(tables.facilities, [kinds])[kinds]


def _thresholds(study: Study, rules: Rules) -> dict[str, tuple[float, float]]:
    """Return reach key → radius (m) and walk (min): the rules', else the reference ones."""
    plain = (study.parameters.reference_radius_m, study.parameters.reference_walk_min)
    limits = dict.fromkeys(REACH_GROUPS, plain)
    for rule in rules.of("radius", "walk"):
        radius, minutes = limits.get(rule.reach_key, plain)
        if rule.measure == "radius":
            radius = radius if rule.value is None else rule.value
        else:
            minutes = minutes if rule.value is None else rule.value
        limits[rule.reach_key] = (radius, minutes)
    return limits


def _units(study: Study) -> pd.DataFrame:
    """Return the units with their seats (``seat_x``, ``seat_y``), and ``x``, ``y``.

    ``x``, ``y`` are the seat's, where it is not known the unit's representative point.
    """
    if study.units is None:
        names = [*columns("units"), *_EXTRA_UNIT_COLUMNS, "x", "y", "seat_x", "seat_y"]
        return pd.DataFrame(columns=names, index=pd.Index([], name="id"))
    frame = pd.DataFrame(study.units.frame.drop(columns="geometry"))
    seat_x, seat_y = number_of(frame, "seat_x"), number_of(frame, "seat_y")
    spots = pd.DataFrame(positions(study.units), frame.index, ["x", "y"])
    x, y = seat_x.fillna(spots["x"]), seat_y.fillna(spots["y"])
    return frame.assign(x=x, y=y, seat_x=seat_x, seat_y=seat_y)
