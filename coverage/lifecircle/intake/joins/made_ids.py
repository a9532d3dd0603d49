"""References to ids that the program made of row numbers: they mean another row once one is added.

A ledger without codes is read all the same, its rows numbered as the user sees them: R3 is row 3.
Written in another table, such a number says where a place stood, not which place is meant.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.errors import nearest_name
from lifecircle.intake.joins.lists import each_name, names_listed
from lifecircle.intake.joins.references import IdIndex, each_subject, lost, zeros_read
from lifecircle.intake.ledger.numbering import one_spelling
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import is_blank, split_serves
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer

__all__ = ["exempt_by_name", "exempt_perhaps", "exempted", "made_ids", "made_references"]

_AFTER = re.compile(r"\s*[/\\+&.。和及与]\s*|\s+")
_FROM_TO = re.compile(r"(?P<of>[a-z]*)(?P<first>\d+)(?:[-~—–]+|至|到)(?P=of)?(?P<last>\d+)")
_NUMBERED = re.compile(r"(?P<of>[a-z]*)(?P<number>\d+)")
"""From one id to another: R1-R5."""

_COLUMNS = {
    "facilities": {"serves": "residential"},
    "gates": {"residential": "residential"},
    "buildings": {"residential": "residential"},
    "travel": {"demand": "residential", "facility": "facilities"},
}
"""Layer → its columns that name rows of another layer → which layer."""
_EVERYWHERE = re.compile(
    r"(全[县区市域部]|所有|各|一切|上述|以上)(的)?(所有)?"
    r"(\w{0,4}?(小区|居住区|住区|住宅区|社区|项目|地块|对象))?(均|全部)?|all"
)
_SORT = re.compile(
    r"(全[县区市]|城区|县城)?(的)?(所有|全部|各)?((19|20)\d\d年(以|之)?(前|后)(建成|交付)?(的)?|老旧|旧|既有|新建|已?建成|在建|未建成?|已批"
    r"|(拆迁)?安置|回迁|棚改|保障(性)?(住房|房)?|公租房|廉租房|经济适用房|经适房|商品房|房改房|农村|城镇|城中村|无物业|零星|散居|小型|和|及|、)+"
    r"(的)?(小区|居住区|住区|住宅区?|社区|项目|地块|类)*"
)
"""A sort of estates: 老旧小区, 2000年以前建成的小区. Which are meant the exemption does not say."""
_OF_A_UNIT = re.compile(r"(?P<unit>.+?(镇|乡|街道|社区|村|办事处))的?(?P<rest>.+)")
_AND_MORE = re.compile(
    r"(?P<named>.+?)等(\d+|[一二两三四五六七八九十几多]+)?(个|处)?(小区|居住区|住宅|项目|地块)*"
)
_BUT = re.compile(
    r"除(了)?(?P<but>.+?)(以|之)?外(.{0,8}(小区|居住区|住宅区?|项目|均|全部))?"
    r"|(?P<all>.*?)[(,](不(含|包括|包含)|除(去|了)?|扣除)(?P<out>[^()]+)\)?|(?P<rest>.+?)[(,](?P<off>[^()]+?)除外\)?"
)
"""All but those named: 除东苑外, 全部小区（不含东苑）."""
_OF_PROJECT = re.compile(r"(项目|工程|楼盘|地块)+$")


def made_ids(ledger: Ledger) -> dict[str, str]:
    """Return the ids of a ledger that its file does not give, folded → the name of the row.

    Those of units are their codes.
    """
    frame = ledger.frame
    if frame.index.name != "id":
        return {}
    header = ledger.headers.get("id") or ledger.headers.get("code")
    cells = None if header is None else ledger.raw.frame[header].to_numpy()[ledger.at]
    return {
        fold(key): str(frame["name"].iloc[row] or key) if "name" in frame else str(key)
        for row, key in enumerate(frame.index)
        if cells is None or is_blank(cells[row])
    }


def made_references(
    ledgers: Iterable[Ledger], made: Mapping[str, Mapping[str, str]]
) -> tuple[Problem, ...]:
    """Return a warning for each cell that names a row by an id that the program made.

    The reference is followed: it is right as long as the rows stay as they are.

    Parameters
    ----------
    ledgers
        The tables that may name rows of others.
    made
        Layer → what :func:`made_ids` says of it.
    """
    return tuple(
        _warning(ledger, row, column, made[target][fold(part)], part)
        for ledger in ledgers
        for column, target in _COLUMNS.get(ledger.raw.layer, {}).items()
        if made.get(target)
        for row, cell in enumerate(ledger.frame[column])
        if cell is not None
        for part, _ in ([(cell, None)] if column != "serves" else split_serves(cell))
        if fold(part) in made[target]
    )


def exempt_by_name(
    ledger: Ledger, layers: Iterable[Layer], made: Mapping[str, Mapping[str, str]]
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the exemptions with names as ids, and without those of ids that the program made.

    A name serves where one row of all layers has it, and a number that lost its zeros where one
    id of all layers is that number. An exemption of a made id is refused: who was meant would be
    judged another year, and somebody else exempt.
    """
    layers = tuple(layers)
    names = [IdIndex(layer.frame) for layer in layers]
    known = _single(names, layers)
    numbers = {key: name for one in made.values() for key, name in one.items()}
    refused = np.zeros(len(ledger.frame), dtype=bool)
    ids, problems = ledger.frame["id"].tolist(), []
    for row, said in enumerate(ids):
        if said is None:
            continue
        if fold(said) in numbers:
            refused[row] = True
            problems.append(_warning(ledger, row, "id", numbers[fold(said)], said))
        elif said not in known:
            found = _called(said, names) or _unit_of_sort(said, names, layers)
            lost = [] if found else _of_number(said, names, layers)
            if len(lost) == 1:
                found = {lost[0][0]}
                problems.append(zeros_read(ledger, row, "id", lost[0][1], lost[0][0]))
            ids[row] = found.pop() if len(found) == 1 else said
    frame = ledger.frame.assign(id=texts(ids, ledger.frame.index))
    return dataclasses.replace(ledger, frame=frame).without(refused), tuple(problems)


