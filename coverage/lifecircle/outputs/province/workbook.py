"""``province.xlsx``: clauses × counties, the ranking, and what has no result."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.outputs.office.excel import (
    BANNER_FILL,
    BANNER_FONT,
    COUNT,
    SHARE,
    SOFT_FONT,
    TITLE_FONT,
    Column,
    fill_worksheet,
    first_worksheet,
    fit_page,
    new_book,
    put,
    write_book,
)
from lifecircle.outputs.province.told import clause_heading, clause_target
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.province import CountyClause, Province, ProvinceClause
    from lifecircle.outputs.office.excel import Rows

__all__ = ["write_province_workbook"]

_PAPERS = "document"
_RATE_COLUMNS = (
    Column("rate", 10, SHARE),
    Column("numerator", 12, COUNT),
    Column("denominator", 12, COUNT),
    Column("not_assessed", 12, COUNT),
    Column("low", 10, SHARE),
    Column("high", 10, SHARE),
)
"""What ``_ranked`` tells of one county's rate."""
_NO_DAY = dt.date(2000, 1, 1)
"""Day of a workbook without a county: some day, and always the same."""


def write_province_workbook(province: Province, path: Path, language: str = "zh") -> Path:
    """Write the workbook of a province and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    words = Wording(language, "batch")
    book = new_book(words.say("province.title"))
    _fill_summary(first_worksheet(book, words.say("sheet.summary")), province, words)
    for name, rows_of in _WORKSHEETS.items():
        columns, rows = rows_of(province, words)
        fill_worksheet(book.create_sheet(words.say(f"sheet.{name}")), columns, rows, words)
    days = [county.as_of for county in province.counties]
    return write_book(book, path, max(days, default=_NO_DAY))


def _fill_summary(worksheet: Any, province: Province, words: Wording) -> None:
    """Write how many counties there are, of what day, and what must be said of them."""
    worksheet.column_dimensions["A"].width = 26
    worksheet.column_dimensions["B"].width = 110
    put(worksheet, 1, 1, words.say("province.title")).font = TITLE_FONT
    partial, without = _incomplete(province)
    line = 2
    if partial or without:
        told = words.say("province.incomplete", partial=len(partial), without=len(without))
        put(worksheet, line, 1, told).font = BANNER_FONT
        for number in (1, 2):
            worksheet.cell(line, number).fill = BANNER_FILL
    for code, value in _facts(province, words).items():
        if value:
            line += 1
            put(worksheet, line, 1, words.say(f"fact.{code}")).font = SOFT_FONT
            put(worksheet, line, 2, value)
    line += 1
    for code in ("sums", "range", "same_clause"):
        line += 1
        put(worksheet, line, 1, words.say(f"note.{code}")).font = SOFT_FONT
    fit_page(worksheet)


def _incomplete(province: Province) -> tuple[list[str], list[str]]:
    """Return the counties whose result is not whole, and those without one."""
    partial = [county.name for county in province.counties if county.partial]
    return partial, [run.name for run in province.others]


def _facts(province: Province, words: Wording) -> dict[str, Any]:
    partial, without = _incomplete(province)
    counties = province.counties
    scenarios = [f"{c.name} ({c.scenario})" for c in counties if c.scenario]
    return {
        "counties": len(counties),
        "days": words.list(sorted({county.as_of.isoformat() for county in counties})),
        "stages": words.list(dict.fromkeys(words.word("stage_view", c.stage) for c in counties)),
        "partial": words.list(partial),
        "without": words.list(without),
        "scenarios": words.list(scenarios),
        "twice": words.phrases(words.list(names) for names in province.counted_twice),
    }


def _clauses(province: Province, words: Wording) -> Rows:
    """Return a row a clause and basis: the sums over all counties."""
    columns = [
        Column("standard", 16),
        Column("clause", 14),
        Column("title", 38, wrap=True),
        Column("target", 18),
        Column("basis", 12),
        Column("counties", 9, COUNT),
        Column("numerator", 12, COUNT),
        Column("denominator", 12, COUNT),
        Column("rate", 10, SHARE),
        Column("not_assessed", 12, COUNT),
        Column("low", 10, SHARE),
        Column("high", 10, SHARE),
        Column("met_counties", 11, COUNT),
        Column("missed_counties", 11, COUNT),
        Column("open_counties", 11, COUNT),
    ]

    def rows() -> Iterator[list[Any]]:
        for clause in _told(province):
            each: list[Rate | None] = list(clause.rates) or [None]
            for rate in each:
                yield [
                    *_named(clause, province, words),
                    None if rate is None else words.word("basis", rate.basis),
                    len(clause.counties),
                    *_sums(rate),
                    *(clause.counts.get(name, 0) for name in _STATES),
                ]

    return columns, rows()


_STATES = ("compliant", "deficient", "not_assessed")


def _sums(rate: Rate | None) -> list[Any]:
    if rate is None:
        return [None] * 6
    return [
        rate.numerator,
        rate.denominator,
        rate.told,
        rate.not_assessed,
        rate.low,
        rate.high,
    ]


def _named(clause: ProvinceClause, province: Province, words: Wording) -> list[Any]:
    asked = clause_target(clause, province, words)
    return [clause.standard, clause.id, words.title(clause.title), asked]


def _matrix(province: Province, words: Wording) -> Rows:
    """Return a row a county, a column a clause: what each comes to."""
    told = [clause for clause in _told(province) if clause.basis is not None]
    columns = [
        Column("county", 18),
        Column("as_of", 12),
        *(Column("", 17, wrap=True, heading=clause_heading(c, province, words)) for c in told),
    ]
    by_name = [{one.county: one for one in clause.counties} for clause in told]

    def rows() -> Iterator[list[Any]]:
        for county in province.counties:
            cells = (
                _cell(found.get(county.name), clause.basis, words)
                for clause, found in zip(told, by_name, strict=True)
            )
            yield [county.name, county.as_of.isoformat(), *cells]
        sums = (_rate(list(clause.rates), clause.basis) for clause in told)
        yield [words.say("province.all"), None, *(words.share(rate) for rate in sums)]

    return columns, rows()


def _rate(rates: list[Rate], basis: str | None) -> Rate | None:
    return next((rate for rate in rates if rate.basis == basis), None)


def _cell(one: CountyClause | None, basis: str | None, words: Wording) -> str | None:
    if one is None:
        return None
    rate = _rate(list(one.rates), basis)
    status = words.status_word(str(one.status), one.flags)
    return f"{words.share(rate)} {status}" if rate is not None else status


def _ranking(province: Province, words: Wording) -> Rows:
    """Return the counties by the rate of the clause they are mapped by, no county left out.

    Only those that answer the same question are ranked with each other: the clause that most
    counties are mapped by stands first, and of it the question that most counties answer.
    """
    columns = [
        Column("rank", 7, COUNT),
        Column("county", 18),
        Column("standard", 16),
        Column("clause", 14),
        Column("target", 18),
        Column("status", 11, status=True),
        *_RATE_COLUMNS,
    ]

    def rows() -> Iterator[list[Any]]:
        own = {county.name: (county.standards, county.headline) for county in province.counties}
        groups: list[tuple[ProvinceClause, list[CountyClause]]] = []
        for clause in province.clauses:
            mine = [one for one in clause.counties if _is_headline(clause, *own[one.county])]
            groups += [(clause, mine)] if mine else []
        groups.sort(
            key=lambda group: ((group[0].standard, group[0].id) != province.ranked, -len(group[1]))
        )
        for clause, counties in groups:
            named = [clause.standard, clause.id, clause_target(clause, province, words)]
            for place, one, rate in _places(counties, clause.basis):
                status = words.status_word(str(one.status), one.flags)
                yield [place, one.county, *named, status, *_ranked(rate)]

    return columns, rows()


def _is_headline(clause: ProvinceClause, standards: Sequence[str], headline: str) -> bool:
    return clause.id == headline and clause.standard in standards


def _places(
    counties: Sequence[CountyClause], basis: str | None
) -> Iterator[tuple[int | None, CountyClause, Rate | None]]:
    """Return each county's rank and rate, best first; None of whom only a range is known."""
    pairs = [(one, _rate(list(one.rates), basis)) for one in counties]
    known = [pair for pair in pairs if pair[1] is not None and pair[1].told is not None]
    known.sort(key=lambda pair: (-_share(pair[1]), pair[0].county))
    place = 0
    for number, (one, rate) in enumerate(known, start=1):
        tied = number > 1 and _share(known[number - 2][1]) == _share(rate)
        place = place if tied else number
        yield place, one, rate
    yield from ((None, *pair) for pair in pairs if pair[1] is None or pair[1].told is None)


