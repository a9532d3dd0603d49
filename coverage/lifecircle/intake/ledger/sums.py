"""Rows that are sums of others (合计, 小计), or parts of one (其中): told, and checked."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import is_blank, read_value
from lifecircle.model.dictionary import columns, fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["first_texts", "parts_of_rows", "sum_problems", "total_rows"]

_SIGNS = ("计", "汇", "其", "总", "均", "值", "占", "共", "全", "otal", "OTAL", "ｔ", "Ｔ")
"""One of them stands in everything that is looked for below."""
_BOTH = 2
_SHORT = 6
"""What ledgers write for nothing (/, ——, null) is shorter."""
_FIRST_CELLS = 3
"""A row says what it is in one of its first cells."""
_NO_SUMS = frozenset({"平均", "平均值", "均值", "最大值", "最小值", "占比"})
_TOTALS = _NO_SUMS | {"共计", "汇总", "总数", "合计数", "total", "subtotal", "grandtotal"}
_TOTAL = re.compile(r".{0,12}(合计|总计|小计|累计)(\(.*\))?")
_COUNTED_ROWS = r"(总?共|共?合计|共计|总计):?(有)?\d+(个|处|家|所|户|座|条|行|人)[^\d]{0,6}"
_NAMED_TOTAL = re.compile(rf"{_COUNTED_ROWS}|全(县|市|区|镇|乡|街道|社区|村)")
"""Says a sum as the only one of name and code; elsewhere a place may say it of itself."""
_PART_TOTAL = re.compile(r".{0,12}小计(\(.*\))?|subtotal")
_OF_WHICH = re.compile(r"[(\[]?其中.*")
_PHASE = re.compile(
    r".*([一二三四五六七八九十\d]+期|[东西南北中a-z甲乙丙丁\d]区|组团|地块|号楼|栋|幢|标段)"
)
_COUNTED = frozenset({"m²", "户", "人", "张"})
_TOLERANCE = 0.5
"""Of a figure's unit: sums of rounded figures differ a little."""
_READ = frozenset({None, ProblemCode.NUMBER_READ_AS})


def first_texts(raw: RawTable) -> list[list[str]]:
    """Return of each row those of its first values, folded, that may say that it is a sum or part.

    Most values of a large table are told by one look at their signs.
    """
    names = [name for name in raw.frame if name not in raw.constants]
    rows = zip(*(raw.frame[name].tolist() for name in names), strict=True)
    return [[fold(v) for v in _first(row) if isinstance(v, str) and _may_say(v)] for row in rows]


def _first(row: Iterable[Any]) -> Iterator[Any]:
    """Yield the first values of a row that say something."""
    return islice(
        (v for v in row if v is not None and not (_short(v) and is_blank(v))), _FIRST_CELLS
    )


def _short(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, str) and len(value) < _SHORT)


