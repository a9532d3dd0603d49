"""Words that bind rows, 项目编号 of phases and 场所编号 of rooms: which bind nothing, or hardly.

无 and 不详 say that there is none. 商品房 and 老旧小区改造 are sorts, not one project, and
what lies kilometres apart is hardly one: whether such areas are phases is not known then.
"""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifecircle.intake.ledger.numbering import one_spelling
from lifecircle.intake.ledger.rows import texts
from lifecircle.model.dictionary import fold, match_word, unread
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.sites import ONE_YARD_M, SITE_PART, parts_of_sites, widest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["same_site_same_area", "with_bonds", "with_site_parts"]

_NOBODY = re.compile(
    r"(暂|尚|暂时)?(无|没有|未)(项目|编号|场所|分期|填写?|登记)?|否|不是|待定|其[他它]|不(涉及|适用|分期)|非分期|单独|单独成项|独立|单体|单一"
    r"|0|no"
)
_SORT = re.compile(
    r"((19|20)\d\d年?度?)?(普通)?(商品(房|住宅)|(拆迁)?安置房?|回迁房?|棚改|棚户区(改造)?|保障(性住)?房|公租房|廉租房"
    r"|经适房|经济适用房|房改房|集资房|(单位)?(宿舍|家属院)|自建房|老旧小区(改造)?|旧改|改造|新建|已建成?"
    r"|在建|续建|住宅(小区)?|小区|(房地产)?开发)(小区|项目|工程|住房|类)*"
)
"""Words for a sort of estates, which some ledgers have under 项目."""
_APART_M = {"residential": 2000.0, "facilities": 1000.0}
"""Layer → what is farther off than this from all others of its word is hardly one with them."""
_BOUND = {"residential": "project", "facilities": "site"}
_MANY_PHASES = 12
"""More areas than this of one sort are no project, whatever else."""
_NAMES_SHOWN = 10


def with_bonds(ledger: Ledger, shapes: NDArray[np.object_]) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return areas or facilities with the words that bind them, where they do, and what is told.

    A word for nothing is a blank, and so is one of rooms that lie apart: they are no one place.
    Rooms of one word that are not in one yard are perhaps one place (``SITE_PART``).
    Areas of a doubtful project are marked (``unread("project")``): perhaps they are phases of it.

    Parameters
    ----------
    ledger, shapes
        Rows and their shapes in projected metres (None: unknown). Other layers come back as they
        are.
    """
    layer = ledger.raw.layer
    column = _BOUND.get(layer)
    if column is None or column not in ledger.headers:
        return ledger, ()
    ledger = _spelled_alike(ledger, column)
    said = [fold(word) if isinstance(word, str) else "" for word in ledger.frame[column]]
    groups: dict[str, list[int]] = {}
    for row, word in enumerate(said):
        groups.setdefault(word, []).append(row)
    groups.pop("", None)
    blank, doubted = np.zeros(len(said), dtype=bool), np.zeros(len(said), dtype=bool)
    problems = []
    for word, rows in groups.items():
        code = _why_not(layer, word, rows, shapes)
        if code is None:
            continue
        loose = code in {ProblemCode.PROJECT_A_SORT, ProblemCode.PROJECT_STRUNG}
        (doubted if loose else blank)[rows] = True
        severity = Severity.INFO if code is ProblemCode.BOND_OF_NOTHING else Severity.WARNING
        names = [str(name) for name in ledger.frame["name"].iloc[rows[:_NAMES_SHOWN]]]
        told = {"count": len(rows), "names": names}
        problems.append(ledger.problem(code, severity, rows[0], column, **told))
    kept = [None if gone else word for gone, word in zip(blank, ledger.frame[column], strict=True)]
    frame = ledger.frame.assign(**{column: texts(kept, ledger.frame.index)})
    if doubted.any():
        frame[unread(column)] = doubted
    found = dataclasses.replace(ledger, frame=frame) if problems else ledger
    found, more = with_site_parts(found, shapes)  # areas have no sites
    return found, (*problems, *more)


def with_site_parts(
    ledger: Ledger, shapes: NDArray[np.object_]
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return facilities with the parts of sites that are not in one yard, and a warning of each.

    ``shapes``: in projected metres (None: unknown).
    """
    parts = parts_of_sites(ledger.frame, shapes)
    if not parts:
        return ledger, ()
    frame, rows = ledger.frame, dict[str, list[int]]()
    for row in sorted(parts):
        rows.setdefault(str(frame["site"].iloc[row]), []).append(row)
    problems = []
    for mine in rows.values():
        placed = np.array([shapes[row] for row in mine if shapes[row] is not None], dtype=object)
        away = widest(placed)
        names = [str(name) for name in frame["name"].iloc[mine[:_NAMES_SHOWN]]]
        told = {"count": len(mine), "names": names, "distance_m": round(away)}
        told["limit_m"] = ONE_YARD_M
        code = ProblemCode.SITE_SPREAD
        problems.append(ledger.problem(code, Severity.WARNING, mine[0], "site", **told))
    column = texts((parts.get(row) for row in range(len(frame))), frame.index)
    marked = frame.assign(**{SITE_PART: column})
    return dataclasses.replace(ledger, frame=marked), tuple(problems)