def _single(names: Iterable[IdIndex], layers: Iterable[Layer]) -> set[str]:
    """Return the ids of all layers that mean one row: not of one that may be another again."""
    each = zip(names, layers, strict=True)
    return {str(key) for one, layer in each for key in layer.frame.index if one.single(str(key))}


def _called(said: str, names: Iterable[IdIndex]) -> set[str]:
    return {key for one in names if (key := one.find(said)) is not None}


def _unit_of_sort(said: str, names: Iterable[IdIndex], layers: Iterable[Layer]) -> set[str]:
    """Return the unit of which a cell names all areas or a sort of them: 曹城街道老旧小区."""
    told = _OF_A_UNIT.fullmatch(fold(said))
    if told is None or not any(words.fullmatch(told["rest"]) for words in (_SORT, _EVERYWHERE)):
        return set()
    units = [one for one, layer in zip(names, layers, strict=True) if layer.name == "units"]
    return _called(told["unit"], units)


def _of_number(
    said: str, names: Iterable[IdIndex], layers: Iterable[Layer]
) -> list[tuple[str, str]]:
    """Return the ids that are the number said, each with its layer."""
    each = zip(names, layers, strict=True)
    return [(key, layer.name) for one, layer in each if (key := one.of_number(said)) is not None]


def exempted(ledger: Ledger, layers: list[Layer], made: Container[str] = ()) -> tuple[Problem, ...]:
    """Return a warning for each exemption whose subject is in none of the layers.

    It names the id that is meant where the cell holds a name, else the id most like it.
    """
    named = [IdIndex(layer.frame) for layer in layers]
    known = sorted(_single(named, layers))
    return tuple(
        lost(
            ledger,
            row,
            "id",
            "residential",
            Severity.WARNING,
            nearest=_likeliest(named, key)
            or "、".join(_may_mean(named, layers, key, made))
            or nearest_name(key, known),
        )
        for row, key in enumerate(ledger.frame["id"])
        if key not in known
        and not each_subject(named, key, made)
        and not _phases(layers, key)
        and _everywhere(layers, key) is None
    )


