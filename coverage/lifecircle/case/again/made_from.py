"""Made from: whether tables, or what quotas ask, stand on the same as before."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.model.rules.options import ProvisionOptions

if TYPE_CHECKING:
    from lifecircle.case.case import Case
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule, Rules

__all__ = ["gathered_from", "quota_alone"]


class _Same:
    """An object that equals itself alone, for what is compared by identity."""

    def __init__(self, held: object) -> None:
        self.held = held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.held is self.held

    def __hash__(self) -> int:
        return id(self.held)


def gathered_from(case: Case, rules: Rules) -> tuple[Any, ...]:
    """Return what the tables of a bench are gathered from: equal, and they are the same."""
    study = case.study
    layers = (study.residential, study.facilities, study.units, study.streets)
    records = (study.sharing, study.likely)
    typed = (study.indicators, study.evidence, study.candidates, study.parameters, case.prepared)
    read = {name: study.readings.get(name) for name in ("A6", "A17", "A18", "A26")}
    reach = [(r.reach_key, r.measure, r.kinds, r.value) for r in rules.of("radius", "walk")]
    shared = [r.options.sharing_radius_m for r in rules if isinstance(r.options, ProvisionOptions)]
    return (
        *map(_Same, (*layers, *records, *typed)),
        (case.view, case.walked, case.plots, rules.standard.id),
        (read, reach, shared, [r.options for r in rules.of("assignment")]),
        [r.kinds for r in rules.of("assignment")],
    )


def quota_alone(rule: Rule[Options]) -> Rule[Options]:
    """Return a quota with only the readings that say how much it asks: A5."""
    asked = {name: choice for name, choice in rule.readings.items() if name == "A5"}
    return dataclasses.replace(rule, readings=asked)