def _spelled_alike(ledger: Ledger, column: str) -> Ledger:
    """Return rows whose words are one number (1, 1.0, 01) with the shortest of its spellings."""
    said = ledger.frame[column].tolist()
    spelled: dict[str, set[str]] = {}
    for word in said:
        if isinstance(word, str) and one_spelling(word).isdigit():
            spelled.setdefault(one_spelling(word), set()).add(word)
    several = {code: min(some, key=len) for code, some in spelled.items() if len(some) > 1}
    if not several:
        return ledger
    alike = [several.get(one_spelling(w), w) if isinstance(w, str) else w for w in said]
    frame = ledger.frame.assign(**{column: texts(alike, ledger.frame.index)})
    return dataclasses.replace(ledger, frame=frame)


def _why_not(
    layer: str, word: str, rows: list[int], shapes: NDArray[np.object_]
) -> ProblemCode | None:
    """Return why a word does not bind its rows, or not for certain; None: it does."""
    if match_word("untold", word) is not None or _NOBODY.fullmatch(word):
        return ProblemCode.BOND_OF_NOTHING
    if len(rows) == 1:
        return None
    areas = layer == "residential"
    if areas and _SORT.fullmatch(word):
        sort = len(rows) > _MANY_PHASES
        return ProblemCode.BOND_OF_NOTHING if sort else ProblemCode.PROJECT_A_SORT
    if _strung([shapes[row] for row in rows if shapes[row] is not None], _APART_M[layer]):
        return ProblemCode.PROJECT_STRUNG if areas else ProblemCode.SITE_STRUNG
    return None


def _strung(shapes: list[object], reach: float) -> bool:
    """Return whether shapes fall into parts that are farther apart than ``reach``."""
    left = set(range(1, len(shapes)))
    if not left:
        return False
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    near: dict[int, list[int]] = {}
    for one, other in pairs.T.tolist():
        near.setdefault(one, []).append(other)
    asked = [0]
    while asked:
        found = left & set(near[asked.pop()])
        left -= found
        asked += found
    return bool(left)


def same_site_same_area(facilities: Ledger) -> tuple[Problem, ...]:
    """Return a warning for each row that repeats the floor area of an earlier row of its site.

    Rows of one site are one place and their m² are added: a second service in the same rooms
    should have a blank area.
    """
    seen: dict[tuple[str, float], int] = {}
    problems = []
    frame = facilities.frame
    for row, (site, area) in enumerate(zip(frame["site"], frame["floor_area_m2"], strict=True)):
        if site is None or math.isnan(area) or area == 0:
            continue
        if (site, area) in seen:
            first = int(facilities.raw.rows[facilities.at[seen[site, area]]])
            problems.append(
                facilities.problem(
                    ProblemCode.SAME_SITE_SAME_AREA,
                    Severity.WARNING,
                    row,
                    "floor_area_m2",
                    site=site,
                    first_row=first,
                )
            )
        else:
            seen[site, area] = row
    return tuple(problems)
