"""Accounts: what is added up and listed from the m² account and the four stages."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.measures.areas.stages import STAGES, lags
from lifecircle.model.days import DaySpan
from lifecircle.model.finding import meets
from lifecircle.model.results.settlement import PROVISION_COLUMNS, REMEDY_COLUMNS, STAGE_COLUMNS
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from numpy.typing import NDArray

    from lifecircle.assessing.remedies import RemedyBook
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.results.settlement import Settlement
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.tables import Tables

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = ["known_accounts", "provision_table", "remedy_table", "settlements", "stage_table"]

_SUMMED = (
    "required_m2",
    "own_m2",
    "recorded_m2",
    "arrangeable_m2",
    "deficit_m2",
    "deficit_if_arranged_m2",
    "surplus_m2",
)
_LACKING = ("deficit_m2", "deficit_if_arranged_m2")
"""What an account may say for certain though not all of it is known: at least so much."""
_APART = ("required_m2", "own_m2", "recorded_m2", "deficit_m2")
"""Of accounts of reference."""


def settlements(tables: list[Tables], standards: list[Standard]) -> tuple[Settlement, ...]:
    """Return how good each distribution is, with the standard under which it was made."""
    return tuple(
        dataclasses.replace(one, standard=standard.id)
        for table, standard in zip(tables, standards, strict=True)
        if table.account is not None
        for one in table.account.settled
    )


def known_accounts(residential: pd.DataFrame) -> Bools:
    """Return whether all is known of what an area is asked and has; else it may lack more."""
    figures = residential[["required_m2", "own_m2", "recorded_m2"]]
    return np.asarray(figures.notna().all(axis=1), dtype=bool)


def provision_table(
    tables: Tables, residential: pd.DataFrame, reference: Container[str] = frozenset()
) -> pd.DataFrame:
    """Return the m² account added up for the county, its streets and towns, and communities.

    ``residential``: the layer. Accounts with an unknown figure, but for what they lack for certain,
    and those of which it is open whether they count at all are counted and left out; those of
    ``reference`` (areas that no clause in judgment asks for m²) are added up apart. Who is exempt
    is asked for nothing.
    """
    if tables.account is None:
        return pd.DataFrame({name: [] for name in PROVISION_COLUMNS})
    mine = tables.account.frame.index.get_level_values("id").unique()
    rows = residential.loc[residential.index.isin(mine)]
    off, open_ = _not_asked(tables.areas.loc[rows.index], rows["verdict"])
    known = known_accounts(rows) & ~open_
    unknown = ~known & ~off
    apart = np.array([str(area) in reference for area in rows.index], dtype=bool)
    aside, asked = known & apart, known & ~apart & ~off
    lacking = dict.fromkeys(_LACKING, ~apart & ~off & ~open_)
    spare = tables.account.unassigned
    spare = pd.Series(0.0, tables.facilities.index) if spare is None else spare
    left = spare.reindex(tables.facilities.index).to_numpy(dtype=float)
    m2 = {name: rows[name].to_numpy(dtype=float) for name in _SUMMED}
    found = [
        {
            "scope": scope,
            "areas": float((asked & here).sum()),
            "unknown": float((unknown & here).sum()),
            **{
                name: float(np.nansum(column[lacking.get(name, asked) & here]))
                for name, column in m2.items()
            },
            "unassigned_m2": float(np.nansum(left[there])),
            "reference_areas": float((aside & here).sum()),
            **{f"reference_{name}": float(np.nansum(m2[name][aside & here])) for name in _APART},
            "at_least": "yes" if (unknown & ~apart & here).any() else "no",
        }
        for scope, here, there in _scopes(rows, tables.facilities, left)
    ]
    return pd.DataFrame(found, columns=list(PROVISION_COLUMNS))


def _not_asked(areas: pd.DataFrame, verdicts: pd.Series) -> tuple[Bools, Bools]:
    """Return who is exempt from a quota, and of whom it is open whether any asks for m²."""
    off = areas["quota_exempt"].to_numpy(dtype=bool)
    perhaps = areas["quota_exempt_perhaps"].to_numpy(dtype=bool)
    doubted = perhaps | areas[["lived_in", "setting"]].isna().any(axis=1).to_numpy()
    open_ = (verdicts.astype(str) == str(Status.NOT_ASSESSED)).to_numpy(dtype=bool)
    return off, doubted & open_


def _scopes(
    areas: pd.DataFrame, facilities: pd.DataFrame, left: Floats
) -> Iterator[tuple[str, Bools, Bools]]:
    """Yield every scope with its areas and facilities: where accounts are, or m² are ``left``."""
    yield "county", np.ones(len(areas), dtype=bool), np.ones(len(facilities), dtype=bool)
    for column in ("unit", "community"):
        sides = [frame[column].to_numpy(dtype=object) for frame in (areas, facilities)]
        for code in sorted({code for side in sides for code in side if isinstance(code, str)}):
            here, there = (side == code for side in sides)
            if here.any() or (left[there] > 0).any():  # a village may have rooms and no estate
                yield code, here, there


def remedy_table(book: RemedyBook, residential: pd.DataFrame) -> pd.DataFrame:
    """Return every remedy of every area that is short, the cheapest first."""
    short = residential[meets(residential["deficit_m2"].astype(float), ">", 0.0)]
    rows = [
        (area, rank, remedy)
        for area, ways in zip(short.index, book.each(short), strict=True)
        for rank, remedy in enumerate(ways, start=1)
    ]
    return pd.DataFrame(rows, columns=list(REMEDY_COLUMNS))


def stage_table(tables: Tables, judged: Mapping[str, JudgedClause]) -> pd.DataFrame:
    """Return the four stages of every area that a clause on them applies to.

    A stage is in step if the facility came at most ``tolerance_days`` after the housing, inclusive.
    """
    rows: list[dict[str, Any]] = []
    limit = tables.parameters.stage_tolerance_days
    for name, one in judged.items():
        if one.rule.measure != "stages" or one.findings.empty:
            continue
        found = one.findings
        areas = tables.areas.loc[found.index[found["status"] != Status.NOT_APPLICABLE]]
        for stage in STAGES:
            dates = (areas[f"{part}{stage}_on"].tolist() for part in ("", "care_"))
            ends = (days.tolist() for days in lags(areas, stage))
            for area, least, most, begun, done in zip(areas.index, *ends, *dates, strict=True):
                rows.append(
                    {
                        "residential": area,
                        "clause": name,
                        "stage": stage,
                        "housing_on": _iso(begun),
                        "care_on": _iso(done),
                        "days_late": least if least == most else np.nan,
                        "tolerance_days": limit,
                        "status": str(_in_step(least, most, limit)),
                    }
                )
    table = pd.DataFrame(rows, columns=list(STAGE_COLUMNS))
    order = {stage: number for number, stage in enumerate(STAGES)}
    return table.sort_values(
        ["clause", "residential", "stage"],
        key=lambda values: values.map(order) if values.name == "stage" else values,
        ignore_index=True,
    )


def _in_step(least: float, most: float, limit: float) -> Status:
    """Return whether a stage is in step, on every day that its dates leave open."""
    if meets(most, "<=", limit):
        return Status.COMPLIANT
    late = not np.isnan(least) and not meets(least, "<=", limit)
    return Status.DEFICIENT if late else Status.NOT_ASSESSED


def _iso(value: Any) -> str | None:
    """Return a date, or the first and the last of the days that it leaves open."""
    days = DaySpan.of(value)
    return None if days is None else str(days)
