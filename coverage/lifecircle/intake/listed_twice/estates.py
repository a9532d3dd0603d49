"""Estates that may stand on two rows: of one name, however it is written, at one place.

Two lists of one county disagree on households, on 小区 at the end of a name and on the town before
it. Only what parts two estates for certain parts two rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Shapes = NDArray[np.object_]

__all__ = ["ESTATE_M", "bare_names", "estates_again"]

ESTATE_M = 100.0
"""Rows of one estate's name within this distance may be one estate: a gate and a middle."""
_COUNTY = re.compile(r"^[^省市县区]{1,4}县(?=..)")
_TOWN = re.compile(r"^.{2,4}?(?:街道办事处|街道办|街道|办事处|(?<=..)镇)(?=..)")
"""The town before a name: 磐石街道东园. What the rows name themselves goes before it."""
_UNIT_END = re.compile(r"(?:居民委员会|村民委员会|居委会|村委会|社区|行政村|村)$")
_UNIT_ENDS = ("社区居委会", "居民委员会", "村民委员会", "居委会", "村委会", "社区", "行政村", "村")
_ESTATE_END = re.compile(r"(?<=..)(?:(?:住宅|居民|居住|生活)?小区|居住区|住宅区)")
_SIGNS = re.compile(
    r"[()\[\]〔〕【】“”‘’\"'《》「」『』·・•‧∙.\-—_]|第(?=[\d〇零一二三四五六七八九十])"
)
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SAYS_LITTLE = re.compile(
    r"(?:住宅|居住|居民|家属|职工|单位|老旧|新建|商品|安置|回迁)*"
    r"(?:小?区|社区|花园|家园|花苑|新村|新区|公寓|住宅|宿舍|平房|家属院|家属区|大院|楼|院|村|房)?"
    r"\d*(?:期|区|号院?|号?楼|院|栋|幢)?"
)
"""Names that many estates have: 家属院, 3号楼."""
_TOLD = ("unit", "community")
_AHEAD = frozenset({AgeClass.NEW, AgeClass.APPROVED})


def estates_again(ledger: Ledger, shapes: Shapes) -> dict[int, int]:
    """Return row → the first row of areas that may be the same estate, whatever either counts.

    Of one name but for signs, 小区 and the town or community before it, and at one place
    (:data:`ESTATE_M`; one within the other); where one has no position, of one community. Phases
    and parts have other names; a ``project`` that both have, or a new estate where the other one
    stood, parts them.
    """
    frame = ledger.frame
    if ledger.raw.layer != "residential":
        return {}
    groups: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(bare_names(frame["name"].tolist(), _units_named(frame))):
        if name:
            groups[name].append(row)
    found: dict[int, int] = {}
    for rows in groups.values():
        if len(rows) > 1:
            columns = ["project", "age_class", *_TOLD]
            said = dict(zip(rows, frame[columns].iloc[rows].to_dict("records"), strict=True))
            _first_of_each(rows, said, shapes, found)
    return found


def _first_of_each(
    rows: Sequence[int], said: dict[int, Any], shapes: Shapes, found: dict[int, int]
) -> None:
    """Add of rows of one name those that may be an earlier one, which itself is none."""
    placed = np.array([row for row in rows if shapes[row] is not None], dtype=int)
    tree = shapely.STRtree(shapes[placed])
    by_unit: dict[object, list[int]] = defaultdict(list)
    astray: dict[object, list[int]] = defaultdict(list)
    for row in rows:
        here, unit = shapes[row], _unit(said[row])
        mates: list[int] = []
        if here is not None:
            near = tree.query(here, predicate="dwithin", distance=ESTATE_M)
            mates += placed[near].tolist()
        mates += (by_unit if here is None else astray)[unit]
        firsts = (n for n in sorted(mates) if n < row and n not in found)
        one = next((n for n in firsts if not _parted(said[n], said[row])), None)
        if one is not None:
            found[row] = one
        for known in (by_unit, astray) if here is None else (by_unit,):
            if unit is not None:
                known[unit].append(row)


def _unit(said: dict[str, Any]) -> object:
    """Return the town and community that a row says, None where it lacks the community."""
    told = [None if is_blank(said[name]) else fold(str(said[name])) for name in _TOLD]
    return None if told[1] is None else tuple(told)


def _parted(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two rows of one name at one place are two for certain."""
    if not (is_blank(one["project"]) or is_blank(other["project"])):
        return True
    classes = [said["age_class"] for said in (one, other) if not is_blank(said["age_class"])]
    return len({told in _AHEAD for told in classes}) > 1


def _units_named(frame: Any) -> tuple[str, ...]:
    """Return what rows call their towns and communities, the longest first."""
    found: set[str] = set()
    for column in _TOLD:
        for text in {fold(str(one)) for one in frame[column] if not is_blank(one)}:
            if text.isascii():
                continue  # a code
            found |= {text, f"{text}办事处", f"{text}办"} if text.endswith("街道") else {text}
            if (bare := _UNIT_END.sub("", text)) != text and len(bare) > 1:
                found |= {f"{bare}{end}" for end in _UNIT_ENDS}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def bare_names(names: Iterable[object], units: Sequence[str]) -> Iterator[str]:
    """Yield what parts the names of estates from each other; blank: nothing does.

    ``units``: names of towns and communities that may stand before them.
    """
    begun = {unit[:2] for unit in units}
    for name in names:
        yield "" if is_blank(name) else _bare(fold(str(name)), units, begun)


def _bare(folded: str, units: Sequence[str], begun: set[str]) -> str:
    rest = _COUNTY.sub("", folded)
    for _ in _TOLD:
        unit = ""
        if rest[:2] in begun:
            unit = next((one for one in units if rest.startswith(one)), "")
        if not unit and (town := _TOWN.match(rest)):
            unit = town[0]
        after = rest[len(unit) :]
        if not unit or _plain(after) == "":
            break
        rest = after
    return _plain(rest)


def _plain(name: str) -> str:
    """Return a name without signs, 小区 and ways of writing numbers; blank: it says too little."""
    plain = _ESTATE_END.sub("", _SIGNS.sub("", name)).translate(_NUMERALS)
    return "" if len(plain) < 2 or _SAYS_LITTLE.fullmatch(plain) else plain  # noqa: PLR2004
