"""What names a county in a row: a column of its own, or an area or facility that one county has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from lifecircle.intake.joins.units import canonical_code
from lifecircle.model.dictionary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.intake.settings.schema import AliasList

__all__ = [
    "COUNTY_HEADERS",
    "REFERENCES",
    "Said",
    "counties_meant",
    "county_header",
    "county_names",
    "referred",
]

Said = Mapping[str, Sequence[str]]
"""Column → its text a row."""
COUNTY_HEADERS = (
    *("县区", "区县", "县市区", "县(市、区)", "县(市区)", "所属县区", "所属区县", "所属县市区"),
    *("所属县", "县", "县名", "县级代码", "县级区划代码", "区划代码", "行政区划代码", "county"),
)
"""Headers of a column that says whose a row is, by code or name, where no column is meant by it."""

REFERENCES: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = MappingProxyType(
    {
        "gates": (("residential", ("residential",)),),
        "buildings": (("residential", ("residential",)),),
        "exemptions": (("id", ("residential", "facilities", "units")),),
        "travel": (("demand", ("residential",)),),
    }
)
"""Layer → its columns that name rows of others and say whose a row is → those layers.

A walk is the county's whose people walk it, wherever it ends.
"""
_COUNTY = 6
_SHORTEST = 2
_ABOVE = ("省", "市", "州", "盟", "区")
"""How the names of what counties lie in end."""


def county_header(headers: Iterable[str], used: Iterable[str], said: str | None) -> str | None:
    """Return the header of the column that says the county; None where there is none.

    Parameters
    ----------
    headers, used
        Of the table; those that are read as something else.
    said
        What the list says it is called, if it does.
    """
    taken = set(used)
    there = {fold(one): one for one in reversed(list(headers)) if one not in taken}
    wanted = COUNTY_HEADERS if said is None else (said, *COUNTY_HEADERS)
    return next((there[fold(one)] for one in wanted if fold(one) in there), None)


def counties_meant(word: str, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return codes of the counties that a name may mean: 鱼台县, 济宁市鱼台县, 鱼台.

    ``known``: folded name → codes. None where the name is blank or nobody's.
    """
    said = fold(word)
    if said in known or not said:
        return known.get(said, frozenset())
    longer = [
        of
        for name, of in known.items()
        if said.endswith(name) and said.removesuffix(name).endswith(_ABOVE)
    ]
    shorter = [of for name, of in known.items() if len(said) >= _SHORTEST and name[:-1] == said]
    return frozenset[str]().union(*(longer or shorter))


def county_names(
    listed: Mapping[str, str], drawn: Iterable[Said | None]
) -> dict[str, frozenset[str]]:
    """Return folded name → codes of the counties of that name: of the list, and of outlines.

    Parameters
    ----------
    listed
        Code → name.
    drawn
        Of tables with rows of counties, six-digit ``code`` and ``name``; None: there is no table.
    """
    found: dict[str, set[str]] = {}
    for code, name in listed.items():
        found.setdefault(fold(name), set()).add(code)
    for said in drawn:
        for code, name in () if said is None else zip(said["code"], said["name"], strict=True):
            if name and len(canonical_code(code) or "") == _COUNTY:
                found.setdefault(fold(name), set()).add(code[:_COUNTY])
    return {name: frozenset(codes) for name, codes in found.items()}


def referred(
    tables: Mapping[str, Said | None],
    homes: Mapping[str, Sequence[str | None]],
    aliases: AliasList,
) -> dict[str, dict[str, frozenset[str]]]:
    """Return layer → folded id or name of its rows → the counties that have such a row.

    Also by the names that the list's ``[aliases]`` give them. Numbers that the program would make
    of rows are none: in a county's own table the row has another.

    Parameters
    ----------
    tables, homes
        Layer → what its rows say, and the county of each.
    """
    found: dict[str, dict[str, frozenset[str]]] = {}
    for layer in ("residential", "facilities", "units"):
        said = tables.get(layer)
        of: dict[str, set[str]] = {}
        if said is not None:
            for column in ("code" if layer == "units" else "id", "name"):
                for word, home in zip(said[column], homes[layer], strict=True):
                    if word and home is not None:
                        of.setdefault(fold(word), set()).add(home)
        for written, meant in getattr(aliases, layer).items():
            of.setdefault(fold(written), set()).update(of.get(fold(meant), ()))
        found[layer] = {word: frozenset(codes) for word, codes in of.items() if codes}
    return found
