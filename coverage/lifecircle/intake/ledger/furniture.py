"""Lines of a table that are no rows: column numbers, units, repeated headers, a second table.

Chinese statistical forms number their columns under the header (甲 乙 1 2 3), print the header
again on every page, and put a second table (附表) below the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import starmap
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.cells.header_units import header_factor
from lifecircle.intake.ledger.values import is_blank, read_value
from lifecircle.model.dictionary import columns, fold, without_unit
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["Furniture", "furniture"]

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_NUMBER_LABEL = re.compile(r"(栏次|栏号|行次|列次|栏目|序号|项目)")
_NUMBER_MARK = re.compile(rf"[{_STEMS}]|[a-z]|[(\[【]?\d{{1,2}}[)\]】]?([=＝][-+×÷*/\d()（）.%]+)?")
_UNIT = re.compile(
    r"[(\[【]?(单位:?)?(万|千|百)?(户|人|张|床|个|处|家|年|月|日|岁|元|层|栋|亩|公顷|度|°"
    r"|m2|平方米|平米|㎡|m|米|%|％|是/否|有/无)[)\]】]?"
)
_UNIT_SIGNS = 12
"""A unit may stand behind a header."""
_FIRST_ROWS = 3
"""Numbers and units of columns stand this near to the header."""
_MARKS, _HEADERS = 3, 2
"""Cells that make a row of numbers, and of headers."""
_MOST_OF, _NEARLY_ALL = 0.6, 0.8
_APPENDIX = re.compile(r"(附表|附件|附[:：]|附录|续表|表[一二三四五六七八九十\d]+).*")
_HEADING = re.compile(
    r".*(编号|序号|代码|名称|类型|类别|性质|规模|面积|日期|时间|年份|状态|情况|进度|备注|单位|数量|人数|户数"
    r"|床位|床位数|地址|位置|负责人|联系人|电话|投资|金额|经度|纬度|坐标|内容|项目)(\(.*\))?"
)
_FIGURE = re.compile(r"[-+.,:/%年月日\d\s]+")
_ANYTHING = frozenset({"text", "code", "serves"})


@dataclass(slots=True)
class Furniture:
    """The lines found: which rows are none, what is said of them, and units that stand below."""

    rows: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)


def furniture(raw: RawTable, headers: Mapping[str, str]) -> Furniture:
    """Return the lines of a sheet that number, name or unit its columns, or start another table.

    ``headers``: column → header of the file. Only tables of named things have them.
    """
    found = Furniture()
    if raw.header_row is None or "name" not in headers:
        return found
    return _Finder(raw, headers, found).run()


class _Finder:
    """Looks at each row of a sheet once, and at what stands around it."""

    def __init__(self, raw: RawTable, headers: Mapping[str, str], found: Furniture) -> None:
        self.raw, self.headers, self.found = raw, headers, found
        self.names = [name for name in raw.frame if name not in raw.constants]
        self.specs = columns(raw.layer)
        self.column = {header: self.specs[column] for column, header in headers.items()}
        cells = (raw.frame[name].tolist() for name in self.names)
        self.lines = list(zip(*cells, strict=True)) if self.names else []
        self.words = {name: self._words(name) for name in self.names}
        self.header = -_FIRST_ROWS  # where the header stood last, below the first
        self.longest = max((len(w) for words in self.words.values() for w in words), default=0)

    def run(self) -> Furniture:
        starts = {part.start for part in self.raw.parts} or {0}
        since = 0
        other = False  # below the header of a second table
        for at, line in enumerate(self.lines):
            since = 0 if at in starts else since + 1
            other = other and at not in starts
            again = self._is_header(line)
            if self._starts_another(at, again=again, alone=at in starts):
                other = True
                self._second(at)
            elif again or (at - 1 == self.header and self._is_lower(at)):
                other = False
                self.header = at
                self._aside(at, ProblemCode.ROW_HEADER)
            elif other:
                self.found.rows.add(at)
            elif since < _FIRST_ROWS:
                self._near_header(at, self._said(at))
        return self.found

    def _aside(self, at: int, code: ProblemCode, **params: Any) -> None:
        self.found.rows.add(at)
        self.found.problems.append(self.raw.problem(code, Severity.INFO, at=at, **params))

    def _near_header(self, at: int, said: Mapping[str, Any]) -> None:
        if _are_numbers([fold(value) for value in said.values()]):
            self._aside(at, ProblemCode.ROW_NUMBERS)
        elif len(said) >= _HEADERS and all(_UNIT.fullmatch(fold(v)) for v in said.values()):
            self._aside(at, ProblemCode.ROW_UNITS)
            self.found.units |= {
                header: text
                for header, value in said.items()
                if header in self.column
                and header_factor(self.column[header], text := f"{header}({fold(value)})") != 1.0
            }

    def _said(self, at: int) -> dict[str, Any]:
        return {n: v for n, v in zip(self.names, self.lines[at], strict=True) if not is_blank(v)}

    def _words(self, header: str) -> frozenset[str]:
        """Return what a column may be called, folded."""
        own = fold(self.raw.repeats.get(header, header))
        spec = self.column.get(header)
        more = () if spec is None else (spec.name, *spec.aliases)
        return frozenset({own, without_unit(own), *map(fold, more)})

    def _is_header(self, line: Sequence[Any]) -> bool:
        """Return whether a row repeats the header: most of its cells say what their column is."""
        filled = sum(value is not None for value in line)
        words = [
            (name, value)
            for name, value in zip(self.names, line, strict=True)
            if isinstance(value, str) and len(value) <= self.longest + _UNIT_SIGNS
        ]
        least = max(_HEADERS, _MOST_OF * filled)
        if len(words) < least:
            return False
        return sum(self._names(name, value) for name, value in words) >= least

    def _is_lower(self, at: int) -> bool:
        """Return whether a row is the lower level of a header: each cell a word of its column's."""
        said = self._said(at)
        return bool(said) and all(
            _is_word(value) and fold(value) in fold(header) for header, value in said.items()
        )

    def _names(self, header: str, value: str) -> bool:
        if value[:1].isdigit():
            return False
        text = fold(value)
        words = self.words[header]
        return text in words or without_unit(text) in words

    def _starts_another(self, at: int, *, again: bool, alone: bool) -> bool:
        """Return whether a row is the header of another table."""
        above = self._above(at)
        if alone:
            return False
        if again:
            return _APPENDIX.fullmatch(above or "") is not None
        if above is None and self._few_words(at):
            return False
        return self._is_heading(self._said(at), apart=above is not None)

    def _is_heading(self, said: Mapping[str, Any], *, apart: bool) -> bool:
        """Return whether cells are headers of other columns; ``apart``: a gap or title is above."""
        if len(said) < _MARKS or not all(map(_is_word, said.values())):
            return False
        typed = [
            (self.column[header], value)
            for header, value in said.items()
            if header in self.column and self.column[header].type not in _ANYTHING
        ]
        headings = sum(_HEADING.fullmatch(fold(value)) is not None for value in said.values())
        least = _HEADERS if apart else _NEARLY_ALL * len(said)
        return headings >= least and bool(typed) and not any(starmap(_reads, typed))

    def _few_words(self, at: int) -> bool:
        """Return whether a row has too few words to be a header right below a record."""
        return sum(isinstance(value, str) for value in self.lines[at]) < _MARKS + 1

    def _above(self, at: int) -> str | None:
        """Return the title above a row, "" where a blank line is; None where a row is."""
        if at == 0:
            return None
        title = ""
        if sum(value is not None for value in self.lines[at - 1]) == 1:
            said = next(value for value in self.lines[at - 1] if value is not None)
            title = fold(said) if isinstance(said, str) else ""
        return title if title or self.raw.rows[at] - self.raw.rows[at - 1] > 1 else None

    def _second(self, at: int) -> None:
        first = at
        if at > 0 and sum(not is_blank(value) for value in self.lines[at - 1]) == 1:
            first = at - 1  # its title
            self.found.rows.add(first)
        self.found.rows.add(at)
        end = next((p.start for p in self.raw.parts if p.start > at), len(self.lines))
        count = end - first
        title = next((v for v in self.lines[first] if not is_blank(v)), None)
        code = ProblemCode.TABLE_SECOND
        problem = self.raw.problem(code, Severity.WARNING, at=first, value=title, count=count)
        self.found.problems.append(problem)


def _are_numbers(texts: Sequence[str]) -> bool:
    """Return whether cells number their columns: 甲 乙 1 2 3, or 1 2 3=1+2, one after the other."""
    marks = [text for text in texts if not _NUMBER_LABEL.fullmatch(text)]
    if len(marks) < _MARKS or not all(_NUMBER_MARK.fullmatch(text) for text in marks):
        return False
    figures = [int(found[0]) for text in marks if (found := re.search(r"\d+", text))]
    stems = [_STEMS.index(text) for text in marks if text in _STEMS]
    letters = [ord(text) for text in marks if text.isascii() and text.isalpha()]
    return all(
        list(run) == list(range(run[0], run[0] + len(run)))
        for run in (stems, letters, figures)
        if run
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and not _FIGURE.fullmatch(fold(value))


def _reads(spec: ColumnSpec, value: Any) -> bool:
    return read_value(spec, value).code is None
