"""Two assessments side by side: what changed, where, and why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.comparing.causes import Changed, causes_of
from lifecircle.comparing.differences import pair_layers, same, setting_changes, subject_changes
from lifecircle.comparing.pairing import pair_clauses
from lifecircle.comparing.support import Ground, clause_group
from lifecircle.comparing.units import unit_changes
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.results.comparison import (
    AreaChange,
    ClauseChange,
    Comparison,
    Direction,
    FindingChange,
    FindingState,
    RateChange,
)
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.comparing.pairing import Pairs
    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import Cause

__all__ = ["compare", "direction_of"]

_KEY = ["clause", "layer", "row", "part"]
_NUMBERS = ("measured", "low", "high", "required", "deficit")
_TEXTS = ("status", "flags", "code", "facility", "unit")
_QUOTAS = frozenset({"provision", "single_minimum", "has_facility"})
"""Measures whose verdicts make up a compliance rate."""
_REACH = ("radius", "walk")
_SILENT = frozenset({Status.NOT_APPLICABLE, Status.NOT_IN_FORCE})
_DECIDED = frozenset({Status.COMPLIANT, Status.DEFICIENT})


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Compare two assessments: of two years, stages, scenarios or standards.

    Areas, facilities and units are paired by id and name, clauses by id or, between two
    documents, by what they are about. A finding changed if its status, a number (beyond the
    tolerance), a flag, the kind of its reason or the facility reached differs. The findings of a
    clause that one side does not have are not listed; those of a subject that is on one side only
    are. What a clause is not about, on either side, has not changed.

    Parameters
    ----------
    before, after
        As judged or as read back; any projected CRS each.

    Returns
    -------
    Comparison
        Empty where both say the same.
    """
    pairs = pair_layers(before, after)
    clauses = pair_clauses(before, after)
    settings = tuple(setting_changes(before, after))
    subjects = subject_changes(before, after, pairs)
    ground = Ground(before, after, pairs, subjects, settings)
    findings = tuple(_findings(before, after, clauses, pairs, ground))
    areas = tuple(_areas(before, after, pairs, findings))
    return Comparison(
        before=before,
        after=after,
        settings=settings,
        clauses=tuple(_clause_change(old, new) for old, new in clauses),
        findings=findings,
        subjects=tuple(subjects.values()),
        areas=areas,
        units=unit_changes(before, after, pairs, areas),
    )


def direction_of(before: str | None, after: str | None) -> Direction:
    """Return which way a status went; None: the subject is not on that side."""
    if before == after:
        return Direction.SAME
    if before == Status.NOT_ASSESSED and after in _DECIDED:
        return Direction.DECIDED
    if before in _DECIDED and after == Status.NOT_ASSESSED:
        return Direction.UNDECIDED
    if before in _DECIDED and after in _DECIDED:
        return Direction.BETTER if after == Status.COMPLIANT else Direction.WORSE
    return Direction.OTHER


