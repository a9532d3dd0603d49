"""Tags of a line layer's rows: by columns of their names, by classes and states in words.

Columns of OpenStreetMap's names are tags. A column that is named as a road's class or state is
read whatever stands in it, so that a word nobody knows is found unknown; one that is only called
``type`` or 类型 is read where one of its words at least is a known class.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.model.inputs.street_words import (
    BARRED_STATES,
    DAY_TAGS,
    day_word,
    is_class,
    is_state,
    street_class,
)
from lifecircle.model.inputs.streets import POST_TAGS, TAGS
from lifecircle.model.strings import words_of
from lifecircle.sources.streets.day_columns import day_columns, day_words, is_remark, joined_words
from lifecircle.sources.streets.lines import BARRIER_TAGS, STATE_TAGS, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["LayerTags", "layer_tags"]

_SPELLINGS = {
    "highway": ("highway", "fclass"),  # fclass: the shapefiles cut from OSM by country
    "osm_id": ("osm_id", "osmid", "osm_way_id", "@id"),
    "name": ("name", "名称", "道路名称", "道路名", "路名"),
    "state": (),
    "bridge": ("bridge", "桥梁", "是否桥梁", "是否为桥梁", "桥"),
    "tunnel": ("tunnel", "隧道", "是否隧道", "是否为隧道", "隧"),
    "opening_hours": ("opening_hours", "开放时间", "通行时间", "开放时段", "通行时段"),
    "foot": (
        "foot",
        "人行",
        "是否人行",
        "步行",
        "是否步行",
        "能否步行",
        "可否步行",
        "是否可步行",
        "行人通行",
    ),
    "access": ("access", "通行", "是否通行", "能否通行", "可否通行", "是否可通行", "是否开放通行"),
}
"""Other names of a column, after folding case."""
_KEPT_OF_TAGS = 10
_CLASS = (
    *(
        "道路等级",
        "道路类型",
        "道路类别",
        "道路分类",
        "道路性质",
        "公路等级",
        "技术等级",
        "行政等级",
        "功能等级",
        "等级",
    ),
    *("road_class", "roadclass", "road_type", "roadtype", "dldj", "dllx"),
)
_PERHAPS_CLASS = (
    "类型",
    "类别",
    "分类",
    "地类名称",
    "要素类型",
    "type",
    "class",
    "kind",
    "dlmc",
    "dlbm",
    *("rd_type", "func_class", "funcclass", "function_class", "fcode", "road_level", "roadlevel"),
    *("rd_class", "rdclass", "道路级别", "级别", "路名类型", "性质"),
)
_STATE = (
    "建设状态",
    "建设情况",
    "建设现状",
    "道路状态",
    "通车状态",
    "通车情况",
    "通行状态",
    "使用状态",
    "现状规划",
)
_PERHAPS_STATE = ("状态", "现状", "state", "status")
_HINTS = re.compile(
    "规划|现状|状态|在建|建设|通车|开通|通行|人行|步行|行人|禁|封闭|停用|废弃|拆除|等级|级别|类型|类别|分类"
)
_HINTS_OF_ELSE = re.compile("名|单位|宽|长|编号|代码|年|日期|时间|备注|来源|依据|能力|速|路面|材质")
"""What the header of a column hints at that may say which lines are walked, and what not."""
_KINDS_OF_WORDS = 20
_NO_STREET = re.compile(r"(高速|高速公路|高铁|铁路|铁路线|专用线)$")
"""How the names of roads and lines end that nobody walks, as far as a name tells."""
_PACKED = ("other_tags", "all_tags")
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"((?:[^"\\]|\\.)*)"')
_NO = frozenset({"", "f", "false", "0", "none", "nan", "否", "无", "非", "不是"})
_YES = frozenset({"t", "true", "1", "是", "有"})

_KEPT = ((10, "utf-8"), (10, "gbk"), (9, "utf-8"), (9, "gbk"))
"""How many bytes of a name a shapefile keeps; ArcGIS one less."""
_WHOLE = {
    name.encode(encoding)[:size].decode(encoding, errors="ignore"): name
    for size, encoding in _KEPT
    for name in (*_PERHAPS_STATE, *_PERHAPS_CLASS, *_STATE, *_CLASS)
    if len(name.encode(encoding)) > size
}
"""Names of columns as they are cut → whole."""

Row = dict[str, str | None]
Words = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class LayerTags:
    """Tags of every row, a column a tag, and what was passed over.

    A county's streets are few kinds of rows many times over: what is asked of a row is asked once
    a kind (:meth:`kinds`).

    Parameters
    ----------
    columns
        Tag → object array of text, one a row; None where a row has no such tag.
    count
        Rows.
    tagged
        Whether rows say by OpenStreetMap's tags what is a street: those without are none then.
    unread
        Columns that may name classes or states, and hold no word of either.
    """

    columns: Mapping[str, Words]
    count: int
    tagged: bool
    unread: tuple[str, ...]

    def has(self, tag: str) -> NDArray[np.bool_]:
        """Return which rows have a tag."""
        return _filled(self.columns.get(tag), self.count)

    def told(self, tag: str) -> Words:
        """Return the text of one tag, one a row; None where a row has none."""
        return self.columns.get(tag, np.full(self.count, None, dtype=object))

    def row(self, at: int) -> Row:
        """Return all tags of one row."""
        return {tag: column[at] for tag, column in self.columns.items()}

    def kinds(self, tags: Iterable[str]) -> tuple[NDArray[np.int64], list[Row]]:
        """Return which kind every row is of by some tags alone, and those tags of every kind."""
        here = [tag for tag in dict.fromkeys(tags) if tag in self.columns]
        kind = np.zeros(self.count, dtype=np.int64)
        example = np.arange(min(1, self.count))
        for tag in here:
            told = words_of(pd.Series(self.columns[tag], dtype=object, copy=False))
            kind, example = _numbered(kind * (len(told.words) + 1) + told.codes + 1)
        return kind, [{tag: self.columns[tag][at] for tag in here} for at in example.tolist()]

    def with_tag(self, tag: str, rows: NDArray[np.bool_], words: Any) -> LayerTags:
        """Return the tags with one of them set for some rows: one word, or one for each."""
        column = self.told(tag).copy()
        column[rows] = words
        return replace(self, columns={**self.columns, tag: column})


def _numbered(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return codes (not negative) numbered by size, and where each is first; of few kinds unsorted.

    A county has hundreds of thousands of rows, and of kinds a handful.
    """
    if int(code.max(initial=0)) > len(code):
        _, first, number = np.unique(code, return_index=True, return_inverse=True)
        return number, first
    there = np.bincount(code) > 0
    number = (np.cumsum(there) - 1)[code]
    first = np.empty(int(there.sum()), dtype=np.int64)
    first[number[::-1]] = np.arange(len(code))[::-1]  # the last one written is the first
    return number, first


