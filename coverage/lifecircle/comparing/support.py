"""What findings rest on, on both sides of a comparison: facilities, gates, credited m²."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.comparing.differences import same
from lifecircle.model.cell import is_no, listed
from lifecircle.model.dictionary import group_of, split_kinds
from lifecircle.model.results.comparison import Cause, CauseCode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from lifecircle.comparing.pairing import Pairs
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import SettingChange, SubjectChange

__all__ = ["Ground", "clause_group"]

_COUNTS = ("reach_counts", "quota_counts")
_CAME_OR_WENT = {
    "added": CauseCode.FACILITY_ADDED,
    "removed": CauseCode.FACILITY_REMOVED,
}


def clause_group(clause: ClauseResult) -> str:
    """Return the key of a clause's rows in the table ``reach``: a group's name, or its own id."""
    return group_of(clause.kinds) or clause.id


class Ground:
    """The differences between two assessments, by what a finding rests on.

    ``subjects`` as of ``differences.subject_changes``; ``files`` and ``contents``: layers whose
    files, or whose rows, differ; ``settled``: some setting of the study file differs and is known;
    ``view``, ``scenario``, ``day``, ``plan``, ``crs``: before and after, None where equal;
    ``gates``: area → how many are open before and after, where they differ; ``shared``,
    ``suggested``: area → facilities whose credit to it, or whose spare m² suggested for it,
    differs.
    """

    def __init__(
        self,
        before: Assessment,
        after: Assessment,
        pairs: Mapping[str, Pairs],
        subjects: Mapping[tuple[str, int], SubjectChange],
        settings: Iterable[SettingChange],
    ) -> None:
        self._sides, self._pairs = (before, after), pairs
        self.subjects = subjects
        settings = tuple(settings)
        values = {s.name: {"before": s.before, "after": s.after} for s in settings}
        inputs = [s.what == "input" for s in settings]
        self.files = {s.name for s in settings if s.what == "input"}
        self.contents = {layer for layer, _ in subjects}
        self.settled = not all(inputs)
        self.view, self.scenario, self.day = map(values.get, ("stage", "scenario", "as_of"))
        self.plan = values.get("sites")
        crs = values.get("crs")
        self.crs = None if crs is None else {"parameter": "crs", **crs}
        self.parameters = _both_values(settings, "parameter")
        self.readings = _both_values(settings, "reading")
        self._built = [_planned(side) for side in self._sides]
        self._contents_of_ledgers(subjects)
        self._facilities = [_facility_records(side) for side in self._sides]
        self.gates = self._gates()
        if self.gates:
            self.contents.add("gates")
        self._credited, self.shared = self._credit_on_both({"own", "recorded"})
        self._suggested, self.suggested = self._credit_on_both({"suggested"})
        self._credit_served()
        self._otherwise = self._counting_otherwise()
        self._changed = sorted(_rows(subjects, "facilities") | self._otherwise)

    def _contents_of_ledgers(self, subjects: Iterable[tuple[str, int]]) -> None:
        """Leave facilities out where only plans differ in them: the ledger is the same."""
        theirs = _rows(subjects, "facilities")
        if theirs and all(self._of_plan(row) for row in theirs):
            self.contents.discard("facilities")

    def facility(self, row: int, columns_read: Collection[str] | None = None) -> Iterator[Cause]:
        """Return what changed at one facility (row of the pairs), in the columns that are read."""
        name = {"facility": self.facility_ids(row)}
        planned = self._of_plan(row)
        if planned is not None:
            yield Cause(planned, name)
            return
        change = self.subjects.get(("facilities", row))
        if change is not None and change.change in _CAME_OR_WENT:
            yield Cause(_CAME_OR_WENT[change.change], name)
            return
        columns = {} if change is None else dict(change.columns)
        if columns_read is not None:
            columns = {c: v for c, v in columns.items() if c in {*columns_read, "stage"}}
        yield from _changed_columns(columns, name)
        if self.view is not None and "stage" not in columns and row in self._otherwise:
            yield Cause(CauseCode.STAGE_VIEW, self.view)

    def _of_plan(self, row: int) -> CauseCode | None:
        """Return whether one side's plan builds a facility, or arranges its m², and which side's.

        Where both plans do, its difference is told like any other.
        """
        keys = self._pairs["facilities"].rows[row]
        old, new = (key in built for key, built in zip(keys, self._built, strict=True))
        if old == new:
            return None
        return CauseCode.PLANNED_PLACE if new else CauseCode.PLANNED_PLACE_GONE

    def facility_ids(self, row: int) -> dict[str, str | None]:
        """Return the id of a facility on each side, None where the side does not have it."""
        old, new = self._pairs["facilities"].rows[row]
        return {"before": old, "after": new}

    def facility_row(self, side: int, key: str) -> int | None:
        """Return the row of the pairs of a facility by the id it has on a side."""
        pairs = self._pairs["facilities"]
        return (pairs.after if side else pairs.before).get(key)

    def doubtful(self, group: str) -> list[int]:
        """Return changed facilities of a reach group of which it is not known if they count.

        They move the best case of areas whose reached facility is the same.
        """
        return [
            row
            for row in self._changed
            if any(
                told["reach_counts"] == "unknown" and group in listed(told["reach_groups"])
                for told in self._records(row)
            )
        ]

    def credited(self, area: int, *, suggested: bool = False) -> list[int]:
        """Return the facilities that give m² to an area or are recorded to serve it.

        ``suggested``: those too whose spare m² is suggested for it.
        """
        return [
            *self._credited.get(area, []),
            *(self._suggested.get(area, []) if suggested else []),
        ]

    def of_kinds(self, kinds: tuple[str, ...]) -> list[int]:
        """Return the changed facilities of a clause's kinds; of all kinds where it names none."""
        return [r for r in self._changed if any(_is_of(f, kinds) for f in self._records(r))]

    def of_figure(self, column: str) -> list[int]:
        """Return the changed facilities that have a figure in a column, on either side."""
        return [
            row
            for row in self._changed
            if any(pd.notna(told.get(column)) for told in self._records(row))
        ]

    def in_unit(self, unit: int, kinds: tuple[str, ...]) -> list[int]:
        """Return the changed facilities of some kinds whose code lies in a unit."""
        codes = {code for code in self._pairs["units"].rows[unit] if code is not None}
        found = []
        for row in self.of_kinds(kinds):
            told = [str(f[c]) for f in self._records(row) for c in ("unit", "community")]
            if any(code and t.startswith(code) for t in told for code in codes):
                found.append(row)
        return found

    def _records(self, row: int) -> list[dict[str, Any]]:
        keys = self._pairs["facilities"].rows[row]
        told = (self._facilities[side].get(key or "") for side, key in enumerate(keys))
        return [record for record in told if record is not None]

    def _counting_otherwise(self) -> set[int]:
        """Return the facilities on both sides that count on one and not on the other."""
        both = [(row, self._records(row)) for row in range(len(self._pairs["facilities"].rows))]
        return {
            row
            for row, told in both
            if len(told) == len(self._sides) and any(told[0][c] != told[1][c] for c in _COUNTS)
        }

    def _credit_on_both(
        self, basis: Collection[str]
    ) -> tuple[dict[int, list[int]], dict[int, tuple[int, ...]]]:
        """Return area → facilities that give it m² on either side, and those that give another."""
        old, new = (self._credit(side, basis) for side in (0, 1))
        givers = {a: list({**old.get(a, {}), **new.get(a, {})}) for a in sorted({*old, *new})}
        otherwise = {
            area: tuple(
                f for f in some
                if not same(old.get(area, {}).get(f, 0.0), new.get(area, {}).get(f, 0.0))
            )
            for area, some in givers.items()
        }  # fmt: skip
        return givers, {area: some for area, some in otherwise.items() if some}

    def _credit(self, side: int, basis: Collection[str]) -> dict[int, dict[int, float]]:
        """Return area → facility → m² credited, by rows of the pairs."""
        areas = self._pairs["residential"]
        rows = areas.after if side else areas.before
        found: dict[int, dict[int, float]] = {}
        table = self._sides[side].allocation
        table = table[table["basis"].isin(list(basis))]
        for facility, area, m2 in zip(
            table["facility"], table["residential"], table["m2"], strict=True
        ):
            giver, taker = self.facility_row(side, str(facility)), rows.get(str(area))
            if giver is not None and taker is not None:
                given = found.setdefault(taker, {})
                given[giver] = given.get(giver, 0.0) + float(m2)
        return found

    def _credit_served(self) -> None:
        """Add to the areas the facilities that are recorded to serve them, on either side."""
        for row, keys in enumerate(self._pairs["facilities"].rows):
            for side, key in enumerate(keys):
                for area in self._served(side, key):
                    givers = self._credited.setdefault(area, [])
                    givers += [row] if row not in givers else []

    def _served(self, side: int, key: str | None) -> Iterator[int]:
        record = self._facilities[side].get(key or "")
        areas = self._pairs["residential"]
        rows = areas.after if side else areas.before
        for area in listed(None if record is None else record["serves"]):
            if area in rows:
                yield rows[area]

    def _gates(self) -> dict[int, tuple[int, int]]:
        """Return area → open gates before and after, where any place or their number differs."""
        crs = self._sides[0].layers["gates"].crs
        places: list[dict[int, list[tuple[int, int]]]] = []
        areas = self._pairs["residential"]
        for side, rows in zip(self._sides, (areas.before, areas.after), strict=True):
            gates = side.layers["gates"]
            gates = gates.to_crs(crs) if crs is not None and len(gates) else gates
            found: dict[int, list[tuple[int, int]]] = {}
            for area, open_, at in zip(
                gates["residential"], gates["open"], gates.geometry, strict=True
            ):
                if str(area) in rows and not is_no(open_):
                    found.setdefault(rows[str(area)], []).append((round(at.x), round(at.y)))
            places.append({area: sorted(spots) for area, spots in found.items()})
        changed = {}
        for area in sorted(places[0].keys() | places[1].keys()):
            old, new = (side.get(area) for side in places)
            if old != new:
                changed[area] = (len(old or ()), len(new or ()))
        return changed


