"""Tags of a line layer's rows: by columns of their names, by classes and states in words.

Columns of OpenStreetMap's names are tags. A column that is named as a road's class or state is
read whatever stands in it, so that a word nobody knows is found unknown; one that is only called
``type`` or 类型 is read where one of its words at least is a known class.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecircle.model.inputs.street_words import is_class, is_state, street_class
from lifecircle.model.inputs.streets import POST_TAGS, TAGS
from lifecircle.sources.streets.lines import BARRIER_TAGS, STATE_TAGS, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

__all__ = ["LayerTags", "layer_tags"]

_SPELLINGS = {
    "highway": ("highway", "fclass"),  # fclass: the shapefiles cut from OSM by country
    "osm_id": ("osm_id", "osmid", "osm_way_id", "@id"),
    "name": ("name", "名称", "道路名称", "道路名", "路名"),
    "state": (),
    "opening_hours": ("opening_hours", "开放时间", "通行时间", "开放时段", "通行时段"),
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
_PACKED = ("other_tags", "all_tags")
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"((?:[^"\\]|\\.)*)"')
_NO = frozenset({"", "f", "false", "0", "none", "nan"})
_YES = frozenset({"t", "true", "1"})

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


@dataclass(frozen=True, slots=True, eq=False)
class LayerTags:
    """Tags of every row, and what was passed over.

    Parameters
    ----------
    rows
        Tag → value, one a row.
    tagged
        Whether rows say by OpenStreetMap's tags what is a street: those without are none then.
    unread
        Columns that may name classes or states, and hold no word of either.
    """

    rows: list[Row]
    tagged: bool
    unread: tuple[str, ...]


def layer_tags(frame: pd.DataFrame, *, cut: bool = False) -> LayerTags:
    """Return the tags of every row of a layer; ``cut``: its format cuts the names of columns."""
    if cut:
        frame = frame.rename(columns=_WHOLE)
    folded = {str(field).casefold(): str(field) for field in reversed(frame.columns.tolist())}
    rows = _by_name(frame, folded)
    for name in _PACKED:
        if name in folded:
            for row, value in zip(rows, frame[folded[name]].tolist(), strict=True):
                row |= {k: v for k, v in _unpacked(value).items() if not row.get(k)}
    for row in rows:  # the name of a tag over words of one's own
        word = row.get("highway")
        if word and not word.isascii():
            row["highway"] = street_class(word)
    tagged = any(row.get("highway") or row.get("route") for row in rows)
    perhaps = () if tagged else _PERHAPS_CLASS
    unread = [
        *_in_words(frame, rows, "highway", (_CLASS, perhaps, is_class)),
        *_in_words(frame, rows, "state", (_STATE, _PERHAPS_STATE, is_state)),
    ]
    return LayerTags(rows, tagged, tuple(unread))


def _by_name(frame: pd.DataFrame, folded: Mapping[str, str]) -> list[Row]:
    """Return the tags that stand in columns of their names."""
    found = {
        tag: folded[name]
        for tag in dict.fromkeys((*TAGS, *STATE_TAGS, *BARRIER_TAGS, *POST_TAGS))
        if (name := next((s for s in _spellings(tag) if s in folded), None))
    }
    cells = {tag: frame[column].tolist() for tag, column in found.items()}
    return [
        {tag: _text(tag, values[i]) for tag, values in cells.items()} for i in range(len(frame))
    ]


def _spellings(tag: str) -> tuple[str, ...]:
    """Return the names a tag's column may have: GDAL writes _ for a colon, .shp ten letters."""
    plain = tag.replace(":", "_")
    cut = () if len(tag) <= _KEPT_OF_TAGS else (tag[:_KEPT_OF_TAGS], plain[:_KEPT_OF_TAGS])
    return (*_SPELLINGS.get(tag, (tag,)), *((plain,) if plain != tag else ()), *cut)


def _in_words(
    frame: pd.DataFrame,
    rows: list[Row],
    tag: str,
    named: tuple[tuple[str, ...], tuple[str, ...], Callable[[str], bool]],
) -> list[str]:
    """Add the words of all columns of one meaning to the rows; return the columns passed over.

    ``named``: names of columns that have the meaning, of those that may have it, and whether a
    word of theirs is known.
    """
    sure, perhaps, known = named
    folded = {str(field).casefold(): str(field) for field in reversed(frame.columns.tolist())}
    columns, unread = [folded[name] for name in sure if name in folded], []
    for column in (folded[name] for name in perhaps if name in folded):
        words = {text for value in frame[column] if (text := _text(tag, value))}
        if any(known(word) for word in words):
            columns.append(column)
        elif words:
            unread.append(column)
    for column in columns:
        _add(rows, tag, frame[column])
    return unread


def _add(rows: list[Row], tag: str, values: Iterable[Any]) -> None:
    """Add a column's words to what rows say already: all of them are heard."""
    for row, value in zip(rows, values, strict=True):
        text = _text(tag, value)
        if text:
            word = street_class(text) if tag == "highway" else text
            row[tag] = f"{row[tag]};{word}" if row.get(tag) else word
            if word == "railway":
                row["railway"] = "rail"


def _unpacked(value: Any) -> Mapping[str, str]:
    """Return the tags that GDAL packs into one column: an hstore text, or JSON."""
    text = "" if value is None else str(value).strip()
    wanted = {*TAGS, *STATE_TAGS, *BARRIER_TAGS, *POST_TAGS}
    if text.startswith("{"):
        try:
            pairs = json.loads(text).items()
        except (ValueError, AttributeError):
            return {}
    else:
        pairs = [(_plain(k), _plain(v)) for k, v in _HSTORE.findall(text)]
    return {str(k): str(v) for k, v in pairs if k in wanted and v not in {None, ""}}


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _text(tag: str, value: Any) -> str | None:
    """Return a cell as an OSM tag's text: no blanks, no ``123.0``, no T and F, lists in one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = ";".join(dict.fromkeys(values_of("" if value is None else str(value).strip())))
    if tag in {"bridge", "tunnel"}:
        return None if text.casefold() in _NO else "yes" if text.casefold() in _YES else text
    return None if text.casefold() in {"", "nan", "none"} else text
