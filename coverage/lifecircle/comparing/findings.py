"""Findings of both assessments side by side: those that changed, each with its causes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.comparing.causes import Changed, causes_of
from lifecircle.comparing.differences import MOVED_M, same
from lifecircle.comparing.directions import asked_otherwise, direction_of
from lifecircle.comparing.pairing import subject_name
from lifecircle.comparing.support import Ground, clause_group
from lifecircle.model.finding import meets
from lifecircle.model.results.comparison import FindingChange, FindingState
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.comparing.pairing import Pairs
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import Cause

__all__ = ["finding_changes"]

_KEY = ["clause", "layer", "row", "part"]
_NUMBERS = ("measured", "low", "high", "required", "deficit")
_TEXTS = ("status", "flags", "code", "reached", "unit")
"""``reached``: the facility by its row of the pairs, as its id may be another one's over there."""
_QUOTAS = frozenset({"provision", "single_minimum", "has_facility"})
"""Measures whose verdicts make up a compliance rate."""
_FOLLOWED = _QUOTAS | {"radius"}
"""Measures whose changed verdicts may explain a rate over clauses."""
_REACH = ("radius", "walk")
_STILL = {"m": 2 * MOVED_M, "min": 0.02}
"""Unit → how much a way may grow or shrink while both its ends lie where they were.

A ledger typed again in another datum, or with a decimal less, puts every place a few centimetres
off. The minutes are those of a metre at 50 m a minute, slower than any speed of the documents.
"""
_SILENT = frozenset({Status.NOT_APPLICABLE, Status.NOT_IN_FORCE})


def finding_changes(
    sides: tuple[Assessment, Assessment],
    clauses: Sequence[tuple[ClauseResult | None, ClauseResult | None]],
    pairs: Mapping[str, Pairs],
    ground: Ground,
) -> tuple[FindingChange, ...]:
    """Return the findings that changed, in the order of clauses and subjects.

    Parameters
    ----------
    sides
        Before and after.
    clauses
        As paired; only those that both sides have are compared.
    pairs
        Layer → its subjects on both sides.
    ground
        The differences that may be causes.
    """
    both = {n: (old, new) for n, (old, new) in enumerate(clauses) if old and new}
    told: dict[tuple[str, int], dict[tuple[str, str], tuple[Cause, ...]]] = {}
    found: list[tuple[tuple[Any, ...], FindingChange]] = []
    for row in _changed_rows(sides, both, pairs):
        states = _state(row, "_a"), _state(row, "_b")
        if all(s is None or s.status in _SILENT for s in states):
            continue  # the clause is about this subject on neither side
        subject = str(row["layer"]), int(row["row"])
        terms = both[row["clause"]]
        follows = _followed(terms[1], told.get(subject, {}))
        causes = causes_of(Changed(row["clause"], *subject, *states), terms, ground, follows)
        if terms[1].measure in _FOLLOWED:
            told.setdefault(subject, {})[terms[1].id, terms[1].measure] = causes
        ids = _ids(subject, pairs)
        change = FindingChange(
            clause=int(row["clause"]),
            layer=subject[0],
            id_before=ids[0] if states[0] is not None else None,
            id_after=ids[1] if states[1] is not None else None,
            name=subject_name(subject[0], ids, sides),
            part=str(row["part"]),
            before=states[0],
            after=states[1],
            direction=direction_of(
                *(None if s is None else s.status for s in states),
                asked_otherwise=asked_otherwise(causes),
            ),
            causes=causes,
        )
        found.append((tuple(row[k] for k in _KEY), change))
    found.sort(key=lambda entry: entry[0])
    return tuple(change for _, change in found)


def _changed_rows(
    sides: tuple[Assessment, Assessment],
    both: Mapping[int, tuple[ClauseResult, ClauseResult]],
    pairs: Mapping[str, Pairs],
) -> list[dict[str, Any]]:
    """Return the findings that differ, side by side, rates over clauses last.

    What those follow from must be known before them.
    """
    tables = [_table(side, _numbers(both, k), pairs, k) for k, side in enumerate(sides)]
    merged = tables[0].merge(tables[1], on=_KEY, how="outer", suffixes=("_a", "_b"), sort=True)
    rows: list[dict[str, Any]] = merged[_differs(merged)].to_dict("records")
    rows.sort(key=lambda row: both[row["clause"]][1].measure == "compliance_rate")
    return rows


