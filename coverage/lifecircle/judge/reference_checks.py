"""Reference checks: radius and walk of every reach group, where the document does not ask (A36)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import REACH_GROUPS, group_kinds
from lifecircle.model.rules.clause import Clause, Version
from lifecircle.model.rules.own_checks import own_check_id
from lifecircle.model.rules.rule import Rule, Rules, published
from lifecircle.model.status import AgeClass
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.rules.options import Options

__all__ = ["reference_rules"]

_SETTING = {"community": ("urban",), "village": ("rural",)}
"""Groups that are for one setting only; centres and canteens are for both."""
_ALWAYS = dt.date(1900, 1, 1)


def reference_rules(rules: Rules, parameters: Parameters) -> tuple[Rule[Options], ...]:
    """Return ``REF-radius-<group>`` and ``REF-walk-<group>`` for what ``rules`` leave open.

    Where the standard judges a group for some age classes only, the reference speaks of the
    others; where it judges all of them there is none.
    """
    limits = {
        "radius": (parameters.reference_radius_m, "m"),
        "walk": (parameters.reference_walk_min, "min"),
    }
    found = []
    for measure, (limit, unit) in limits.items():
        for group in REACH_GROUPS:
            where: dict[str, tuple[str, ...]] = {}
            if group in _SETTING:
                where["setting"] = _SETTING[group]
            asked = [rule for rule in rules.of(measure) if rule.reach_key == group]
            if asked:
                judged = {a for c in asked for a in c.where.get("age_class", tuple(AgeClass))}
                rest = tuple(str(a) for a in AgeClass if a not in judged)
                if not rest:
                    continue
                where["age_class"] = rest
            clause = _clause(rules.standard.id, measure, group, limit, unit, where)
            found.append(published(clause, rules.day))
    return tuple(found)


def _clause(
    standard: str,
    measure: str,
    group: str,
    limit: float,
    unit: str,
    where: dict[str, tuple[str, ...]],
) -> Clause:
    return Clause(
        id=own_check_id(measure, group),
        title={
            lang: say("clauses", f"reference_{measure}", lang, reach_group=group, limit=limit)
            for lang in LANGUAGES
        },
        section="",
        quote="",
        category="SP",
        force="",
        measure=measure,
        subject="residential",
        unit=unit,
        versions=(Version(valid_from=_ALWAYS, value=limit, references=()),),
        comparison="<=",
        where=where,
        kinds=group_kinds(group),
        readings={"A14": "point"}
        if measure == "radius"
        else {"A14": "point", "A15": "km_in_15_min"},
        official="areas",
        reference=True,
        standard=standard,
    )
