"""Which of the sheets, layers or folders of a file are read, and what is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.model.dictionary import fold, without_unit
from lifecircle.model.inputs.checkup import FRONT_SHEETS
from lifecircle.model.inputs.contents import Contents, LeftOut
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["ALL", "Asked", "Candidate", "Wanted", "choose"]

ALL = "*"
"""What a study writes for every sheet or layer that fits."""
Asked = str | tuple[str, ...] | None
"""The sheets or layers a study names: one, several, :data:`ALL`, or none."""

_FEW = 3
"""Known headers that make a table fit where no column is required."""
_PLACES = re.compile(r".+(街道|街道办|办事处|镇|乡|苏木|社区|村|园区|开发区|新区|农场)(\(.*\))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The headers to look for.

    Parameters
    ----------
    headers
        Every folded header that would be understood; none where anything is.
    needed
        For each column that the layer cannot do without, its folded headers.
    figures
        Folded headers of which a word above can make another figure (占地 over 面积).
    """

    headers: frozenset[str] = frozenset()
    needed: tuple[frozenset[str], ...] = ()
    figures: frozenset[str] = frozenset()

    def known(self, names: Iterable[str]) -> int:
        """Return how many of a table's headers would be understood."""
        return len(self.headers & _spellings(names))

    def fits(self, names: Sequence[str]) -> bool:
        """Return whether a table has what the layer cannot do without."""
        found = _spellings(names)
        if self.needed:
            return all(column & found for column in self.needed)
        return not self.headers or len(self.headers & found) >= min(_FEW, len(self.headers))


def _spellings(names: Iterable[str]) -> set[str]:
    folded = {fold(name) for name in names}
    return folded | {without_unit(name) for name in folded}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sheet, layer or folder of a file, looked at (``rows`` is known) or not.

    ``known``: how many of its headers would be understood; ``fits``: whether those that the layer
    cannot do without are among them.
    """

    name: str
    hidden: bool = False
    rows: int | None = None
    known: int = 0
    fits: bool = False


def choose(candidates: Sequence[Candidate], asked: Asked) -> Contents:
    """Return what is read of a file and what is left out, together all of the candidates.

    What the study names is read. Else hidden ones are left out, and of the others the first that
    fits is read; all that fit where each bears the name of a street, town or village: they are one
    ledger in parts.

    Raises
    ------
    SourceError
        A name of the study is not there, or there is nothing to choose from.
    """
    if not candidates:
        raise SourceError(ProblemCode.LAYER_EMPTY)
    names = [one.name for one in candidates]
    if asked is None or asked == ALL:
        read = _fitting(candidates, everything=asked == ALL)
    else:
        read = [asked] if isinstance(asked, str) else list(asked)
        if missing := [name for name in read if name not in names]:
            one = {} if isinstance(asked, str) else {"sheet": missing[0]}  # which of the several
            raise SourceError(ProblemCode.SHEET_MISSING, sheets=names, **one)
    return Contents(
        read=tuple(read),
        hidden_read=tuple(one.name for one in candidates if one.hidden and one.name in read),
        left_out=tuple(
            LeftOut(one.name, one.hidden, one.rows, one.fits)
            for one in candidates
            if one.name not in read
        ),
    )


def _fitting(candidates: Sequence[Candidate], *, everything: bool) -> list[str]:
    seen = list(filter(_is_seen, candidates)) or list(candidates)
    fitting = [one for one in seen if one.fits and one.rows]
    if fitting and (everything or _of_places(fitting)):
        return [one.name for one in fitting]
    filled = [one for one in seen if one.rows]
    return [_meant(fitting or filled or seen).name]


def _is_seen(one: Candidate) -> bool:
    # A ledger that `check` has marked carries its list of problems in front.
    return not one.hidden and one.name not in FRONT_SHEETS


def _of_places(fitting: Sequence[Candidate]) -> bool:
    """Return whether each bears the name of a street, town or village, if they are several."""
    return len(fitting) > 1 and all(_PLACES.fullmatch(fold(one.name)) for one in fitting)


def _meant(some: Sequence[Candidate]) -> Candidate:
    """Return the first, unless another names twice as much: a list of names may stand in front."""
    most = max(one.known for one in some)
    return next(one for one in some if 2 * one.known >= most)
