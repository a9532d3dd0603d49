"""Who is served, as people write it into one cell: 东苑/西苑, 东苑和西苑, 东苑75㎡ 西苑75㎡.

Of a cell that a shapefile's field cut, what stands before the last piece is whole. The last may be,
or the beginning of a longer name; and whom the record named after it, nobody knows.
"""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lifecircle.intake.joins.lists import ITSELF, NONE, each_name, plainly_listed
from lifecircle.intake.joins.portions import run_together, with_portions
from lifecircle.intake.ledger.cells.cut_texts import filled, typed_width
from lifecircle.intake.ledger.cells.remarked import REMARKS
from lifecircle.intake.ledger.values import split_serves
from lifecircle.model.dictionary import columns, fold, match_word
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lifecircle.intake.ledger.rows import Ledger

    Part = tuple[str, str | None]
    MayMean = tuple[str, str, float, str, bool]

__all__ = [
    "cut_records",
    "goes_on",
    "of_itself",
    "record_parts",
    "remarked",
    "served",
    "some_part",
]

_LONGEST = 300
"""Characters of a cell that is taken apart; longer ones are prose."""
_AND_MORE = "等"
"""What a record says that names areas and means more."""
_LOST, _READ_AS = "…", ProblemCode.NAME_READ_AS
"""Stands for what was cut off a figure: it can no longer be read."""
_PARTED = re.compile(r"[;；、，,|/\\]\s*$")
"""The end of a record that was cut after a whole piece."""
_COLON = re.compile(r"[:：]\s*$")
_NOBODY = re.compile(
    r"(?:暂|尚|暂时)?(?:无|没有)(?:服务小区|服务对象|登记|记录)?|自用|待登记|(?:未|待)填报|未(?:补充?|完善|确认)"
)
"""What says no more than a blank does, besides the words that tell nothing."""
_REMARK_PARTS = re.compile(r"[,;。\n()\[\]【】]+")
_WHOM = re.compile(
    r"(?:主要|目前|现|实际|已|可|日常|长期|专门?|仅|只|该站|本站|房屋|用房|由|(?P<also>兼|同时|另外?|还|也|并))*"
    r"(?:服务(?:于|对象为?|范围为?|小区为?)?|(?P<and>兼顾)|供给?|提供给|(?:划?归|隶?属)于?|面向|覆盖|辐射|保障"
    r"|(?:移交|调剂|借)给?|给|为|(?P<with>[与和同]))[:是]?(?P<who>.+?)"
    r"(?:的?(?:使用|管理|所有|服务|居民|老年?人|群众|业主|共用|共享|合用|所属|配建|配套|用房?))*"
)
"""What a remark says of whom rooms serve: 服务西园, 供西园使用, 兼顾西园, 归西园管理."""
_TOGETHER = re.compile("(共用|共享|合用)$")


class Names(Protocol):
    """The names and ids of areas, as ``references.IdIndex`` knows them."""

    def find(self, text: str) -> str | None:
        """Return the area of exactly this name or id."""

    def taken(self, text: str) -> bool:
        """Return whether a name that nearly is an area's is read as its."""

    def perhaps(self, text: str) -> tuple[list[str], bool]:
        """Return the areas that a name may mean that is no one's, and whether it fits them."""

    def longer(self, text: str) -> list[str]:
        """Return the areas whose name or id begins with a text and goes on."""

    def called(self, key: str) -> str:
        """Return what an area is told by."""


class Beyond(Protocol):
    """What records say more than they name, as ``beyond.BeyondNames`` reads it."""

    def read(
        self, parts: Sequence[Part], names: Names, facilities: Ledger, row: int
    ) -> tuple[list[Part], list[MayMean], list[Problem]]:
        """Return the parts that name areas, what the others may mean, and what is said."""


def served(
    cell: str, known: Callable[[str], bool], facilities: Ledger, row: int
) -> tuple[list[Part], list[Problem]]:
    """Return the areas of a cell with the m² as written, and what was read in another way than so.

    Areas that stand one after the other are parted where every piece is an area's: what would be
    left over could be what matters.

    Parameters
    ----------
    known
        Whether a text is exactly the name or the id of one area.
    """
    if known(cell):  # a name may hold a comma
        return [(cell, None)], []
    parts: list[Part] = []
    problems = []
    for name, area in split_serves(cell):
        alone = area or len(name) > _LONGEST or known(name)
        most = _most_m2(facilities, row)
        more = [] if alone else run_together(name, known, most)
        parts += more or [(name, area)]
        if more:
            read = "；".join(one if m2 is None else f"{one}:{m2}" for one, m2 in more)
            params = {"read": read, "target": "residential", "table": "residential"}
            told = facilities.problem(_READ_AS, Severity.INFO, row, "serves", **params)
            problems.append(dataclasses.replace(told, value=name))
    return parts, problems


