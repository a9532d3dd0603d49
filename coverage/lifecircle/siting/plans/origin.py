"""What a plan says of the study it was made of, so that its outputs need no other file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.results.siting_plan import ArrangedSpare, PlannedServed, PlanOrigin
from lifecircle.siting.plans.shortage import SPARE
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lifecircle.case.bench import Bench
    from lifecircle.model.results.siting_plan import PlannedPlace, SitingPlan
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["plan_origin", "with_arranged"]


def plan_origin(
    bench: Bench,
    rule: Rule[Options],
    places: Sequence[PlannedPlace],
    planned_for: Iterable[str],
) -> PlanOrigin:
    """Return what the outputs of a plan say of its study.

    Parameters
    ----------
    bench
        Of the study as it is, without the plan.
    places, planned_for
        Of the plan: areas that either names are told, in the order of the residential layer.
    """
    study = bench.case.given
    named = {*planned_for, *(one.area for place in places for one in place.serves)}
    return PlanOrigin(
        county=study.county,
        language=study.language,
        standard_title=_document(bench, rule),
        clause_title=dict(rule.clause.title),
        units=_units(bench, rule, places),
        areas=tuple(_areas(bench, named)),
        attribution=study.attribution,
        inputs=study.inputs,
        marks=tuple(sorted(rule.marks)),
    )


def _document(bench: Bench, rule: Rule[Options]) -> dict[str, str]:
    """Return the title of the document that a clause stands in, in every language.

    One that quotes nothing stands in for a document's own: its figure is another's.
    """
    cited = () if rule.version is None else rule.version.references
    if rule.clause.quote or not cited:
        return dict(bench.rules.standard.title)
    one = cited[0]
    code = "documents.other" if one.verified else "documents.unverified"
    return {language: say("report", code, language, title=one.title) for language in LANGUAGES}


def with_arranged(plan: SitingPlan, bench: Bench) -> SitingPlan:
    """Return a plan whose origin tells which spare m² go where, and whom else it speaks of.

    Those are whom a closing would lose, and whom another choice gains or loses.
    """
    lost = {area for one in plan.closing for area in (*one.loses, *one.undecided)}
    lost |= {area for one in plan.alternatives for area in (*one.gains, *one.loses)}
    named = lost | {area.id for area in plan.origin.areas}
    origin = dataclasses.replace(plan.origin, areas=tuple(_areas(bench, named)))
    shares = () if plan.provision is None else plan.provision.shares
    facilities, areas = (
        {str(key): str(key) if pd.isna(name) else str(name) for key, name in names.items()}
        for names in (
            bench.case.study.facilities.frame["name"],
            bench.case.study.residential.frame["name"],
        )
    )
    arranged = tuple(
        ArrangedSpare(
            facility=(own := site.removeprefix(SPARE)),
            name=facilities.get(own, own),
            area=area,
            area_name=areas.get(area, area),
            m2=m2,
        )
        for area, site, m2 in shares
        if site.startswith(SPARE)
    )
    return dataclasses.replace(plan, origin=dataclasses.replace(origin, arranged=arranged))


def _areas(bench: Bench, named: set[str]) -> Iterable[PlannedServed]:
    # the households that rates count: planned ones where nothing stands yet
    names, counted = bench.case.study.residential.frame["name"], bench.bare.areas["counted"]
    for (key, name), (x, y) in zip(names.items(), bench.case.centre, strict=True):
        if str(key) in named:
            households = float(counted[key])
            yield PlannedServed(
                id=str(key),
                name=str(key) if pd.isna(name) else str(name),
                households=None if np.isnan(households) else households,
                x=None if np.isnan(x) else float(x),
                y=None if np.isnan(y) else float(y),
            )


def _units(bench: Bench, rule: Rule[Options], places: Iterable[PlannedPlace]) -> dict[str, str]:
    units = bench.case.study.units
    codes = {code for place in places for code in (place.unit, place.community) if code}
    codes |= {rate.scope for rate in bench.one(rule.id).result.rates}
    if units is None:
        return {}
    names = units.frame["name"]
    return {
        str(code): str(name)
        for code, name in names.items()
        if str(code) in codes and not pd.isna(name)
    }
