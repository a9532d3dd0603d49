"""Reference checks: radius and walk of every reach group, where the document does not ask (A36)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lifecircle.measures.areas.extent import reach_key
from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.rules.clause import Clause, Version
from lifecircle.model.status import AgeClass
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from lifecircle.model.inputs.parameters import Parameters
    from lifecircle.model.rules.clause import Standard

__all__ = ["reference_clauses"]

_SETTING = {"community": ("urban",), "village": ("rural",)}
"""Groups that are for one setting only; centres and canteens are for both."""
_ALWAYS = dt.date(1900, 1, 1)


def reference_clauses(standard: Standard, parameters: Parameters) -> tuple[Clause, ...]:
    """Return ``REF-radius-<group>`` and ``REF-walk-<group>`` for what ``standard`` leaves open.

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
            asked = [
                c
                for c in standard.clauses.values()
                if c.measure == measure and reach_key(c) == group
            ]
            if asked:
                judged = {a for c in asked for a in c.where.get("age_class", tuple(AgeClass))}
                rest = tuple(str(a) for a in AgeClass if a not in judged)
                if not rest:
                    continue
                where["age_class"] = rest
            found.append(_clause(standard, measure, group, limit, unit, where))
    return tuple(found)


def _clause(
    standard: Standard,
    measure: str,
    group: str,
    limit: float,
    unit: str,
    where: dict[str, tuple[str, ...]],
) -> Clause:
    return Clause(
        id=f"REF-{measure}-{group}",
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
        kinds=(f"group:{group}",),
        readings={"A14": "point"}
        if measure == "radius"
        else {"A14": "point", "A15": "km_in_15_min"},
        official="areas",
        reference=True,
        standard=standard.id,
    )