def _served_each(
    cell: str, names: Names, facilities: Ledger, row: int
) -> tuple[list[Part], list[Problem]]:
    """Return the areas of a cell as :func:`served`, each that shares a name by its own."""

    def known(text: str) -> bool:
        return names.find(text) is not None

    def one_row(text: str) -> bool:
        return known(text) or names.taken(text)

    def near(text: str) -> bool:
        return one_row(text) or len(names.perhaps(text)[0]) == 1

    whole = with_portions(cell, known, near, _most_m2(facilities, row))
    whole = whole if known(whole) else plainly_listed(whole, known)
    if not known(cell):
        whole = each_name(whole, one_row, lambda one: bool(names.perhaps(one)[0]))
    parts, problems = served(whole, known, facilities, row)
    if whole != cell:
        read = "；".join(one if m2 is None else f"{one}:{m2}" for one, m2 in parts)
        params = {"read": read, "target": "residential", "table": "residential"}
        problems.append(facilities.problem(_READ_AS, Severity.INFO, row, "serves", **params))
    return parts, problems


def cut_records(ledger: Ledger, column: str, names: Names) -> frozenset[int]:
    """Return the rows whose record may have been cut by the width of its field.

    A field whose width somebody set cuts whatever fills it. One that is as wide as its longest
    text cuts none: it is told by its records, which end with a whole name.
    """
    header = ledger.headers.get(column)
    texts = {} if header is None else filled(ledger.raw, header)
    if header is None or not texts:
        return frozenset()
    full = ledger.raw.full[header]
    cuts = any(
        full[at].halved
        or typed_width(full[at].width)
        or not (names.find(text) or names.find(_last(text)))
        for at, text in texts.items()
    )
    cut = {at for at, text in texts.items() if cuts or names.longer(_last(text))}
    return frozenset(row for row, at in enumerate(ledger.at.tolist()) if at in cut)


def _last(text: str) -> str:
    parts = split_serves(text)
    return parts[-1][0] if parts else ""


def goes_on(ledger: Ledger, row: int, column: str, text: str, names: Names) -> bool:
    """Return whether a reference fills its field and is the beginning of a longer name or id.

    Of a list of them no single one fills it.
    """
    if columns(ledger.raw.layer)[column].type == "serves":
        return False
    header = ledger.headers.get(column, "")
    return int(ledger.at[row]) in ledger.raw.full.get(header, {}) and bool(names.longer(text))


def of_itself(text: str, area: str | None, facilities: Ledger, row: int) -> bool:
    """Return whether a piece says only that rooms serve where they are, or nothing; or the cut end.

    Whom a record names after its end is told with what may be meant of those around.
    """
    codes = [name for name in ("unit", "community") if name in facilities.frame]  # planned: none
    units = (facilities.frame[name].iloc[row] for name in codes)
    own = {fold(unit) for unit in units if isinstance(unit, str)}
    said = fold(text)
    its = said in own or any(words.fullmatch(said) for words in (ITSELF, _NOBODY))
    its = its or match_word("untold", said) is not None
    return its or (area or "").endswith(_LOST)


def record_parts(
    cell: str,
    names: Names,
    facilities: Ledger,
    row: int,
    beyond: Beyond | None,
    *,
    cut: bool,
) -> tuple[list[Part], list[MayMean], list[Problem]]:
    """Return the parts of a record that name an area, what the rest may mean, and what is said.

    ``cut``: it fills a field that cuts (:func:`cut_records`).
    """
    parts, problems = _served_each(cell, names, facilities, row)
    parts = [one for one in parts if one[1] is not None or not NONE.fullmatch(fold(one[0]))]
    if cut and parts:
        parts, likely, told = _of_cut(parts, cell, names, facilities, row, beyond)
        return parts, likely, problems + told
    if beyond is None:
        return parts, [], problems
    parts, likely, told = beyond.read(parts, names, facilities, row)
    return parts, likely, problems + told


def some_part(
    names: Names, facility: str, target: str, part: tuple[str, Iterable[float]]
) -> list[MayMean]:
    """Return what a part may mean whose m² nobody can read, and whom they name besides.

    ``part``: as it is written, and between what its m² lie.
    """
    written, ends = part
    found: list[MayMean] = [(facility, target, m2, written, True) for m2 in ends]
    beside = [one for one in names.perhaps(written.partition(":")[2])[0] if one != target]
    return [*found, *((facility, one, math.nan, written, False) for one in beside)]