def _both_values(settings: Iterable[SettingChange], what: str) -> dict[str, tuple[Any, Any]]:
    """Return the last word of a setting's name (A7 of ``CX-01 A7``) → before and after."""
    return {s.name.split()[-1]: (s.before, s.after) for s in settings if s.what == what}


def _facility_records(side: Assessment) -> dict[str, dict[str, Any]]:
    frame = pd.DataFrame(side.layers["facilities"])
    return {str(k): r for k, r in zip(frame.index, frame.to_dict("records"), strict=True)}


def _planned(side: Assessment) -> frozenset[str]:
    """Return the facilities of the plan that a side takes as built."""
    if side.sites is None:
        return frozenset()
    records = {record.facility for record in side.sites.records}
    return frozenset({place.facility for place in side.sites.places} | records)


def _is_of(facility: Mapping[str, Any], kinds: tuple[str, ...]) -> bool:
    named, groups = split_kinds(kinds)
    mine = set(listed(facility["kinds"]))
    return not kinds or bool(named & mine) or bool(groups & set(listed(facility["reach_groups"])))


def _rows(subjects: Iterable[tuple[str, int]], layer: str) -> set[int]:
    return {row for one, row in subjects if one == layer}


def _changed_columns(columns: Mapping[str, Any], name: Mapping[str, Any]) -> Iterator[Cause]:
    """Return what a facility's changed columns come to; ``name``: the parameters that name it."""
    rest = [column for column in columns if column not in {"place", "stage", "name"}]
    if "place" in columns:
        before, metres = columns["place"]
        known = {} if None not in (before, metres) else {"known": metres is not None}
        yield Cause(CauseCode.FACILITY_MOVED, {**name, **(known or {"metres": metres})})
    if "stage" in columns:
        before, after = columns["stage"]
        yield Cause(CauseCode.FACILITY_STAGE, {**name, "before": before, "after": after})
    if rest:
        yield Cause(CauseCode.FACILITY_CHANGED, {**name, "columns": rest})
