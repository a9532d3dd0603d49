"""Text that an earlier program read in the wrong encoding: recognised, and what it should say.

Three ways it comes about in Chinese files: GBK bytes taken for Latin-1 (ÉèÊ©Ãû³Æ), UTF-8 bytes
taken for Latin-1 (è®¾æ–½), UTF-8 bytes taken for GBK (璁炬柦). All three can be undone; what has
become 锟斤拷 or U+FFFD cannot.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.sources.tables.files import RawTable

__all__ = ["garbled", "restored", "unscramble"]

_LOST = re.compile("\ufffd|锟斤拷|锟斤|烫烫烫|屯屯屯")
_HIGH = re.compile("[\u0080-\u00ff\u0152-\u017e\u2013-\u203a\u20ac\u2122]{2,}")
_HANZI = re.compile("[一-龥]")
_CUT = re.compile(r"[?\ufffd]+$")
_LEAST = 2
"""Characters of Chinese that the repaired text must hold: one alone may be chance."""


def unscramble(text: str) -> tuple[str, str] | None:
    """Return what a garbled text should say, and the encoding it was really in; None if it is fine.

    Accepted only if every repaired character is a common one (of GB 2312) and the garbled text
    holds what no Chinese name does, so that Zürich and 联通 stay as they are.
    """
    if _HIGH.search(text):
        for passing in ("latin-1", "cp1252"):
            for really in ("utf-8", "gb18030"):
                if repaired := _repaired(text, passing, really):
                    return repaired, really
    elif _HANZI.search(text):
        cut = _CUT.sub("", text)
        if repaired := _repaired(cut, "gb18030", "utf-8", whole=cut == text):
            return repaired, "utf-8"
    return None


def _repaired(text: str, passing: str, really: str, *, whole: bool = True) -> str | None:
    try:
        raw = text.encode(passing)
        # A character cut in half at the end was lost with it.
        found = raw.decode(really) if whole else raw.decode(really, errors="ignore")
    except UnicodeError:
        return None
    high = [c for c in found if ord(c) > 0x7F]  # noqa: PLR2004 - beyond ASCII
    if len(_HANZI.findall(found)) < _LEAST or len(found) >= len(text):
        return None
    try:
        "".join(high).encode("gb2312")
    except UnicodeEncodeError:
        return None
    return found


def garbled(raw: RawTable) -> tuple[Problem, ...]:
    """Return one problem for each column with garbled text, at its first cell, with the count."""
    return tuple(_headers(raw)) + tuple(
        problem for header in raw.frame for problem in _column(raw, header)
    )


def restored(raw: RawTable) -> RawTable:
    """Return the table with every garbled text, headers too, as it should say."""

    def mended(value: Any) -> Any:
        found = unscramble(value) if isinstance(value, str) else None
        return value if found is None else found[0]

    names = {header: mended(header) for header in raw.frame}
    if len(set(names.values())) < len(names):  # two headers would become one
        names = {header: header for header in names}
    frame = pd.DataFrame(
        {
            header: pd.Series([mended(v) for v in values], dtype=object)
            for header, values in raw.frame.items()
        },
        index=raw.frame.index,
    )
    repeats = {header: mended(said) for header, said in raw.repeats.items()}
    return dataclasses.replace(raw, frame=frame, repeats=repeats).renamed(names)


def _headers(raw: RawTable) -> Iterator[Problem]:
    for header in raw.frame:
        if _LOST.search(header):
            yield raw.problem(
                ProblemCode.TEXT_LOST, Severity.WARNING, header=header, value=header, count=1
            )
        elif found := unscramble(header):
            yield raw.problem(
                ProblemCode.TEXT_MOJIBAKE,
                Severity.WARNING,
                header=header,
                value=header,
                repaired=found[0],
                encoding=found[1],
                count=1,
            )


def _column(raw: RawTable, header: str) -> Iterator[Problem]:
    values = raw.frame[header].tolist()
    texts = dict.fromkeys(value for value in values if isinstance(value, str))
    lost = {text for text in texts if _LOST.search(text)}
    mended = {t: found for t in texts if t not in lost and (found := unscramble(t)) is not None}
    if lost:
        at = [i for i, value in enumerate(values) if value in lost]
        yield raw.problem(
            ProblemCode.TEXT_LOST,
            Severity.WARNING,
            at=at[0],
            header=header,
            value=values[at[0]],
            count=len(at),
        )
    if mended:
        at = [i for i, value in enumerate(values) if value in mended]
        repaired, encoding = mended[values[at[0]]]
        yield raw.problem(
            ProblemCode.TEXT_MOJIBAKE,
            Severity.WARNING,
            at=at[0],
            header=header,
            value=values[at[0]],
            repaired=repaired,
            encoding=encoding,
            count=len(at),
        )
