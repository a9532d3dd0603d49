"""Texts that fill the field of a shapefile: which of them may have been cut there.

Whoever makes a field says how many bytes it has, mostly a round number, and the program cuts what
is longer. Other programs make it as wide as its longest text: then that one fills it, and is whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.cells.kinds import read_kinds
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import columns, fold, kinds
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.sources.tables.files import RawTable

__all__ = ["breaks_off", "filled", "said_of_cut_texts", "typed_width"]

_STEP = 10
_TYPED = frozenset({15, 16, 25, 32, 64, 75, 125, 127, 128, 252, 253, 254, 255})
"""Widths that people and programs set, besides the multiples of ten."""
_NARROW = 20
"""Bytes of a field below which many texts of a column are as long, and whole."""
_PILED = 3
"""So many texts fill a narrow field, and more than are a character shorter, where it cuts them."""
_TYPES = frozenset({"text", "code", "kinds"})
"""Types of columns whose texts are read as they stand; a word that was cut is no word."""
_SIGNS = re.compile(r"[\s,，、;；/\\|+&和与及]+")
_SHOWN = 3


def typed_width(width: int) -> bool:
    """Return whether somebody set the width of a field, rather than its longest text."""
    return width % _STEP == 0 or width in _TYPED


def filled(raw: RawTable, header: str) -> dict[int, str]:
    """Return position → text, of the texts of a column that fill their field.

    None of a column of codes, all of one length.
    """
    full = raw.full.get(header, {})
    texts = {at: str(cell) for at in full if not is_blank(cell := raw.frame[header].iloc[at])}
    if not texts:
        return {}
    others = [str(cell) for cell in raw.frame[header] if not is_blank(cell)]
    codes = all(text.isascii() and text.isalnum() for text in others)
    return {} if codes and len({len(text) for text in others}) == 1 else texts


def said_of_cut_texts(raw: RawTable, headers: Mapping[str, str]) -> list[Problem]:
    """Return a word on each column in use whose texts may have been cut; lists of areas aside."""
    specs = columns(raw.layer)
    found = []
    for column, header in headers.items():
        texts = filled(raw, header) if specs[column].type in _TYPES else {}
        if not texts or not _suspicious(raw, header, texts):
            continue
        shown = list(dict.fromkeys(texts.values()))
        found.append(
            raw.problem(
                ProblemCode.TEXT_CUT,
                Severity.WARNING,
                header=header,
                width=max(raw.full[header][at].width for at in texts),
                count=len(texts),
                names=[*shown[:_SHOWN], *(["…"] if len(shown) > _SHOWN else [])],
            )
        )
    return found


def _suspicious(raw: RawTable, header: str, texts: Mapping[int, str]) -> bool:
    """Return whether the texts that fill a field are too many, or it too round, to be whole."""
    full = raw.full[header]
    if any(full[at].halved for at in texts):
        return True
    width = max(full[at].width for at in texts)
    others = {str(cell) for cell in raw.frame[header] if not is_blank(cell)} - {*texts.values()}
    if width >= _NARROW and typed_width(width):
        return True
    if all(text.isascii() for text in texts.values()):
        return False
    shortest = min(map(len, texts.values()))
    near = sum(len(other) == shortest - 1 for other in others)
    different = len({*texts.values()})
    return bool(others) and different >= _PILED and different > near


def breaks_off(cell: object) -> bool:
    """Return whether a list of kinds ends in the middle of a kind's name, or before the next."""
    *before, said = _SIGNS.split(str(cell or ""))
    if before and not said:
        return True
    last = fold(said)
    known = (fold(alias) for kind in kinds().values() for alias in kind.aliases)
    return bool(last) and any(n.startswith(last) for n in known) and not read_kinds(last).keys