def _findings(
    before: Assessment,
    after: Assessment,
    clauses: Sequence[tuple[ClauseResult | None, ClauseResult | None]],
    pairs: Mapping[str, Pairs],
    ground: Ground,
) -> Iterator[FindingChange]:
    """Return the findings that changed, with their causes; rates over clauses after those."""
    both = [(n, old, new) for n, (old, new) in enumerate(clauses) if old and new]
    tables = [
        _table(side, {(c.standard, c.id): n for n, *cs in both for c in (cs[k],)}, pairs, k)
        for k, side in enumerate((before, after))
    ]
    merged = tables[0].merge(tables[1], on=_KEY, how="outer", suffixes=("_a", "_b"), sort=True)
    merged = merged[_differs(merged)]
    rows = merged.to_dict("records")
    measures = {n: new.measure for n, _, new in both}
    # what a rate over clauses follows from must be known before it
    rows.sort(key=lambda r: measures[r["clause"]] == "compliance_rate")
    told: dict[tuple[str, int], dict[tuple[str, str], tuple[Cause, ...]]] = {}
    found: list[tuple[tuple[Any, ...], FindingChange]] = []
    terms = {n: (old, new) for n, old, new in both}
    for row in rows:
        states = _state(row, "_a"), _state(row, "_b")
        if all(s is None or s.status in _SILENT for s in states):
            continue  # the clause is about this subject on neither side
        subject = str(row["layer"]), int(row["row"])
        changed = Changed(row["clause"], *subject, *states)
        measure, clause = measures[row["clause"]], terms[row["clause"]][1]
        follows = {}
        if measure == "compliance_rate":
            parts = _QUOTAS | ({"radius"} if clause.reading.get("A35") == "with_radius" else set())
            follows = {
                other: causes
                for (other, part), causes in told.get(subject, {}).items()
                if part in parts
            }
        causes = causes_of(changed, terms[row["clause"]], ground, follows)
        if measure in {*_QUOTAS, "radius"}:
            told.setdefault(subject, {})[clause.id, measure] = causes
        ids = _ids(subject, pairs)
        found.append(
            (
                tuple(row[k] for k in _KEY),
                FindingChange(
                    clause=int(row["clause"]),
                    layer=subject[0],
                    id_before=ids[0] if states[0] is not None else None,
                    id_after=ids[1] if states[1] is not None else None,
                    name=_name(subject[0], ids, (before, after)),
                    part=str(row["part"]),
                    before=states[0],
                    after=states[1],
                    direction=direction_of(*(None if s is None else s.status for s in states)),
                    causes=causes,
                ),
            )
        )
    found.sort(key=lambda entry: entry[0])
    yield from (change for _, change in found)


def _table(
    side: Assessment,
    numbers: Mapping[tuple[str, str], int],
    pairs: Mapping[str, Pairs],
    which: int,
) -> pd.DataFrame:
    """Return a side's findings with the rows of the pairs as keys."""
    rows = {layer: (p.after if which else p.before) for layer, p in pairs.items()}
    table = side.findings
    clause = pd.Series(
        [numbers.get(key) for key in zip(table["standard"], table["clause"], strict=True)],
        index=table.index,
        dtype=float,
    )
    table = table[clause.notna().to_numpy()].assign(clause=clause.dropna().astype(int))
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
    group = {numbers[c.standard, c.id]: clause_group(c) for c in side.clauses
             if (c.standard, c.id) in numbers and c.measure in _REACH}  # fmt: skip
    reached = {
        (f"{row['residential']}", row["reach_group"]): row for row in side.reach.to_dict("records")
    }
    measure = {numbers[c.standard, c.id]: c.measure for c in side.clauses
               if (c.standard, c.id) in numbers}  # fmt: skip
    table["facility"] = [
        _reached(reached.get((str(id_), group.get(n, ""))), measure[n])
        for n, id_ in zip(table["clause"], table["id"], strict=True)
    ]
    known = table[table["row"] >= 0]  # its layer has the subject
    return known[[*_KEY, *_NUMBERS, *_TEXTS, "reason", "there"]].astype(
        dict.fromkeys(_NUMBERS, float)
    )


def _reached(row: Mapping[str, Any] | None, measure: str) -> str | None:
    value = None if row is None else row[f"{measure}_facility"]
    return value if isinstance(value, str) else None