def exempt_perhaps(
    table: pd.DataFrame, layers: Iterable[Layer], made: Container[str] = ()
) -> pd.DataFrame:
    """Return exemptions with a row for each place that an unclear name may mean, and ``written``.

    A cell that lists several (R1、R2) means each of them; not by ids that the program ``made``; the
    name of a project means its phases. Of a name that several rows have one is exempt, of one that
    nearly agrees perhaps none: ``written`` is that name, None where it is plain who is exempt, or
    nobody can be meant. A street or community may mean itself and every area in it (``whole``).
    """
    layers = tuple(layers)
    names = [IdIndex(layer.frame) for layer in layers]
    known = _single(names, layers)
    rows: list[tuple[int, str, str | None, bool]] = []
    for row, said in enumerate(map(str, table["id"])):
        plain, meant = list[str](), list[str]()
        if said not in known:
            plain = each_subject(names, said, made) or _phases(layers, said)
            wide = bool(plain) or _everywhere(layers, said) is not None
            meant = [] if wide else _may_mean(names, layers, said, made)
        rows += [(row, key, said if meant else None, False) for key in plain or meant or [said]]
        if not plain:
            rows += _whole(layers, row, said)
    found = table.iloc[[row[0] for row in rows]].reset_index(drop=True)
    told = pd.DataFrame(rows, found.index, ["row", "id", "written", "whole"], dtype=object)
    return found.assign(id=told["id"], written=told["written"], whole=told["whole"])


def _whole(layers: Iterable[Layer], row: int, said: str) -> list[tuple[int, str, str | None, bool]]:
    """Return the areas that a unit's id, or a word for all of them (全县), may mean.

    An area of which neither street nor community is known may lie in any.
    """
    frames = {layer.name: layer.frame for layer in layers}
    areas, units = frames.get("residential"), frames.get("units")
    if areas is None or not len(areas):
        return []
    if (wide := _everywhere(layers, said)) is not None:
        return [(row, key, said, True) for key in wide]
    if units is None or said not in units.index or said in areas.index:
        return []
    written = str(units.at[said, "name"] or said)
    none = pd.Series(None, areas.index, dtype=object)
    pairs = zip(areas.get("unit", none), areas.get("community", none), strict=True)
    inside = [
        str(key) for key, codes in zip(areas.index, pairs, strict=True) if _may_lie_in(said, codes)
    ]
    return [(row, key, written, True) for key in inside]


def _everywhere(layers: Iterable[Layer], said: str) -> list[str] | None:
    """Return the areas that a word for all, for a sort, or for more than it names may mean.

    ``None``: it is no such word. Of 除东苑外 those that are not plainly 东苑.
    """
    words = (_EVERYWHERE, _SORT, _AND_MORE, _BUT)
    found = next(filter(None, (one.fullmatch(fold(said)) for one in words)), None)
    areas = next((one.frame for one in layers if one.name == "residential"), None)
    if areas is None or found is None:
        return None
    names = IdIndex(areas)
    if names.find(said) is not None or names.perhaps(said)[1]:
        return None  # an estate may be called so
    if found.re is _AND_MORE:
        return [str(key) for key in areas.index] if _names_some(found["named"], names) else None
    return _all_but(found.groupdict() if found.re is _BUT else {}, names, areas.index)


def _names_some(text: str, names: IdIndex) -> bool:
    """Return whether a list names an area, perhaps: 西园 of 西园等2个小区, none of 平等小区."""
    return any(names.find(one) or names.perhaps(one)[0] for one in names_listed(text))


def _all_but(
    said: Mapping[str, str | None], names: IdIndex, ids: Iterable[object]
) -> list[str] | None:
    """Return the areas but those that are plainly named; None: it speaks not of all of them."""
    whole = said.get("all") or said.get("rest") or ""
    if whole and not any(words.fullmatch(whole) for words in (_EVERYWHERE, _SORT)):
        return None
    but = next(filter(None, (said.get(side) for side in ("but", "out", "off"))), "")
    left_out = {names.find(name) for name in names_listed(but)}
    return [str(key) for key in ids if str(key) not in left_out]


def _phases(layers: Iterable[Layer], text: str) -> list[str]:
    """Return the areas of the project that a text names: its phases."""
    areas = next((one.frame for one in layers if one.name == "residential"), None)
    projects = () if areas is None or "project" not in areas else areas["project"].items()
    code = one_spelling(text)
    return [str(key) for key, name in projects if name is not None and one_spelling(name) == code]


