"""Topics: what a clause is about, so that clauses of several documents stand side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.rules.rule import Rule

__all__ = ["topic"]

_BY_AGE = {"provision", "has_facility"}
_CENTRES = {"regional_centre", "township_centre"}


def topic(clause: Clause | Rule[Any]) -> str:
    """Return the topic of a clause: its measure and what tells clauses of one measure apart.

    New or existing areas for floor area; whose coverage by what for units; the column, figure or
    kind for the others. Two clauses of one topic answer the same question, each in its own way.
    """
    options, parts = clause.options, [clause.measure]
    if clause.measure in _BY_AGE:
        parts.append("new" if "new" in clause.where.get("age_class", ()) else "existing")
    elif clause.measure == "unit_coverage":
        parts += clause.where.get("unit_type", clause.where.get("unit_level", ()))[:1]
        parts.append("centre" if _CENTRES & set(clause.kinds) else clause.kinds[0])
    elif clause.measure == "count":
        parts += clause.kinds[:1]
    named = (getattr(options, name, None) for name in ("field", "numerator"))
    parts += [str(column) for column in named if column]
    for name in ("all_of", "any_of", "indicators", "items"):
        parts += sorted(getattr(options, name, ()))[:1]
    return ".".join(parts)
