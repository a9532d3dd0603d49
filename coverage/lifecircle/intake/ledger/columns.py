"""Which header of a file holds which column of the dictionary."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.header_units import UNITS, may_tell_whom, tells_whom
from lifecircle.intake.ledger.cells.remarked import unheard
from lifecircle.intake.ledger.cuts import cut_columns, marked_like
from lifecircle.intake.ledger.values import is_blank, read_value
from lifecircle.model.dictionary import (
    columns,
    fold,
    match_word,
    negated,
    qualified,
    without_unit,
)
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.tables.files import Wanted

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["map_columns", "wanted_headers"]

_SHORTEST, _ALIKE = 3, 0.66  # a word of three signs with one of them wrong is two thirds alike
_OVERRIDE, _NAME, _ALIAS, _UNSEEN = range(4)
_AS_THEY_STAND = frozenset({"residential", "facilities"})
"""Layers whose figures are of what stands: elsewhere a heading 规划 or 闲置 says what all are."""
_OF_GIS = re.compile(r"(objectid|fid|oid|globalid|shape_?(leng(th)?|area))(_\d+)?")
"""Fields that a GIS keeps for itself."""


def wanted_headers(
    layer: str, overrides: Mapping[str, str], constants: Container[str] = ()
) -> Wanted:
    """Return the headers to find a layer's table, and its header row, by.

    ``overrides``: column → header, as the study says; ``constants``: columns that need no header.
    """

    def of(spec: ColumnSpec) -> frozenset[str]:
        if spec.name in overrides:
            return frozenset({fold(overrides[spec.name])})
        return frozenset(map(fold, (spec.name, *spec.aliases)))

    known = {fold(word) for spec in columns(layer).values() for word in (spec.name, *spec.aliases)}
    return Wanted(
        frozenset(known | {fold(header) for header in overrides.values()}),
        tuple(
            of(spec)
            for spec in columns(layer).values()
            if spec.required and spec.name not in constants
        ),
        frozenset().union(*(of(spec) for spec in columns(layer).values() if spec.unit in UNITS))
        if layer in _AS_THEY_STAND
        else frozenset(),
    )


def map_columns(
    raw: RawTable, overrides: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return column → header, and what is wrong with the headers.

    A claim is the stronger the earlier it stands here: the study's own ``columns``, the column's
    exact name, an alias (the longer the stronger). White space, width, case and a bracketed unit
    at the end do not matter. The strongest claims are granted first, those of hidden columns that
    the study does not name behind all others, ties by the dictionary's and the file's order, blank
    columns behind others; a header serves one column, a column takes one header. Only where the
    study names a header (kinds = "机构名称") it may serve two: all columns it is named for, and a
    required one that has no other. What a shapefile cut serves the one column that it may be, told;
    where it may be several, none, and that is asked.

    An ``error`` among the problems means that a required column is missing.
    """
    specs = columns(raw.layer)
    headers = list(raw.frame.columns)
    blank = {header: bool(raw.frame[header].isna().all()) for header in headers}
    claims = sorted(
        (rank, column_at, blank[header], header_at, spec.name, header)
        for column_at, spec in enumerate(specs.values())
        for header_at, header in enumerate(headers)
        if (rank := _rank(spec, header, overrides.get(spec.name), raw)) is not None
    )
    granted, rivals = _granted([claim[-2:] for claim in claims], overrides)
    _shared([claim[-2:] for claim in claims], overrides, specs, granted)
    _marked_rivals(raw, granted, rivals)
    problems = _uncut(raw, granted, overrides, rivals)
    asked = {p.column for p in problems if p.code is ProblemCode.COLUMN_AMBIGUOUS}
    problems += [
        raw.problem(
            ProblemCode.COLUMN_MAPPED_TWICE,
            Severity.WARNING,
            header=granted[column],
            field=column,
            columns=names,
        )
        for column, names in rivals.items()
        if column not in overrides
    ]
    problems += _lacking(raw, granted, overrides)
    used = asked | set(granted.values()) | {header for names in rivals.values() for header in names}
    unused = [header for header in headers if header not in used]
    problems += _unread(raw, granted, overrides, unheard(unused, raw.layer))
    return granted, tuple(problems)