def _likeliest(named: list[IdIndex], text: str) -> str | None:
    """Return the ids that a name may mean: the one that has it, else all that may."""
    exact = next((one.find(text) for one in named if one.find(text)), None)
    several = [key for one in named for key in one.perhaps(text)[0]]
    return exact or "、".join(dict.fromkeys(several)) or None


def _may_lie_in(unit: str, codes: Iterable[object]) -> bool:
    """Return whether an area of a street and a community, each perhaps blank, may lie in a unit."""
    own = [str(code) for code in codes if not is_blank(code)]
    if not own or any(code.startswith(unit) for code in own):
        return True
    # its street is known, its community is not
    return len(own) == 1 and unit.startswith(own[0])


def _may_mean(
    names: Sequence[IdIndex], layers: Iterable[Layer], said: str, made: Container[str]
) -> list[str]:
    """Return the rows of all layers that a name fits, else those that it nearly agrees with.

    Else those of several phases (东苑一、二期), from one id to another (R1-R5), or of a list that
    has a nobody in it (R1、X9); an id that the program ``made`` is nobody's there.
    """
    may = [one.perhaps(said) for one in names]
    if not any(keys for keys, _ in may) and (short := _OF_PROJECT.sub("", said)) not in {"", said}:
        may = [one.perhaps(short) for one in names]
    told = [keys for keys, fits in may if fits]
    if not any(told):
        both = zip(names, layers, strict=True)
        areas = ((one, layer.frame) for one, layer in both if layer.name == "residential")
        told = [keys for keys, _ in may] + [_of_areas(*one, said, made) for one in areas]
    return list(dict.fromkeys(key for keys in told for key in keys))


def _of_areas(names: IdIndex, areas: pd.DataFrame, said: str, made: Container[str]) -> list[str]:
    """Return the areas that a list, or a part of a name, may mean."""
    some = _from_to(map(str, areas.index), fold(said)) or _listed(names, said, made)
    return some or names.abbreviated(said)


def _listed(names: IdIndex, said: str, made: Container[str]) -> list[str]:
    """Return the areas of a list, as far as its pieces are any's."""

    def known(text: str) -> bool:
        return fold(text) not in made and (names.find(text) is not None or names.taken(text))

    whole = each_name(said, known, lambda one: bool(names.perhaps(one)[0]))
    if whole != said:  # names that share a beginning or an end, as a record has them
        some = _surest(names, names_listed(whole), known)
        return [key for one in some for key in _meant(names, one, made)]
    pieces = [one for piece in names_listed(said) for one in _listed_so(piece, known)]
    return [key for one in pieces if len(pieces) > 1 and known(one) and (key := names.find(one))]


def _surest(names: IdIndex, each: list[str], known: Callable[[str], bool]) -> list[str]:
    """Return the names that are some area's, or one of two; else all, which nearly are."""
    return [one for one in each if known(one) or names.perhaps(one)[1]] or each


def _meant(names: IdIndex, text: str, made: Container[str]) -> list[str]:
    key = None if fold(text) in made else names.find(text)
    return names.perhaps(text)[0] if key is None else [key]


def _listed_so(piece: str, known: Callable[[str], bool]) -> list[str]:
    """Return the names in a piece of a list that stand one after the other: R1和R2, R1 R2."""
    return [piece] if known(piece) else [*filter(None, _AFTER.split(piece))]


def _from_to(ids: Iterable[str], text: str) -> list[str]:
    """Return the ids from one to another: R1-R5."""
    ends = _FROM_TO.fullmatch(text)
    if ends is None:
        return []
    first, last = sorted((int(ends["first"]), int(ends["last"])))
    read = {key: _NUMBERED.fullmatch(fold(key)) for key in ids}
    mine = {key: int(one["number"]) for key, one in read.items() if one and one["of"] == ends["of"]}
    return [key for key, number in mine.items() if first <= number <= last]


def _warning(ledger: Ledger, row: int, column: str, name: str, said: str) -> Problem:
    code = ProblemCode.REFERENCE_MADE
    problem = ledger.problem(code, Severity.WARNING, row, column, name=name)
    return dataclasses.replace(problem, value=said)
