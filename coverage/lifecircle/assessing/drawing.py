"""Drawing up: the parts of an Assessment that are made when they are asked for."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING

from lifecircle.assessing.accounts import provision_table, remedy_table, stage_table
from lifecircle.assessing.brief import brief_of
from lifecircle.assessing.doubted.reach import opened_coverage, opened_reach
from lifecircle.assessing.hosts import host_table
from lifecircle.assessing.layers.diagnosis import diagnosis_layer, gate_effect_layer
from lifecircle.assessing.layers.districts import district_layer, service_district_lines
from lifecircle.assessing.layers.lists import close_call_layer, disagreement_layer
from lifecircle.assessing.layers.planned import as_planned
from lifecircle.assessing.layers.results import (
    candidate_sites,
    facility_layer,
    main_coverage,
    reach_rows,
    residential_layer,
    site_layer,
    unit_layer,
)
from lifecircle.assessing.layers.routes import route_layer
from lifecircle.assessing.layers.shapes import (
    barrier_layer,
    gate_layer,
    reached_street_layer,
    service_area_layer,
    street_layer,
    streets_reached,
)
from lifecircle.assessing.layers.stray import stray_facilities, stray_problems
from lifecircle.assessing.remedies import RemedyBook
from lifecircle.assessing.sensitivity import curves, sensitivity
from lifecircle.assessing.switches import what_switches_change
from lifecircle.case.tables import group_membership
from lifecircle.counting.projects import leads
from lifecircle.model.on_demand import OnDemand
from lifecircle.model.results.counted.references import of_reference, reckoned_for_reference
from lifecircle.model.results.plan_layers import link_layer, planned_layer
from lifecircle.model.rules.options import ProvisionOptions
from lifecircle.reach.table import open_gate_walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.assessing.doubted.positions import Doubted
    from lifecircle.case.bench import Bench
    from lifecircle.case.case import Case
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import (
        ClauseResult,
        Curve,
        HostJourney,
        ReadingSwitch,
        SensitivityRow,
    )
    from lifecircle.model.results.counted.brief import Brief
    from lifecircle.model.results.service_district import ServiceDistrict
    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.model.rules.rule import Rules
    from lifecircle.model.tables import Tables

__all__ = ["Drawing"]


class Drawing:
    """What maps and reports show of the first standard, and what switches change in all.

    Each part is made once, and what it stands on before it. ``known``: what doubted positions leave
    of what the benches have judged.
    """

    def __init__(
        self,
        benches: tuple[Bench, ...],
        known: Doubted,
        headline: str,
        plan: SitingPlan | None = None,
    ) -> None:
        self.benches = benches
        self.known = known
        self.headline = headline
        self.plan = plan

    @property
    def case(self) -> Case:
        """The study, ready."""
        return self.benches[0].case

    @cached_property
    def tables(self) -> Tables:
        """The tables of the first standard, judged."""
        return self._tables(0)

    @cached_property
    def judged(self) -> Mapping[str, JudgedClause]:
        """The clauses of the first standard."""
        return self.known.own[0]

    def _tables(self, number: int) -> Tables:
        """Return the tables of a standard, judged."""
        tables = self.benches[number].tables
        found = {name: one.findings for name, one in self.known.own[number].items()}
        return dataclasses.replace(tables, findings=found)

    @property
    def minutes(self) -> float:
        """The walk that the standard asks for, else the reference one."""
        asked = (rule.value for rule in self.benches[0].rules.of("walk"))
        reference = self.case.study.parameters.reference_walk_min
        return next((value for value in asked if value is not None), reference)

    @cached_property
    def reach(self) -> pd.DataFrame:
        """The reach table: one row an area and group."""
        gates = {
            group: open_gate_walk(self.case.context, group_membership(self.tables, group))
            for group in self.tables.reach
        }
        there = (reach_rows(one, self.minutes, gates) for one in self.known.elsewhere)
        return opened_reach(reach_rows(self.tables, self.minutes, gates), there)

    @cached_property
    def effects(self) -> gpd.GeoDataFrame:
        """What one more open gate would change."""
        return gate_effect_layer(self.case.study, self.case.context, self.tables, self.reach)

    @cached_property
    def book(self) -> RemedyBook:
        """The remedies."""
        sites = candidate_sites(self.case.study)
        bench = self.benches[0]
        own = bench.prepared.claimed.own
        return RemedyBook(self.tables, own, sites, _sharing_radius(self.case, bench.rules))

    @cached_property
    def residential(self) -> gpd.GeoDataFrame:
        """The layer of residential areas."""
        study = self.case.study
        straight = self.case.context.network is None and study.travel is None
        own = "radius" if straight else "walk"
        layer = residential_layer(
            study,
            self.tables,
            self.judged,
            headline=self.headline,
            reach=self.reach,
            effects=self.effects,
            book=self.book,
            own_measure=own,
        )
        return opened_coverage(layer, (main_coverage(one, own) for one in self.known.elsewhere))

    @cached_property
    def disagreements(self) -> gpd.GeoDataFrame:
        """Where radius and walk disagree."""
        return disagreement_layer(self.case.study, self.tables, self.reach)

    @cached_property
    def streets_reached(self) -> Mapping[str, NDArray[np.object_]]:
        """Reach group → the lines of streets from which it is within the walk."""
        return streets_reached(self.case.context, self.tables)

    def layers(
        self, results: tuple[ClauseResult, ...], findings: pd.DataFrame
    ) -> OnDemand[gpd.GeoDataFrame]:
        """Return every layer by name, drawn when asked for.

        By the results and findings of all standards the areas say whose m² are for reference only.
        Two more where a plan is built, one more where a document has service districts.
        """
        planned = {} if self.plan is None else self._of_plan(self.plan)
        if self.districts:
            planned["districts"] = self._districts
        return OnDemand(
            {
                "residential": lambda: self._residential(results, findings),
                "facilities": self._facilities,
                "units": self._units,
                "gates": self._gates,
                "gate_effects": self._gate_effects,
                "service_areas": self._service_areas,
                "reached_streets": self._reached_streets,
                "disagreements": self._disagreements,
                "routes": self._routes,
                "close_calls": self._close_calls,
                "street_diagnosis": self._diagnosis,
                "sites": self._sites,
                "streets": self._streets,
                "barriers": self._barriers,
                **planned,
            }
        )

    @cached_property
    def hosts(self) -> tuple[HostJourney, ...]:
        """The journeys from the units of service districts to their hosts, of all standards."""
        return tuple(
            one
            for number, judged in enumerate(self.known.own)
            for one in host_table(self._tables(number), judged)
        )

    @cached_property
    def districts(self) -> tuple[ServiceDistrict, ...]:
        """The service districts, a line each, of all standards."""
        return tuple(
            one
            for b in self.benches
            for one in service_district_lines(
                b, [way for way in self.hosts if way.standard == b.rules.standard.id]
            )
        )

    def _districts(self) -> gpd.GeoDataFrame:
        return district_layer(self.case.study, self.tables, self.districts, self.hosts)

    @staticmethod
    def _of_plan(plan: SitingPlan) -> dict[str, Callable[[], gpd.GeoDataFrame]]:
        return {
            "planned_sites": lambda: planned_layer(plan),
            "planned_links": lambda: link_layer(plan),
        }

    def _residential(
        self, results: tuple[ClauseResult, ...], findings: pd.DataFrame
    ) -> gpd.GeoDataFrame:
        aside = of_reference(results, findings)
        marked = self.residential.index.astype(str).isin(aside)
        return self.residential.assign(m2_for_reference=marked)

    def _facilities(self) -> gpd.GeoDataFrame:
        return as_planned(facility_layer(self.case.study, self.tables), self.plan)

    def _units(self) -> gpd.GeoDataFrame:
        return unit_layer(self.case.study, self.tables, self.residential)

    def _gates(self) -> gpd.GeoDataFrame:
        return gate_layer(self.case.study)

    def _gate_effects(self) -> gpd.GeoDataFrame:
        return self.effects

    def _service_areas(self) -> gpd.GeoDataFrame:
        return service_area_layer(
            self.case.study, self.case.context, self.tables, self.streets_reached
        )

    def _reached_streets(self) -> gpd.GeoDataFrame:
        return reached_street_layer(self.case.study, self.tables, self.streets_reached)

    def _disagreements(self) -> gpd.GeoDataFrame:
        return self.disagreements

    def _routes(self) -> gpd.GeoDataFrame:
        return route_layer(self.case.study, self.case.context, self.tables, self.disagreements)

    def _close_calls(self) -> gpd.GeoDataFrame:
        return close_call_layer(self.case.study, self.tables, self.judged)

    def _diagnosis(self) -> gpd.GeoDataFrame:
        case = self.case
        return diagnosis_layer(case.study, case.context, self.tables, self.reach, case.ground.joins)

    def stray_problems(self) -> tuple[Problem, ...]:
        """Return what there is to say of facilities off the streets."""
        found = stray_facilities(self.case.context, self.tables, self.reach)
        return stray_problems(self.case.study, found)

    def _sites(self) -> gpd.GeoDataFrame:
        return site_layer(self.case.study)

    def _streets(self) -> gpd.GeoDataFrame:
        return street_layer(self.case.study)

    def _barriers(self) -> gpd.GeoDataFrame:
        return barrier_layer(self.case.study)

    def sensitivity(self) -> tuple[SensitivityRow, ...]:
        """Return reach at other speeds, radii and thresholds."""
        return sensitivity(self.tables, self.minutes, _given_m(self.case))

    def curves(self) -> tuple[Curve, ...]:
        """Return how many are within reach, threshold by threshold."""
        return curves(self.tables, _given_m(self.case))

    def switches(self) -> tuple[ReadingSwitch, ...]:
        """Return what other readings would make of the clauses, standard by standard."""
        return tuple(one for bench in self.benches for one in what_switches_change(bench))

    def brief(self, results: tuple[ClauseResult, ...], findings: pd.DataFrame) -> Brief:
        """Return what one page says of the results and findings of all standards."""
        layers = (self.residential, self._facilities(), self._sites())
        lead = leads(self.tables.areas).to_dict()
        return brief_of(results, findings, layers, self.book.least, self.plan, lead)

    def provision(self, results: tuple[ClauseResult, ...], findings: pd.DataFrame) -> pd.DataFrame:
        """Return the m² account added up by place; what is only of reference apart."""
        aside = reckoned_for_reference(results, findings)
        return provision_table(self.tables, self.residential, aside)

    def remedies(self) -> pd.DataFrame:
        """Return every remedy of every area that is short."""
        return remedy_table(self.book, self.residential)

    def stages(self) -> pd.DataFrame:
        """Return the four stages of every area that a clause on them applies to."""
        return stage_table(self.tables, self.judged)


def _given_m(case: Case) -> float | None:
    """Return the longest walk of a table the study hands in, metres; None without one."""
    travel = case.study.travel
    if travel is None:
        return None
    per_unit = 60.0 * case.study.parameters.walk_speed_m_s if travel.unit == "min" else 1.0
    return travel.limit * per_unit


def _sharing_radius(case: Case, rules: Rules) -> float:
    own = [
        rule.options.sharing_radius_m
        for rule in rules
        if isinstance(rule.options, ProvisionOptions) and rule.options.sharing_radius_m is not None
    ]
    parameters = case.study.parameters
    return max(own, default=parameters.sharing_radius_m or parameters.reference_radius_m)
