"""What two rows say that parts them: two houses, or two parts of one."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import split_serves
from lifecircle.intake.listed_twice.called import MARKS, PART, digits
from lifecircle.intake.listed_twice.rows import differ, plain

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    Row = dict[Hashable, Any]

__all__ = ["About", "house_numbers", "serves_so_much", "told_apart"]

_NUMBER = re.compile(r"\d+")
_SAME_PARTS = {"楼": "层", "号楼": "栋", "幢": "栋"}
_OFFICE = re.compile(
    r"(街道办事处|街道办|街道|(社区|村)?(居民委员会|村民委员会|居委会|村委会)|社区|镇|乡|村)$"
)


class About:
    """Rows by the house number and the community that each names: who says nothing may be any."""

    def __init__(self, said: Sequence[Row], rows: Iterable[int]) -> None:
        self._rows: dict[str | None, dict[str | None, list[int]]] = {}
        for row in rows:
            number, community = self._where(said[row])
            self._rows.setdefault(number, {}).setdefault(community, []).append(row)

    def near(self, said: Row) -> Iterator[int]:
        """Yield the rows that name neither another number nor another community."""
        number, community = self._where(said)
        numbers = (number, None) if number else (*self._rows,)
        for by_community in (self._rows.get(one, {}) for one in numbers):
            for one in (community, None) if community else (*by_community,):
                yield from by_community.get(one, ())

    @staticmethod
    def _where(said: Row) -> tuple[str | None, str | None]:
        numbers = _NUMBER.search(_as_compared(said.get("address")) or "")
        return numbers and numbers[0], _office(said.get("community"))


def house_numbers(row: Row) -> tuple[str, ...]:
    """Return the numbers in a row's address; none where it says no house."""
    return tuple(_NUMBER.findall(_as_compared(row.get("address")) or ""))


def told_apart(one: Row, other: Row) -> bool:
    """Return whether site, unit, community, address, or a part of the house is another one."""
    if differ(one.get("site"), other.get("site")):
        return True
    if any(differ(*(_office(r.get(name)) for r in (one, other))) for name in ("unit", "community")):
        return True
    mine, theirs = (_as_compared(row.get("address")) for row in (one, other))
    if mine and theirs and not (_within_address(mine, theirs) or _within_address(theirs, mine)):
        return True
    parts, others = _parts(one), _parts(other)
    return any(parts[kind] != others[kind] for kind in parts.keys() & others.keys())


def serves_so_much(row: Row) -> bool:
    """Return whether a row says of all whom it serves with how many m²."""
    named = split_serves(row.get("serves") or "")
    return bool(named) and all(m2 for _, m2 in named)


def _office(cell: object) -> str | None:
    """Return a unit or community as two rows write it alike: 东关社区 and 东关社区居委会."""
    text = plain(cell)
    return None if text is None else _OFFICE.sub("", str(text)) or str(text)


def _as_compared(address: object) -> str | None:
    text = plain(address)
    return None if text is None else MARKS.sub("", digits(str(text)))


def _within_address(short: str, whole: str) -> bool:
    """Return whether an address is another with less around it: 和平路3号, 和平路3号院内."""
    at = whole.find(short)
    while at >= 0:
        before, after = whole[:at][-1:], whole[at + len(short) :][:1]
        if not (before.isdigit() and short[0].isdigit()) and not (
            after.isdigit() and short[-1].isdigit()
        ):
            return True
        at = whole.find(short, at + 1)
    return False


def _parts(row: Row) -> dict[str, set[str]]:
    """Return the floors and buildings that a row names, by which of these they are."""
    found: dict[str, set[str]] = defaultdict(set)
    for column in ("name", "address", "floor"):
        for which, kind in PART.findall(digits(str(plain(row.get(column)) or ""))):
            found[_SAME_PARTS.get(kind, kind)].add(which)
    return found