def _granted(
    claims: Iterable[tuple[str, str]], overrides: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return column → its header, and column → all headers that would serve, if several do.

    ``claims``: column and header, the strongest first.
    """
    granted: dict[str, str] = {}
    rivals: dict[str, list[str]] = {}
    for column, header in claims:
        if header in granted.values() and column not in overrides:
            continue
        if column in granted:
            rivals.setdefault(column, [granted[column]]).append(header)
        else:
            granted[column] = header
    return granted, rivals


def _shared(
    claims: Iterable[tuple[str, str]],
    overrides: Mapping[str, str],
    specs: Mapping[str, ColumnSpec],
    granted: dict[str, str],
) -> None:
    """Grant a required column without a header the one of its own that the study gave another."""
    named = {granted[column] for column in overrides if column in granted}
    for column, header in claims:
        if specs[column].required and column not in granted and header in named:
            granted[column] = header


def _marked_rivals(raw: RawTable, granted: Mapping[str, str], rivals: dict[str, list[str]]) -> None:
    """Add the headers that a shapefile numbered (建筑面积_1) to those that would serve a column."""
    if raw.header_bytes is None:
        return
    taken = {*granted.values(), *chain.from_iterable(rivals.values())}
    for header in (header for header in raw.frame if header not in taken):
        for spec in columns(raw.layer).values():
            if spec.name in granted and marked_like(raw, header, spec):
                rivals.setdefault(spec.name, [granted[spec.name]]).append(header)
                break


def _uncut(
    raw: RawTable,
    granted: dict[str, str],
    overrides: Mapping[str, str],
    rivals: Mapping[str, list[str]],
) -> list[Problem]:
    """Grant the headers that a shapefile cut where they may be one column alone; say so, or ask."""
    if raw.header_bytes is None:
        return []
    taken = {*granted.values(), *chain.from_iterable(rivals.values())}
    rest = [header for header in raw.frame if header not in taken]
    free = [
        spec
        for spec in columns(raw.layer).values()
        if spec.name not in granted and spec.name not in overrides
    ]
    found = cut_columns(raw, free, rest)
    claimed = Counter(spec.name for specs in found.values() for spec in specs)
    problems = []
    for header, specs in found.items():
        first, *others = specs
        if not others and claimed[first.name] == 1:
            granted[first.name] = header
            code, severity = ProblemCode.COLUMN_CUT, Severity.INFO
        else:
            code, severity = ProblemCode.COLUMN_AMBIGUOUS, Severity.WARNING
        problems.append(
            raw.problem(
                code,
                severity,
                header=header,
                field=first.name,
                names=[spec.name for spec in specs],
                key=f"layers.{raw.layer}.columns",
            )
        )
    return problems


def _lacking(
    raw: RawTable, granted: Mapping[str, str], overrides: Mapping[str, str]
) -> list[Problem]:
    """Return a problem of each column that is required, or named by the study, and not there."""
    return [
        raw.problem(
            ProblemCode.COLUMN_MISSING,
            Severity.ERROR if spec.required else Severity.WARNING,
            field=spec.name,
            names=[overrides[spec.name]] if spec.name in overrides else list(spec.aliases),
            option=spec.name,
        )
        for spec in columns(raw.layer).values()
        if spec.name not in granted and (spec.required or spec.name in overrides)
    ]


def _unread(
    raw: RawTable, granted: Mapping[str, str], overrides: Mapping[str, str], unused: list[str]
) -> list[Problem]:
    """Return what is to be said of the headers that nothing is read from."""
    if not unused:
        return []
    free = [
        spec
        for spec in columns(raw.layer).values()
        if spec.name not in granted and spec.name not in overrides
    ]
    known = wanted_headers(raw.layer, {}).headers
    strange = [h for h in unused if fold(raw.repeats.get(h, h)) not in known]
    strange = [h for h in strange if not _OF_GIS.fullmatch(fold(h))]
    likely = [
        raw.problem(
            code,
            Severity.WARNING,
            header=header,
            field=spec.name,
            key=f"layers.{raw.layer}.columns.{spec.name}",
            table=f"layers.{raw.layer}",
            option=spec.name,
        )
        for code, spec, header in _guessed(raw, free, strange)
    ]
    return [*likely, raw.problem(ProblemCode.COLUMN_UNKNOWN, Severity.INFO, columns=unused)]


def _guessed(
    raw: RawTable, free: list[ColumnSpec], strange: list[str]
) -> list[tuple[ProblemCode, ColumnSpec, str]]:
    """Return the columns nobody claimed with the header that may be it, by cells or name."""
    told = _told_by_words(raw, free, strange)
    names, headers = {spec.name for spec, _ in told}, {header for _, header in told}
    likely = _likely(
        [spec for spec in free if spec.name not in names],
        [header for header in strange if header not in headers],
    )
    return [
        *((ProblemCode.COLUMN_WORDED, *one) for one in told),
        *((ProblemCode.COLUMN_LIKELY, *one) for one in likely),
    ]


_WORDED = ("stage", "kinds", "age_class", "setting", "passage", "tenure")  # the gravest first
_NEARLY_ALL = 0.75
_MOST_WORDS = 100
"""Different cells of a column of words; where there are more it holds names."""


def _told_by_words(
    raw: RawTable, specs: list[ColumnSpec], headers: list[str]
) -> list[tuple[ColumnSpec, str]]:
    """Return the columns of words nobody claimed, each with the unread header whose cells tell it.

    Nearly all cells that are filled in hold words of the column, and one of them at least is
    neither yes, no nor a number, which any column may hold.
    """
    worded = [spec for spec in specs if spec.type in _WORDED]
    found = []
    for at, header in enumerate(headers[:_MOST_LIKENED] if worded else ()):
        cells = raw.frame[header].astype(object).dropna().astype(str)
        counts = {w: n for w, n in cells.value_counts().items() if not is_blank(w)}
        if 0 < len(counts) <= _MOST_WORDS:
            found += [
                (-share, _WORDED.index(spec.type), at, spec, header)
                for spec in worded
                if (share := _share_of_words(spec, counts)) >= _NEARLY_ALL
            ]
    chosen: dict[str, tuple[ColumnSpec, str]] = {}
    for *_, spec, header in sorted(found, key=lambda one: one[:3]):
        if spec.name not in chosen and header not in {used for _, used in chosen.values()}:
            chosen[spec.name] = spec, header
    return list(chosen.values())


def _share_of_words(spec: ColumnSpec, counts: Mapping[str, int]) -> float:
    """Return the share of cells that hold words of a column; 0 where any column may hold them."""
    known = [word for word in counts if read_value(spec, word).code is None]
    if all(match_word("bool", word) or word[0].isdecimal() for word in known):
        return 0.0
    return sum(counts[word] for word in known) / sum(counts.values())


_MOST_LIKENED = 300
"""Unread headers that are held against the columns nobody claimed; no ledger has as many."""


def _likely(specs: list[ColumnSpec], headers: list[str]) -> list[tuple[ColumnSpec, str]]:
    """Return the columns nobody claimed, each with the unread header that may well be it.

    A header ends with what it is (入住户数 is a 户数, 项目负责人 is no 项目), or one sign of it
    is wrong. Identifiers are left out: a ledger has many, and none is needed.
    """
    found = sorted(
        (-likeness, column_at, header_at)
        for column_at, spec in enumerate(specs)
        if spec.name != "id"
        for header_at, header in enumerate(headers[:_MOST_LIKENED])
        if (likeness := _likeness(spec, without_unit(fold(header)))) is not None
    )
    chosen: dict[int, int] = {}
    for _, column_at, header_at in found:
        if column_at not in chosen and header_at not in chosen.values():
            chosen[column_at] = header_at
    return [(specs[column_at], headers[header_at]) for column_at, header_at in chosen.items()]


_AGES = ("65", "70", "75", "80", "90", "100", "高龄", "失能", "独居", "空巢", "特困")
_OF_SOME = {
    "population": (*_AGES, "60", "老", "户籍"),
    "elders": _AGES,
    "required_m2": ("已配", "现配", "实配", "实际", "建成"),
}
"""Words of a header that counts others: registered people are no residents (A34), nor those of an
age or in a hardship all people, or all of 60 and older; what is built is not what is asked."""
_SOME_ROOMS = re.compile(r"[(\[]?其中.*(社区|养老|为老|老年|托老|照料)(?!.*(床|间|人|户|处))")
"""The heading of a part of the rooms, which may be what serves the community, or bed space."""


def _likeness(spec: ColumnSpec, header: str) -> float | None:
    """Return how like a folded header is to a column's words; whole words count above misprints."""
    if any(word in header for word in _OF_SOME.get(spec.name, ())) or header == "配建面积":
        return None
    rooms = spec.name == "community_area_m2" and _SOME_ROOMS.match(header)
    if rooms or (spec.name == "serves" and may_tell_whom(header)):
        return float(len(header))
    words = [fold(word) for word in (spec.name, *spec.aliases)]
    ends = [len(word) for word in words if len(word) > 1 and _ends_with(header, word)]
    if ends:
        return float(max(ends))
    return _nearest(words, header)


def _nearest(words: Iterable[str], header: str) -> float | None:
    """Return how like a header is to the word that it is a misprint of; None where it is none."""
    near = [
        SequenceMatcher(None, header, word).ratio()
        for word in words
        if len(word) >= _SHORTEST
        and abs(len(word) - len(header)) <= 1
        and negated(word) == negated(header)
    ]
    return max((ratio for ratio in near if ratio >= _ALIKE), default=None)


def _ends_with(header: str, word: str) -> bool:
    """Return whether a header ends with a word, and does not deny it: 非护理型床位 is no such."""
    return header.endswith(word) and not negated(header.removesuffix(word))


_PARTS = frozenset({"community_area_m2", "nursing_beds", "public_beds", "elders"})
"""Columns that are a part of another one's figure."""
_OF_WHICH = re.compile(r"[(\[]?其中[:,]?\s*(用于)?")
"""What stands before the heading of a part, as in 其中：护理型床位."""


@cache
def _words(name: str, aliases: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return fold(name), tuple(map(fold, aliases))


def _rank(
    spec: ColumnSpec, header: str, override: str | None, raw: RawTable
) -> tuple[int, int] | None:
    """Return how strongly a column claims a header (smaller is stronger), or None."""
    if override is not None:
        return (_OVERRIDE, 0) if fold(header) == fold(override) else None  # it alone is meant
    folded = fold(raw.repeats.get(header, header))
    spellings = {folded, qualified(folded) or without_unit(folded)}
    if spec.name in _PARTS and (part := _OF_WHICH.match(folded)):
        rest = without_unit(folded[part.end() :])
        spellings |= {rest, f"其中{rest}"}
    name, aliases = _words(spec.name, spec.aliases)
    behind = _UNSEEN if header in raw.hidden_headers else 0
    if name in spellings:
        return _NAME + behind, 0
    lengths = [len(alias) for alias in aliases if alias in spellings]
    if spec.name == "serves" and any(map(tells_whom, spellings)):
        lengths.append(0)  # behind every alias: 覆盖小区 beside 服务小区
    return (_ALIAS + behind, -max(lengths)) if lengths else None
