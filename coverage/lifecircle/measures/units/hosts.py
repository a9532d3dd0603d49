"""Hosts: the house on which a document rests a service district, found and asked (A20)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import members
from lifecircle.model.dictionary import fold
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from lifecircle.model.rules.options import District

__all__ = ["host_answer", "host_found", "host_of", "host_told"]

_HOUSES = ("regional_centre", "care_home")
"""What a host may be: the document turns the one into the other."""


def host_of(facilities: pd.DataFrame, district: District) -> str | None:
    """Return the id of a district's host; None where the ledger does not tell which it is.

    As :func:`host_found` says.
    """
    return host_found(facilities, district)[0]


def host_found(facilities: pd.DataFrame, district: District) -> tuple[str | None, str]:
    """Return the id of a district's host and by what it was told: ``name``, ``former``, ``unit``.

    The facility of that name; else the one that was called so (曾用名); else the only one whose
    name has it. Else, since the document itself orders hosts to be renamed, the only
    区域性养老服务中心 or 敬老院 in the host's unit. None, and a blank, where nothing tells it.
    """
    folded, name = facilities["name"].map(fold), fold(district.host)
    ways = (
        ("name", folded == name),
        ("former", _once_called(facilities, name)),
        ("name", folded.str.contains(name, regex=False)),
    )
    for way, hits in ways:
        if hits.sum() == 1:
            return str(facilities.index[hits][0]), way
    house = _only_house(facilities, district)
    return house, "" if house is None else "unit"


def host_answer(
    facilities: pd.DataFrame, answer: pd.Series, district: District
) -> tuple[float, float, Reason]:
    """Return least and most (0 or 1) of whether a district's host serves it, and why.

    ``answer``: whether each facility is what the clause asks for: 1 yes, 0 no, NaN not known. A
    host that the ledger does not tell is not known: it may be there under another name.
    """
    name = {"district": district.name}
    host, way = host_found(facilities, district)
    if host is None:
        return 0.0, 1.0, Reason(ReasonCode.HOST_MISSING, {"host": district.host, **name})
    about = {"facility": host, **name}
    home = _home(facilities.loc[host])
    if home is not None and home not in district.units:
        return 0.0, 0.0, Reason(ReasonCode.HOST_OUTSIDE, about)
    serves, told = float(answer[host]), host_told(facilities, district)
    if serves == 0 and told:
        return 0.0, 0.0, Reason(ReasonCode.HOST_NOT_READY, about)
    if np.isnan(serves) or home is None or not told:
        return 0.0, 1.0, Reason(ReasonCode.HOST_UNKNOWN, {"host": district.host, **name})
    if way == "name":
        return 1.0, 1.0, Reason(ReasonCode.HOST_SERVES, about)
    code = ReasonCode.HOST_FORMER if way == "former" else ReasonCode.HOST_RENAMED
    return 1.0, 1.0, Reason(code, {**about, "host": district.host})


def host_told(facilities: pd.DataFrame, district: District) -> bool:
    """Return whether it is certain which facility is a district's host.

    The only house of a unit is the host only where it is a house for certain, is not closed, and
    no house of unknown unit may stand there too.
    """
    host, way = host_found(facilities, district)
    if way != "unit":
        return host is not None
    others = facilities.drop(index=[host])
    beyond = others["beyond_units"].eq(other=True) if "beyond_units" in others else False
    lost = pd.Series([_home(row) is None for _, row in others.iterrows()], others.index, dtype=bool)
    own = facilities.loc[[host]]
    sure = (members(own, _HOUSES) == 1) & own["stage"].notna()
    return bool(sure.all() and not (lost & ~beyond & _may_be_house(others)).any())


def _may_be_house(facilities: pd.DataFrame) -> pd.Series:
    found: pd.Series = (members(facilities, _HOUSES) != 0) & (facilities["stage"] != Stage.CLOSED)
    return found


def _once_called(facilities: pd.DataFrame, name: str) -> pd.Series:
    """Return which facilities have ``name`` (folded) among their earlier names."""
    if "former_name" not in facilities:
        return pd.Series(data=False, index=facilities.index)
    told = [isinstance(cell, str) and name in _names(cell) for cell in facilities["former_name"]]
    return pd.Series(told, facilities.index, dtype=bool)


def _names(cell: str) -> set[str]:
    return {fold(part) for part in re.split("[、;；,，/]", cell)} | {fold(cell)}


def _only_house(facilities: pd.DataFrame, district: District) -> str | None:
    if not district.host_unit:
        return None
    inside = [_home(row) == district.host_unit for _, row in facilities.iterrows()]
    here = facilities[pd.Series(inside, facilities.index, dtype=bool)]
    houses = here.index[_may_be_house(here)]
    return str(houses[0]) if len(houses) == 1 else None


def _home(facility: pd.Series) -> str | None:
    """Return the 9-digit code of the unit a facility belongs to, or None."""
    for column in ("unit", "community"):
        if isinstance(facility[column], str) and facility[column]:
            return str(facility[column])[:9]
    return None