def _numbers(
    both: Mapping[int, tuple[ClauseResult, ClauseResult]], which: int
) -> dict[tuple[str, str], list[int]]:
    """Return clause of a side → its pairs: a clause and what replaced it may stand beside one."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, clauses in both.items():
        clause = clauses[which]
        found.setdefault((clause.standard, clause.id), []).append(number)
    return found


def _followed(
    clause: ClauseResult, told: Mapping[tuple[str, str], tuple[Cause, ...]]
) -> dict[str, tuple[Cause, ...]]:
    """Return clause → causes of the changed verdicts that a rate over clauses is made of."""
    if clause.measure != "compliance_rate":
        return {}
    parts = _FOLLOWED if clause.reading.get("A35") == "with_radius" else _QUOTAS
    return {other: causes for (other, measure), causes in told.items() if measure in parts}


def _table(
    side: Assessment,
    numbers: Mapping[tuple[str, str], list[int]],
    pairs: Mapping[str, Pairs],
    which: int,
) -> pd.DataFrame:
    """Return a side's findings with the rows of the pairs as keys."""
    rows = {layer: (p.after if which else p.before) for layer, p in pairs.items()}
    table = _numbered(side.findings, numbers)
    subject = [
        rows[layer].get(str(id_), -1) if layer in rows else 0
        for layer, id_ in zip(table["layer"], table["id"], strict=True)
    ]
    table = table.assign(
        row=np.array(subject, dtype=np.int64),
        part=["" if pd.isna(text) else str(text) for text in table["part"]],
        unit=["" if pd.isna(text) else str(text) for text in table["unit"]],
        flags=[tuple(sorted(map(str, flags))) for flags in table["flags"]],
        code=["" if reason is None else str(reason.code) for reason in table["reason"]],
        there=True,
    )
    table["facility"] = _reached(side, table, numbers)
    table["reached"] = [
        facility and rows["facilities"].get(facility, facility) for facility in table["facility"]
    ]
    known = table[table["row"] >= 0]  # its layer has the subject
    return known[[*_KEY, *_NUMBERS, *_TEXTS, "facility", "reason", "there"]].astype(
        dict.fromkeys(_NUMBERS, float)
    )


def _numbered(table: pd.DataFrame, numbers: Mapping[tuple[str, str], list[int]]) -> pd.DataFrame:
    """Return findings with the number of their pair as clause, once a pair."""
    each = [numbers.get(key, []) for key in zip(table["standard"], table["clause"], strict=True)]
    table = table.iloc[np.repeat(np.arange(len(table)), [len(n) for n in each])]
    return table.assign(clause=np.array([n for one in each for n in one], dtype=np.int64))


def _reached(
    side: Assessment, table: pd.DataFrame, numbers: Mapping[tuple[str, str], list[int]]
) -> list[str | None]:
    """Return the facility that each finding of a measure of reach is about."""
    reach = {
        (str(row["residential"]), row["reach_group"]): row for row in side.reach.to_dict("records")
    }
    asked = {
        number: (clause_group(c), f"{c.measure}_facility")
        for c in side.clauses
        if c.measure in _REACH
        for number in numbers.get((c.standard, c.id), ())
    }
    found: list[str | None] = []
    for n, subject in zip(table["clause"], table["id"], strict=True):
        group, column = asked.get(n, ("", ""))
        value = reach.get((str(subject), group), {}).get(column)
        found.append(value if isinstance(value, str) else None)
    return found


def _differs(merged: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which rows are not the same on both sides."""
    differs: np.ndarray[Any, np.dtype[np.bool_]]
    differs = (merged["there_a"].isna() | merged["there_b"].isna()).to_numpy(dtype=bool, copy=True)
    still = merged["unit_a"].map(_STILL).fillna(0.0).to_numpy(float)
    for name in _NUMBERS:
        a, b = (merged[f"{name}{side}"].to_numpy(float) for side in ("_a", "_b"))
        with np.errstate(invalid="ignore"):  # inf - inf
            near = meets(a, "=", b) | (np.abs(a - b) <= still)
        differs |= ~(near | (a == b) | (np.isnan(a) & np.isnan(b)))
    for name in _TEXTS:
        a, b = (merged[f"{name}{side}"].to_numpy(object) for side in ("_a", "_b"))
        differs |= np.array([not same(x, y) for x, y in zip(a, b, strict=True)], dtype=bool)
    return differs


def _state(row: Mapping[str, Any], side: str) -> FindingState | None:
    if row[f"there{side}"] is not True:
        return None
    numbers = {n: float(row[f"{n}{side}"]) for n in _NUMBERS}
    reached = row[f"facility{side}"]
    return FindingState(
        status=str(row[f"status{side}"]),
        unit=str(row[f"unit{side}"]),
        flags=tuple(row[f"flags{side}"]),
        reason=row[f"reason{side}"],
        facility=reached if isinstance(reached, str) else None,
        **{n: None if math.isnan(v) else v for n, v in numbers.items()},
    )


def _ids(subject: tuple[str, int], pairs: Mapping[str, Pairs]) -> tuple[str | None, str | None]:
    layer, row = subject
    return pairs[layer].rows[row] if layer in pairs else (layer, layer)