def _share(rate: Rate | None) -> float:
    return -1.0 if rate is None or rate.told is None else rate.told


def _ranked(rate: Rate | None) -> list[Any]:
    if rate is None:
        return [None] * 6
    return [rate.told, rate.numerator, rate.denominator, rate.not_assessed, rate.low, rate.high]


def _counties(province: Province, words: Wording) -> Rows:
    """Return a row a county and clause: what the county's own result says."""
    columns = [
        Column("county", 18),
        Column("standard", 16),
        Column("clause", 14),
        Column("title", 38, wrap=True),
        Column("target", 18),
        Column("status", 11, status=True),
        Column("flags", 13, wrap=True),
        Column("value", 16),
        Column("basis", 12),
        *_RATE_COLUMNS,
    ]

    def rows() -> Iterator[list[Any]]:
        for clause in _told(province):
            for one in clause.counties:
                rate = _rate(list(one.rates), clause.basis)
                status = words.status_word(str(one.status), one.flags)
                flags = words.list(words.word("flag", flag) for flag in one.flags) or None
                basis = None if rate is None else words.word("basis", rate.basis)
                yield [
                    one.county,
                    *_named(clause, province, words),
                    *(status, flags, _value(one, clause, rate, words), basis),
                    *_ranked(rate),
                ]

    return columns, rows()


def _value(
    one: CountyClause, clause: ProvinceClause, rate: Rate | None, words: Wording
) -> str | None:
    """Return the figure of a clause that has no rate: ``420 张``, ``13–14 个``."""
    if rate is not None:
        return None
    if one.value is not None:
        return words.value(one.value, clause.unit)
    return words.span(one.low, one.high, clause.unit) or None


def _others(province: Province, words: Wording) -> Rows:
    """Return the counties without a result, and those that are not whole."""
    columns = [
        Column("county", 18),
        Column("state", 14),
        Column("why", 90, wrap=True),
    ]

    def rows() -> Iterator[list[Any]]:
        for run in province.others:
            yield [run.name, words.say(f"state.{run.state}"), "\n".join(run.lines)]
        for county in province.counties:
            if county.partial:
                yield [county.name, words.say("state.partial"), words.say("province.partial")]

    return columns, rows()


def _told(province: Province) -> list[ProvinceClause]:
    """Return the clauses of documents; papers and checks of ours stand in the JSON."""
    return [c for c in province.clauses if c.measure != _PAPERS and not is_own_check(c.id)]


_WORKSHEETS: Mapping[str, Callable[[Province, Wording], Rows]] = {
    "clauses": _clauses,
    "matrix": _matrix,
    "ranking": _ranking,
    "counties": _counties,
    "others": _others,
}