def _of_cut(
    parts: list[Part],
    cell: str,
    names: Names,
    facilities: Ledger,
    row: int,
    beyond: Beyond | None,
) -> tuple[list[Part], list[MayMean], list[Problem]]:
    facility = str(facilities.frame.index[row])
    width = facilities.raw.full[facilities.headers["serves"]][int(facilities.at[row])].width
    warning = Severity.WARNING
    problems = [facilities.problem(ProblemCode.SERVES_CUT, warning, row, "serves", width=width)]
    parts, begun, keys = _without_end(parts, cell, names)
    likely = [(facility, key, math.nan, begun, False) for key in keys]
    if keys:
        said = {"target": "residential", "nearest": "、".join(map(names.called, keys))}
        code = ProblemCode.REFERENCE_UNKNOWN
        lost = facilities.problem(code, warning, row, "serves", **said)
        problems.append(dataclasses.replace(lost, value=begun))
    if beyond is None:
        return parts, likely, problems
    more = [*parts, (_AND_MORE, None)]
    named, further, told = beyond.read(more, names, facilities, row)
    if not parts:  # whom it names first nobody knows: perhaps not where it stands
        further += [(facility, key, math.nan, _AND_MORE, False) for key, _ in named]
        named = []
    end = f"{_last(cell)}{_LOST}"  # the record says nothing of others: it ends there
    further = [
        (f, key, m2, end if text == _AND_MORE else text, w) for f, key, m2, text, w in further
    ]
    return named, likely + further, problems + _told_once(told, end)


def _told_once(told: Sequence[Problem], end: str) -> list[Problem]:
    """Return what is said of a record that was cut, of whom it may mean after its end but once."""
    at = max(n for n, one in enumerate(told) if one.value == _AND_MORE)
    before = [p.params["count"] for p in told[:at] if p.code is ProblemCode.SERVES_MORE]
    after = dataclasses.replace(told[at], value=end)
    kept = [] if max(before, default=-1) >= after.params["count"] else [after]
    return [*told[:at], *kept, *told[at + 1 :]]


def _without_end(
    parts: Sequence[Part], cell: str, names: Names
) -> tuple[list[Part], str, list[str]]:
    """Return the parts of a record that was cut; its last piece, and the areas it may mean.

    The last piece stays a part where no longer name begins so; m² behind it may lack digits, and
    where others have some it had its own.
    """
    name, area = parts[-1]
    before = list(parts[:-1])
    if _PARTED.search(cell):
        return [*parts], name, []
    if area is not None or _COLON.search(cell):
        return [*before, (name, f"{area or ''}{_LOST}")], name, []
    if more := names.longer(name):
        named = names.find(name)
        return before, name, [*([named] if named else []), *more]
    lost = _LOST if any(m2 is not None for _, m2 in before) else None
    return [*before, (name, lost)], name, []


def _most_m2(facilities: Ledger, row: int) -> float:
    """Return how many m² the rooms of a row have; 0 where none are told."""
    cells = (facilities.frame[f"{name}_area_m2"].iloc[row] for name in ("floor", "community"))
    return max((float(m2) for m2 in cells if not math.isnan(m2)), default=0.0)


class Remarked(NamedTuple):
    """What a remark says of whom rooms serve: the areas it names, or may mean, in which words.

    ``also``: beside those of their record (兼顾), not in their place.
    """

    row: int
    areas: frozenset[str]
    words: str
    also: bool
    problem: Problem


def remarked(facilities: Ledger, names: Names, known: Mapping[str, set[str]]) -> list[Remarked]:
    """Return what remarks say of whom rooms serve that their record does not.

    Parameters
    ----------
    known
        Facility → the areas that its record names.
    """
    raw, read = facilities.raw, set(facilities.headers.values())
    found = []
    for header in (h for h in raw.frame if h not in read and REMARKS.fullmatch(fold(h))):
        cells = raw.frame[header].tolist()
        for row, facility in enumerate(facilities.frame.index):
            at = int(facilities.at[row])
            for areas, words, also in _whom(cells[at], names, facilities, row):
                if areas <= known.get(str(facility), set()):
                    continue
                told = {"said": words, "areas": "、".join(map(names.called, sorted(areas)))}
                code, severity = ProblemCode.REMARK_OF_WHOM, Severity.WARNING
                asked = raw.problem(code, severity, at=at, header=header, value=cells[at], **told)
                found.append(Remarked(row, areas, words, also, asked))
    return found


def _whom(
    cell: object, names: Names, facilities: Ledger, row: int
) -> Iterator[tuple[frozenset[str], str, bool]]:
    """Yield the areas that the parts of a remark name as served, the words, and whether besides."""
    for part in _REMARK_PARTS.split(fold(cell)) if isinstance(cell, str) else ():
        told = _WHOM.fullmatch(part)
        together = _TOGETHER.search(part) is not None
        if told is None or (told["with"] and not together):
            continue
        pieces, _ = served(told["who"], lambda one: names.find(one) is not None, facilities, row)
        means = [[one] if (one := names.find(n)) else names.perhaps(n)[0] for n, _ in pieces]
        if areas := frozenset(key for keys in means for key in keys):
            yield areas, part, bool(told["also"] or told["and"] or together)