def _may_say(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def total_rows(
    raw: RawTable, headers: Mapping[str, str], first: Sequence[Sequence[str]]
) -> list[bool]:
    """Return which rows are sums of others: one of their first values is 合计 or the like.

    Or the only one of name and code that there is says so: 共 2 个小区, 全县.

    ``headers``: column → header of the file; ``first``: what :func:`first_texts` returns.
    """
    sums = [any(map(_is_total, texts)) for texts in first]
    # an exemption of 全县 is one of all areas: its table has no figures to sum
    named = re.compile(_COUNTED_ROWS) if raw.layer == "exemptions" else _NAMED_TOTAL
    titles = [raw.frame[headers[c]].tolist() for c in ("id", "code", "name") if c in headers]
    for at, texts in enumerate(first):
        if not sums[at] and any(map(named.fullmatch, texts)):
            said = [fold(cells[at]) for cells in titles if not is_blank(cells[at])]
            sums[at] = len(said) == 1 and named.fullmatch(said[0]) is not None
    return sums


def _is_total(text: str) -> bool:
    return text.rstrip(":") in _TOTALS or _TOTAL.fullmatch(text.rstrip(":")) is not None


def parts_of_rows(
    raw: RawTable,
    headers: Mapping[str, str],
    first: Sequence[Sequence[str]],
    sums: Sequence[bool],
    aside: Container[int],
) -> dict[int, int]:
    """Return position → position of the row above that it is a part of: 其中：一期, 二期.

    A row that says 其中; and those behind it that bear a phase's name or have no code where the row
    above has one, as far as their figures add up to the whole's exactly. Below a total (``sums``)
    they are parts of the total.
    """
    found: dict[int, int] = {}
    if "name" not in headers or not any(map(_OF_WHICH.fullmatch, chain.from_iterable(first))):
        return found
    figures = _Figures(raw, headers)
    starts = {part.start for part in raw.parts}
    whole: int | None = None
    for at, texts in enumerate(first):
        if at in found:
            continue
        if at in aside or at in starts:
            whole = at if sums[at] else None
        if at in aside:
            continue
        if not any(map(_OF_WHICH.fullmatch, texts)):
            whole = at
        elif whole is not None:
            found[at] = whole
            rest = _rest(raw, headers, figures, whole, at, total=sums[whole])
            found |= dict.fromkeys(rest, whole)
    return found


def _rest(
    raw: RawTable,
    headers: Mapping[str, str],
    figures: _Figures,
    whole: int,
    at: int,
    *,
    total: bool,
) -> Sequence[int]:
    """Return the rows behind a first part that make up the whole with it.

    ``total``: the whole is a sum, whose parts (新建, 老旧) have any name, and no code beside.
    """
    for column in figures.names:
        sum_of_all, added = figures.of(column, whole), figures.of(column, at)
        if sum_of_all is None or added is None:
            continue
        taken: list[int] = []
        for follower in range(at + 1, len(raw)):
            value = figures.of(column, follower)
            if value is None or not _may_be_part(raw, headers, whole, follower, total=total):
                break
            taken.append(follower)
            added += value
            if math.isclose(added, sum_of_all, abs_tol=_TOLERANCE):
                return taken
            if added > sum_of_all:
                break
    return ()


def _may_be_part(
    raw: RawTable, headers: Mapping[str, str], whole: int, at: int, *, total: bool
) -> bool:
    code = headers.get("id")
    if total:  # the word for a part stands under either heading
        titles = [headers[column] for column in ("id", "name") if column in headers]
        return sum(not is_blank(raw.frame[header].iloc[at]) for header in titles) < _BOTH
    if code is not None and not is_blank(raw.frame[code].iloc[whole]):
        return is_blank(raw.frame[code].iloc[at])
    return _PHASE.fullmatch(fold(raw.frame[headers["name"]].iloc[at])) is not None


class _Figures:
    """The counted figures of a table's rows."""

    def __init__(self, raw: RawTable, headers: Mapping[str, str]) -> None:
        specs = columns(raw.layer)
        self.raw = raw
        self.headers = {c: h for c, h in headers.items() if specs[c].unit in _COUNTED}
        self.cells = {column: raw.frame[header].tolist() for column, header in self.headers.items()}
        self.specs = specs
        self.names = tuple(self.headers)

    def of(self, column: str, at: int) -> float | None:
        """Return a figure, 0 where the cell is blank; None where nobody can tell."""
        header = self.headers[column]
        cell = self.cells[column][at]
        if (at, header) in self.raw.uncomputed:
            return None
        if is_blank(cell):
            return 0.0
        first, _ = self.raw.shared.get(header, {}).get(at, (at, 1))
        if first != at:
            return 0.0  # a merged cell's figure stands once, for all its rows
        # a sum may be larger than any one place's figure
        read = read_value(replace(self.specs[column], layer=""), cell)
        return float(read.value) if read.code in _READ else None

    def said(self, column: str, at: int) -> bool:
        """Return whether a cell says something."""
        return not is_blank(self.cells[column][at])


def sum_problems(
    raw: RawTable,
    headers: Mapping[str, str],
    first: Sequence[Sequence[str]],
    totals: Sequence[int],
    aside: Container[int],
) -> list[Problem]:
    """Return a warning of each figure of a 合计 or 小计 row that its rows do not add up to.

    A 小计 is the sum of the rows since the total before it, a 合计 of all rows above it in its
    sheet (below, where none is above); rows of ``aside`` are none.
    """
    if not totals:
        return []
    figures = _Figures(raw, headers)
    problems = []
    for total in totals:
        if _NO_SUMS & {text.rstrip(":") for text in first[total]}:
            continue
        some = any(map(_PART_TOTAL.fullmatch, first[total]))
        rows = _summed(raw, total, totals, aside, some=some)
        for column in figures.names:
            said = figures.of(column, total) if figures.said(column, total) else None
            values = [figures.of(column, at) for at in rows]
            if said is None or None in values or not any(figures.said(column, r) for r in rows):
                continue
            added = math.fsum(value for value in values if value is not None)
            if abs(said - added) > _TOLERANCE:
                problems.append(
                    raw.problem(
                        ProblemCode.TOTAL_DIFFERS,
                        Severity.WARNING,
                        at=total,
                        header=figures.headers[column],
                        value=raw.frame[figures.headers[column]].iloc[total],
                        said=said,
                        added=added,
                        count=len(rows),
                    )
                )
    return problems


def _summed(
    raw: RawTable, total: int, totals: Sequence[int], aside: Container[int], *, some: bool
) -> list[int]:
    """Return the rows that a total is the sum of; ``some``: of those since the last total alone."""
    part = raw.part_of(total)
    records = [at for at in range(len(raw)) if at not in aside and raw.part_of(at) == part]
    above = [at for at in records if at < total]
    if some:
        last = max((at for at in totals if at < total), default=-1)
        return [at for at in above if at > last]
    return above or [at for at in records if at > total]