def layer_tags(frame: pd.DataFrame, *, cut: bool = False) -> LayerTags:
    """Return the tags of every row of a layer; ``cut``: its format cuts the names of columns."""
    if cut:
        frame = frame.rename(columns=_WHOLE)
    folded = {str(field).casefold(): str(field) for field in reversed(frame.columns.tolist())}
    columns = _by_name(frame, folded)
    for name in _PACKED:
        if name in folded:
            _unpack(columns, frame[folded[name]].tolist())
    if "highway" in columns:  # the name of a tag over words of one's own
        which, said = pd.factorize(columns["highway"])
        classes = [w if w.isascii() else street_class(w) for w in said]
        columns["highway"] = np.array([*classes, None], dtype=object)[which]
    dated = _add_days(frame, columns)
    tagged = any(_filled(columns.get(tag), len(frame)).any() for tag in ("highway", "route"))
    perhaps = () if tagged else _PERHAPS_CLASS
    unlisted, told = (
        ([], []) if tagged else _unlisted(frame.drop(columns=dated) if dated else frame)
    )
    unread = [
        *_in_words(frame, columns, "highway", (_CLASS, (*perhaps, *unlisted), is_class)),
        *_in_words(frame, columns, "state", (_STATE, _PERHAPS_STATE, is_state)),
        *told,
    ]
    if not tagged:
        _doubt_names(columns)
    for column in columns.values():  # several ask for the kinds of the same ones
        column.flags.writeable = False
    return LayerTags(columns, len(frame), tagged, tuple(unread))


