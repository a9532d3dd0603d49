"""Costs: what a study lacks altogether, and the clauses that are left open for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import LifecircleError
from lifecircle.model.dictionary import columns
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.rules.needs import fields_of
from lifecircle.standards.forms import form_of, read_form
from lifecircle.standards.reader import clauses_in_force, read_standard

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["costs_of"]

_TOLD = frozenset({"facilities.kinds", "units.code"})
"""Without these a layer is refused."""


def costs_of(
    standards: Iterable[str], as_of: dt.date, lacking: Mapping[str, Collection[str] | None]
) -> tuple[Problem, ...]:
    """Return a note for each layer that lacks columns, and each table that is not there.

    With the clauses, column by column, that are left open for it; of streets those that ask for a
    walk.

    Parameters
    ----------
    standards
        As for :func:`read_standard`; one that cannot be read is told elsewhere.
    as_of
        Only clauses in force on this day cost anything.
    lacking
        Layer → the columns for which no row has a value; None where the whole table is missing.

    Returns
    -------
    tuple of Problem
        In the order of layers and columns; clauses in the documents' order.
    """
    open_ = _open_for(standards, as_of)
    problems: list[Problem] = []
    for layer, names in lacking.items():
        if names is None:
            problems += _table_absent(layer, open_)
            continue
        costs = {
            name: tuple(dict.fromkeys(open_[f"{layer}.{name}"]))
            for name in columns(layer)
            if name in names and f"{layer}.{name}" in open_.keys() - _TOLD
        }
        if costs:
            problems.append(_columns_absent(layer, costs))
    return tuple(problems)


def _open_for(standards: Iterable[str], as_of: dt.date) -> dict[str, list[str]]:
    """Return ``layer.column`` → the clauses that need it; ``streets.walk``: those on a walk."""
    open_: dict[str, list[str]] = {}
    for standard in standards:
        try:
            found = read_standard(standard)
        except (LifecircleError, OSError):
            continue
        form = form_of(found.id)
        own = () if form is None else read_form(form).clauses.values()
        asked = (clause for clause in own if clause.version_on(as_of) is not None)
        for clause in (*clauses_in_force(found, as_of), *asked):
            walked = ("streets.walk",) if clause.measure == "walk" else ()
            for field in (*fields_of(clause, found.clauses), *walked):
                open_.setdefault(field, []).append(clause.id)
    return open_


def _table_absent(layer: str, open_: Mapping[str, Collection[str]]) -> tuple[Problem, ...]:
    """Return the note on a table that is not there; streets are missed whoever asks for them."""
    table = [c for field, cs in open_.items() if field.startswith(f"{layer}.") for c in cs]
    clauses = list(dict.fromkeys(table))
    params = {"clauses": clauses, "count": len(clauses)}
    if layer == "streets":
        return (Problem(ProblemCode.STREETS_ABSENT, Severity.INFO, params, layer=layer),)
    params = {"target": layer, **params}
    told = Problem(ProblemCode.TABLE_ABSENT, Severity.INFO, params, layer=layer)
    return (told,) if clauses else ()


def _columns_absent(layer: str, costs: Mapping[str, tuple[str, ...]]) -> Problem:
    """Return the note on a layer's columns that are absent, the dearest first."""
    order = sorted(costs, key=lambda name: -len(costs[name]))
    params = {
        "costs": {name: list(costs[name]) for name in order},
        "count": len(order),
        "key": order[0],
    }
    return Problem(ProblemCode.COLUMNS_ABSENT, Severity.INFO, params, layer=layer)
