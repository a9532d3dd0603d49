"""A table of costs, and the demand it is about: what siting reads without a map.

Columns go by the names ``demand, facility, cost, weight, price, forbidden``, by Chinese headers
that mean them, or by those that the user names. What cannot be used is an error: a plan must not
leave somebody out because of a slip of the pen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecircle.errors import StudyError
from lifecircle.intake.ledger.numbering import id_number
from lifecircle.intake.ledger.values import is_blank, read_number
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity, by_severity, describe, worst
from lifecircle.model.siting.task import SitingTask, siting_task
from lifecircle.model.siting.words import TRAVEL_COLUMNS
from lifecircle.sources.raw import shown
from lifecircle.sources.tables.files import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lifecircle.sources.tables.files import RawTable

__all__ = ["read_siting_task"]

_YES = frozenset({"1", "1.0", "yes", "true", "y", "是", "√"})
_NO = frozenset({"0", "0.0", "no", "false", "n", "否"})


@dataclass(slots=True)
class _Reading:
    """Tables read so far, what they say, and what is wrong with them."""

    columns: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    written: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """``demand`` and ``facility`` → number → the ids in the table of costs that are it."""

    def table(self, path: Path, layer: str) -> RawTable | None:
        known = {fold(word) for words in TRAVEL_COLUMNS.values() for word in words}
        headers = frozenset(known | {fold(header) for header in self.columns.values()})
        raw, problems = read_table(path, name=layer, headers=headers)
        self.problems += problems
        return raw

    def header(self, raw: RawTable, column: str, *, required: bool = True) -> str | None:
        """Return the header that a column goes by; one the user named goes before all others."""
        there = {fold(name): str(name) for name in reversed(list(raw.frame.columns))}
        words = TRAVEL_COLUMNS[column]
        if column in self.columns:
            words = (self.columns[column],)
        for word in words:
            if fold(word) in there:
                return there[fold(word)]
        if required or column in self.columns:
            self.say(
                raw,
                ProblemCode.SITING_COLUMN,
                field=column,
                key=column,
                names=list(words),
                headers=list(raw.frame.columns),
            )
        return None

    def say(self, raw: RawTable, code: ProblemCode, **about: Any) -> None:
        self.problems.append(raw.problem(code, Severity.ERROR, **about))

    def texts(self, raw: RawTable, header: str) -> list[str | None]:
        """Return the ids of a column; a blank one is an error."""
        found: list[str | None] = []
        for at, value in enumerate(raw.frame[header]):
            if is_blank(value):
                self.say(raw, ProblemCode.SITING_BLANK, at=at, header=header)
            found.append(None if is_blank(value) else shown(value).strip())
        return found

    def named(self, raw: RawTable, header: str, column: str) -> list[str | None]:
        """Return ids as the table of costs has them: it or this list may have lost their zeros."""
        known = self.written.get(column, {})
        said = self.texts(raw, header)
        numbers = [None if one is None else id_number(one) for one in said]
        of_number = Counter(numbers)
        found = list(said)
        for at, number in enumerate(numbers):
            same = known.get(number or "", set())
            if len(same) == 1 and of_number[number] == 1:  # 101 beside 0101 is another
                found[at] = next(iter(same))
        return found

    def numbers(
        self, raw: RawTable, header: str | None, *, default: float | None = None
    ) -> list[float | None]:
        """Return the numbers of a column, 0 or more; any other is an error."""
        if header is None:
            return [default] * len(raw)
        found: list[float | None] = []
        for at, value in enumerate(raw.frame[header]):
            read = None if is_blank(value) else read_number(value)
            number = None if read is None or read[0] < 0 else read[0]
            if is_blank(value):
                self.say(raw, ProblemCode.SITING_BLANK, at=at, header=header)
            elif number is None:
                self.say(raw, ProblemCode.SITING_NUMBER, at=at, header=header, value=value)
            found.append(number)
        return found


def read_siting_task(
    travel: Path,
    *,
    demand: Path | None = None,
    fixed: Path | None = None,
    candidates: Path | None = None,
    columns: Mapping[str, str] | None = None,
    language: str = "zh",
) -> SitingTask:
    """Read what siting is asked from tables.

    Parameters
    ----------
    travel
        ``demand, facility, cost``, one row a pair; an absent pair is beyond reach.
    demand
        ``demand, weight``: all demand there is, reached or not; without a weight each counts 1.
        Without the table, demand is what ``travel`` names.
    fixed
        ``facility``: existing places, which stay.
    candidates
        ``facility, price, forbidden``: what building there takes of a budget (default 1), and
        where nothing may be built. A site need not be in it.
    columns
        Column → header in the files, where the header is another.

    Raises
    ------
    StudyError
        Something cannot be used; ``problems`` names every file, row and remedy.
    """
    reading = _Reading(columns or {})
    pairs = _pairs(reading, travel)
    for at, column in ((1, "demand"), (2, "facility")):
        for one in {str(pair[at]) for pair in pairs}:
            if (number := id_number(one)) is not None:
                reading.written.setdefault(column, {}).setdefault(number, set()).add(one)
    weights = _weights(reading, demand, pairs)
    places = _fixed(reading, fixed)
    prices, forbidden = _candidates(reading, candidates)
    problems = by_severity(reading.problems)
    if worst(problems) is Severity.ERROR:
        raise StudyError(describe(problems[0], language)["what"], problems)
    return siting_task(
        {name: 1.0 if weight is None else weight for name, weight in weights.items()},
        [(one, site, cost) for _, one, site, cost in pairs],
        sites=prices,
        fixed=places,
        forbidden=forbidden,
    )


def _pairs(reading: _Reading, path: Path) -> list[tuple[int, str, str, float]]:
    raw = reading.table(path, "travel")
    if raw is None:
        return []
    headers = [reading.header(raw, column) for column in ("demand", "facility", "cost")]
    if None in headers:
        return []
    demand, facility, cost = (str(header) for header in headers)
    rows = zip(
        range(len(raw)),
        reading.texts(raw, demand),
        reading.texts(raw, facility),
        reading.numbers(raw, cost),
        strict=True,
    )
    return [
        (at, one, site, number)
        for at, one, site, number in rows
        if one is not None and site is not None and number is not None
    ]


def _weights(
    reading: _Reading, path: Path | None, pairs: list[tuple[int, str, str, float]]
) -> dict[str, float | None]:
    if path is None:
        return {one: 1.0 for _, one, _, _ in pairs}
    raw = reading.table(path, "demand")
    header = None if raw is None else reading.header(raw, "demand")
    if raw is None or header is None:
        return {one: 1.0 for _, one, _, _ in pairs}
    weights = reading.numbers(raw, reading.header(raw, "weight", required=False), default=1.0)
    found: dict[str, float | None] = {}
    first: dict[str, int] = {}
    for at, one in enumerate(reading.named(raw, header, "demand")):
        if one is not None and one in found:
            row = int(raw.rows[first[one]])
            reading.say(
                raw, ProblemCode.SITING_TWICE, at=at, header=header, value=one, first_row=row
            )
        elif one is not None:
            found[one], first[one] = weights[at], at
    unknown = sorted({one for _, one, _, _ in pairs} - found.keys())
    if unknown:
        reading.say(raw, ProblemCode.SITING_UNKNOWN, names=unknown, count=len(unknown))
    return found


def _fixed(reading: _Reading, path: Path | None) -> list[str]:
    raw = None if path is None else reading.table(path, "fixed")
    header = None if raw is None else reading.header(raw, "facility")
    if raw is None or header is None:
        return []
    return [site for site in reading.named(raw, header, "facility") if site is not None]


def _candidates(reading: _Reading, path: Path | None) -> tuple[dict[str, float], list[str]]:
    raw = None if path is None else reading.table(path, "candidates")
    header = None if raw is None else reading.header(raw, "facility")
    if raw is None or header is None:
        return {}, []
    price = reading.numbers(raw, reading.header(raw, "price", required=False), default=1.0)
    barred = reading.header(raw, "forbidden", required=False)
    prices: dict[str, float] = {}
    forbidden = []
    for at, site in enumerate(reading.named(raw, header, "facility")):
        if site is None:
            continue
        if site in prices:
            reading.say(raw, ProblemCode.SITING_TWICE, at=at, header=header, value=site)
        told = price[at]
        prices[site] = 1.0 if told is None else told  # None is told as a problem already
        if barred is not None and _is_yes(reading, raw, at, barred):
            forbidden.append(site)
    return prices, forbidden


def _is_yes(reading: _Reading, raw: RawTable, at: int, header: str) -> bool:
    value = raw.frame[header].iloc[at]
    word = "" if is_blank(value) else fold(shown(value))
    if word and word not in _YES | _NO:
        reading.say(raw, ProblemCode.SITING_YES_OR_NO, at=at, header=header, value=value)
    return word in _YES