def _add_days(frame: pd.DataFrame, columns: dict[str, Words]) -> list[str]:
    """Add what rows say of the days of their ways, in columns and packed tags; return columns."""
    dated = day_columns(frame)
    packed = [columns.pop(tag) for tag in DAY_TAGS if tag in columns]
    if days := [*day_words(frame, dated), *packed]:
        columns["days"] = joined_words(days)
    return [header for header in dated if not is_remark(header)]


def _filled(column: Words | None, count: int) -> NDArray[np.bool_]:
    return np.zeros(count, dtype=bool) if column is None else column.astype(bool)


def _unlisted(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return columns of any other name whose words are classes, and those that may bar a way.

    Classes are read where most rows that say something say one; a column in which a word is a
    class or a state that bars, and most are something else, is told and not read. So is one whose
    header hints at a state or at who may pass (是否现状, 禁行) and whose rows differ in it.
    """
    listed = {*_CLASS, *_PERHAPS_CLASS, *_STATE, *_PERHAPS_STATE, *_PACKED}
    tags = (*TAGS, *STATE_TAGS, *BARRIER_TAGS, *POST_TAGS)
    listed |= {name.casefold() for tag in tags for name in _spellings(tag)}
    classes, told = [], []
    for column in frame:
        if str(column).casefold() in listed:
            continue
        words = _counted(frame[column])
        known = sum(count for word, count in words.items() if is_class(word))
        if known and 2 * known > words.total():
            classes.append(str(column).casefold())
            continue
        barred = any(word.casefold() in BARRED_STATES for word in words)
        if known or barred or _hinted(str(column), frame[column]):
            told.append(str(column))
    return classes, told


def _hinted(header: str, cells: pd.Series) -> bool:
    """Return whether a column may tell rows that are walked from others, by its header."""
    if not _HINTS.search(header) or _HINTS_OF_ELSE.search(header):
        return False
    said = {text for value in cells.unique() if (text := _text("", value))}
    blank = any(_text("", value) is None for value in cells.unique())
    return len(said) + blank > 1 and 0 < len(said) <= _KINDS_OF_WORDS


def _doubt_names(columns: dict[str, Words]) -> None:
    """Take the name of a line without a class that is a motorway's or a railway's for its class.

    Nobody knows that class, so that what hangs on the line is to be verified.
    """
    names = columns.get("name")
    if names is None:
        return
    words = {word for word in set(names) if word and _NO_STREET.search(word)}
    if not words:
        return
    here = columns.get("highway", np.full(len(names), None, dtype=object)).copy()
    bare = np.array([word in words for word in names], dtype=bool) & ~here.astype(bool)
    here[bare] = names[bare]
    columns["highway"] = here


def _counted(values: Iterable[Any]) -> Counter[str]:
    said = (value.strip() for value in values if isinstance(value, str))
    return Counter(word for word in said if word)


def _by_name(frame: pd.DataFrame, folded: Mapping[str, str]) -> dict[str, Words]:
    """Return the tags that stand in columns of their names."""
    found = {
        tag: folded[name]
        for tag in dict.fromkeys((*TAGS, *STATE_TAGS, *BARRIER_TAGS, *POST_TAGS))
        if (name := next((s for s in _spellings(tag) if s in folded), None))
    }
    return {tag: _texts(tag, frame[column]) for tag, column in found.items()}


def _unpack(columns: dict[str, Words], values: list[Any]) -> None:
    """Add the tags of a packed column where rows have none of that name."""
    texts = ["" if value is None else str(value).strip() for value in values]
    tags = {text: _unpacked(text) for text in set(texts)}
    for tag in dict.fromkeys(tag for told in tags.values() for tag in told):
        here = columns.get(tag, np.full(len(texts), None, dtype=object))
        packed = np.array([tags[text].get(tag) for text in texts], dtype=object)
        columns[tag] = np.where(here.astype(bool), here, packed)


def _spellings(tag: str) -> tuple[str, ...]:
    """Return the names a tag's column may have: GDAL writes _ for a colon, .shp ten letters."""
    plain = tag.replace(":", "_")
    cut = () if len(tag) <= _KEPT_OF_TAGS else (tag[:_KEPT_OF_TAGS], plain[:_KEPT_OF_TAGS])
    return (*_SPELLINGS.get(tag, (tag,)), *((plain,) if plain != tag else ()), *cut)


def _in_words(
    frame: pd.DataFrame,
    columns: dict[str, Words],
    tag: str,
    named: tuple[tuple[str, ...], tuple[str, ...], Callable[[str], bool]],
) -> list[str]:
    """Add the words of all columns of one meaning to the tags; return the columns passed over.

    ``named``: names of columns that have the meaning, of those that may have it, and whether a
    word of theirs is known.
    """
    sure, perhaps, known = named
    folded = {str(field).casefold(): str(field) for field in reversed(frame.columns.tolist())}
    heard, unread = [folded[name] for name in sure if name in folded], []
    for column in (folded[name] for name in perhaps if name in folded):
        words = {text for text in set(_texts(tag, frame[column])) if text}
        if any(known(word) for word in words):
            heard.append(column)
        elif words:
            unread.append(column)
    for column in heard:
        _add(columns, tag, _texts(tag, frame[column]))
    return unread


def _add(columns: dict[str, Words], tag: str, texts: Words) -> None:
    """Add a column's words to what rows say already: all of them are heard."""
    words = {text: street_class(text) if tag == "highway" else text for text in set(texts) if text}
    here = columns.get(tag, np.full(len(texts), None, dtype=object)).copy()
    for at in np.flatnonzero(texts.astype(bool)).tolist():
        word = words[texts[at]]
        here[at] = f"{here[at]};{word}" if here[at] else word
    columns[tag] = here
    rails = np.array([words.get(text) == "railway" for text in texts], dtype=bool)
    if rails.any():
        beside = columns.get("railway", np.full(len(texts), None, dtype=object))
        columns["railway"] = np.where(rails, "rail", beside)


def _unpacked(text: str) -> Mapping[str, str]:
    """Return the tags that GDAL packs into one column: an hstore text, or JSON."""
    wanted = {*TAGS, *STATE_TAGS, *DAY_TAGS, *BARRIER_TAGS, *POST_TAGS}
    if text.startswith("{"):
        try:
            pairs = json.loads(text).items()
        except (ValueError, AttributeError):
            return {}
    else:
        pairs = [(_plain(k), _plain(v)) for k, v in _HSTORE.findall(text)]
    told = {str(k): str(v) for k, v in pairs if k in wanted and v not in {None, ""}}
    return told | {k: day_word(DAY_TAGS[k], k, v) for k, v in told.items() if k in DAY_TAGS}


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _texts(tag: str, cells: pd.Series) -> Words:
    """Return a column's cells as an OSM tag's text, each kind of cell worked out once."""
    if pd.api.types.infer_dtype(cells, skipna=True) in {"string", "empty"}:
        which, words = pd.factorize(cells.to_numpy(dtype=object))
        texts = [_text(tag, word) for word in words]
        found: Words = np.array([*texts, _text(tag, None)], dtype=object)[which]
        return found  # a missing cell, -1, is the last
    kinds = [(type(value), value) for value in cells.tolist()]  # 1, 1.0 and True are one key else
    known = {kind: _text(tag, kind[1]) for kind in set(kinds)}
    return np.array([known[kind] for kind in kinds], dtype=object)


def _text(tag: str, value: Any) -> str | None:
    """Return a cell as an OSM tag's text: no blanks, no ``123.0``, no T and F, lists in one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = ";".join(dict.fromkeys(values_of("" if value is None else str(value).strip())))
    if tag in {"bridge", "tunnel"}:
        return None if text.casefold() in _NO else "yes" if text.casefold() in _YES else text
    return None if text.casefold() in {"", "nan", "none"} else text