def _differs(merged: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which rows are not the same on both sides."""
    differs: np.ndarray[Any, np.dtype[np.bool_]]
    differs = (merged["there_a"].isna() | merged["there_b"].isna()).to_numpy(dtype=bool, copy=True)
    for name in _NUMBERS:
        a, b = (merged[f"{name}{side}"].to_numpy(float) for side in ("_a", "_b"))
        with np.errstate(invalid="ignore"):  # inf - inf
            near = np.abs(a - b) <= TOLERANCE
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


def _name(
    layer: str, ids: tuple[str | None, str | None], sides: tuple[Assessment, Assessment]
) -> str:
    """Return a subject's name, the later one where there are two; its id where it has none."""
    for key, side in ((ids[1], sides[1]), (ids[0], sides[0])):
        if key is not None and layer in side.layers and key in side.layers[layer].index:
            name = side.layers[layer].at[key, "name"]
            return name if isinstance(name, str) and name.strip() else key
    return ids[1] or ids[0] or layer


def _clause_change(old: ClauseResult | None, new: ClauseResult | None) -> ClauseChange:
    sides = [{} if c is None else {(r.basis, r.scope): r for r in c.rates} for c in (old, new)]
    keys = dict.fromkeys([*sides[0], *sides[1]])
    rates = [_rate_change(sides[0].get(key), sides[1].get(key)) for key in keys]
    officials = [None if c is None else c.official for c in (old, new)]
    told = [None if c is None else _finite(c.value) for c in (old, new)]
    change = told[1] - told[0] if told[0] is not None and told[1] is not None else None
    official = _rate_change(*officials) if any(r is not None for r in officials) else None
    return ClauseChange(
        before=old,
        after=new,
        official=official,
        rates=tuple(rates),
        change=change,
        changed=old is None or new is None or _clause_differs(old, new, rates),
        direction=direction_of(*(None if c is None else str(c.status) for c in (old, new))),
    )


def _clause_differs(old: ClauseResult, new: ClauseResult, rates: Sequence[RateChange]) -> bool:
    figures = ("value", "low", "high", "target")
    return (
        (old.standard, old.id, old.status) != (new.standard, new.id, new.status)
        or sorted(map(str, old.flags)) != sorted(map(str, new.flags))
        or dict(old.counts) != dict(new.counts)
        or any(not same(_finite(getattr(old, f)), _finite(getattr(new, f))) for f in figures)
        or any(not _same_rate(r.before, r.after) for r in rates)
    )


def _rate_change(old: Rate | None, new: Rate | None) -> RateChange:
    one = new or old
    if one is None:
        raise ValueError("no rate on either side")
    decided = old is not None and new is not None and None not in {old.rate, new.rate}
    return RateChange(
        basis=one.basis,
        scope=one.scope,
        before=old,
        after=new,
        change=new.rate - old.rate if decided else None,  # type: ignore[union-attr, operator]
    )


def _same_rate(old: Rate | None, new: Rate | None) -> bool:
    if old is None or new is None:
        return old is new
    return all(same(a, b) for a, b in zip(*(r.to_json().values() for r in (old, new)), strict=True))


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _areas(
    before: Assessment,
    after: Assessment,
    pairs: Mapping[str, Pairs],
    findings: Sequence[FindingChange],
) -> Iterator[AreaChange]:
    """Return the headline verdict of every area on both sides, and what changed there."""
    numbers: dict[int, list[int]] = {}
    areas = pairs["residential"]
    for n, change in enumerate(findings):
        if change.layer == "residential":
            rows, key = (
                (areas.after, change.id_after)
                if change.id_after is not None
                else (areas.before, change.id_before)
            )
            numbers.setdefault(rows[str(key)], []).append(n)
    verdicts = [
        {
            str(k): v if isinstance(v, str) else None
            for k, v in side.layers["residential"]["verdict"].items()
        }
        for side in (before, after)
    ]
    for row, ids in enumerate(areas.rows):
        a, b = (
            None if key is None else side.get(key) for key, side in zip(ids, verdicts, strict=True)
        )
        moved = direction_of(a, b) if None not in ids else Direction.OTHER
        yield AreaChange(
            id_before=ids[0],
            id_after=ids[1],
            name=_name("residential", ids, (before, after)),
            before=a,
            after=b,
            direction=moved,
            findings=tuple(numbers.get(row, ())),
        )
