"""The verdict of every area: which clause stands for it, how it came out there, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from lifecircle.judge.clauses import JudgedClause

__all__ = ["area_verdicts"]


def area_verdicts(
    areas: pd.DataFrame, judged: Mapping[str, JudgedClause], headline: str
) -> list[tuple[str, str, Any]]:
    """Return clause, status and reason of the headline for every area.

    A rate over other clauses shows the clause that applies to the area; where none does, the one
    that speaks of its kind, and why it asks nothing. Where none of them says what the rate says of
    the area (either of two quotas may be its own, and both are missed), the rate tells what
    decided. On a day on which the headline is not in force the quotas that are decide: what a
    province asks stands then.
    """
    if judged[headline].result.status == Status.NOT_IN_FORCE:
        quotas = {n: _told(one.findings) for n, one in judged.items() if _stands(one)}
        meant = _meant(areas, judged, quotas)
        return [_by_quotas(area, quotas, headline, meant.get(area)) for area in areas.index]
    names = judged[headline].rule.options.about or (headline,)
    named = {name: _told(judged[name].findings) for name in names if name in judged}
    whole = named.get(headline) or _told(judged[headline].findings)
    meant = _meant(areas, judged, named)
    return [_verdict(area, named, whole, headline, meant.get(area)) for area in areas.index]


def _meant(
    areas: pd.DataFrame, judged: Mapping[str, JudgedClause], names: Iterable[str]
) -> dict[Hashable, str]:
    """Return of every area the clause, of several, that speaks of its kind, or most nearly does.

    An estate that nobody lives in yet is asked nothing by any of them; it is the quota of new ones
    that asks nothing of a new one.
    """
    unlike = pd.DataFrame(
        {
            name: sum(
                (areas[column].notna() & ~areas[column].isin(wanted)).astype(int)
                for column, wanted in judged[name].rule.where.items()
                if column in areas
            )
            for name in names
        },
        index=areas.index,
    )
    return unlike.idxmin(axis=1).to_dict() if unlike.shape[1] else {}


def _stands(one: JudgedClause) -> bool:
    """Return whether a clause is a quota in force that decides."""
    status = one.result.status
    decides = Flag.REFERENCE not in one.result.flags and status != Status.NOT_IN_FORCE
    return one.rule.measure == "provision" and decides


def _by_quotas(
    area: Hashable,
    quotas: Mapping[str, Mapping[Hashable, tuple[Any, Any]]],
    headline: str,
    meant: str | None,
) -> tuple[str, str, Any]:
    """Return the clause that says most of an area, of all that apply: what is missed first."""
    rows = [(name, *found[area]) for name, found in quotas.items() if area in found]
    for status in (Status.DEFICIENT, Status.NOT_ASSESSED, Status.EXEMPT, Status.COMPLIANT):
        for name, found, reason in rows:
            if found == status:
                return name, str(status), reason
    name, reason = _of(meant, rows) if rows else (headline, None)
    return name, str(Status.NOT_APPLICABLE), reason


def _of(meant: str | None, rows: list[tuple[str, Any, Any]]) -> tuple[str, Any]:
    """Return the clause that speaks of the area's kind, of those with a finding, and its reason."""
    return next(((name, why) for name, _, why in rows if name == meant), (rows[-1][0], rows[-1][2]))


def _told(findings: pd.DataFrame) -> dict[Hashable, tuple[Any, Any]]:
    """Return status and reason of every subject."""
    both = zip(findings["status"].tolist(), findings["reason"].tolist(), strict=True)
    return dict(zip(findings.index, both, strict=True))


def _verdict(
    area: Hashable,
    named: Mapping[str, Mapping[Hashable, tuple[Any, Any]]],
    whole: Mapping[Hashable, tuple[Any, Any]],
    headline: str,
    meant: str | None,
) -> tuple[str, str, Any]:
    rows = [(name, *found[area]) for name, found in named.items() if area in found]
    if area in whole:
        status, own = whole[area]
        mine = [(name, reason) for name, found, reason in rows if found == status]
        name, reason = mine[0] if mine else (headline, own)
        return name, str(status), reason
    exempt = [(name, reason) for name, found, reason in rows if found == Status.EXEMPT]
    if exempt:
        return exempt[0][0], str(Status.EXEMPT), exempt[0][1]
    if not rows:
        return headline, str(Status.NOT_APPLICABLE), None
    name, reason = _of(meant, rows)
    return name, str(Status.NOT_APPLICABLE), reason
