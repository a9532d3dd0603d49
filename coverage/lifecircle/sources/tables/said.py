"""What is said of a file whose sheets, layers or rows are not all read, or not all seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.dictionary import LAYERS, PROPOSAL_PARTS, columns, fold
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.tables.choice import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.model.inputs.contents import LeftOut
    from lifecircle.sources.raw import RawTable
    from lifecircle.sources.tables.choice import Asked

__all__ = ["said_of_contents", "said_of_deleted"]

_SHOWN = 20
"""Row numbers that a message lists."""


def said_of_contents(tables: Sequence[RawTable], *, asked: Asked) -> tuple[Problem, ...]:
    """Return a warning of each thing that whoever hands in a file should know was done with it.

    Sheets or layers that would serve as well and were not read, unless the study names what is;
    hidden ones that would; hidden ones read because the study names them; parts read together
    unasked; rows that are hidden or struck through, and used.
    """
    return (*_of_parts(tables, asked), *_of_rows(tables)) if tables else ()


def said_of_deleted(
    records: Sequence[Mapping[str, str]], layer: str, file: str
) -> tuple[Problem, ...]:
    """Return a note of the records that a shapefile has marked as deleted, by their names.

    The program that drew it shows them no more; one that was deleted by a slip is a facility less.
    """
    if not records:
        return ()
    known = columns(layer).get("name") if layer in {*LAYERS, *PROPOSAL_PARTS} else None
    aliases = {} if known is None else {fold(a) for a in (known.name, *known.aliases)}
    told = [next((t for h, t in one.items() if fold(h) in aliases), "") for one in records]
    names = [name for name in told if name]
    shown = names[:_SHOWN] + ["…"] * (len(names) > _SHOWN)
    params = {"count": len(records), **({"names": shown} if names else {})}
    return (Problem(ProblemCode.RECORDS_DELETED, Severity.INFO, params, layer=layer, file=file),)


def _of_parts(tables: Sequence[RawTable], asked: Asked) -> Iterator[Problem]:
    first, contents = tables[0], tables[0].contents
    if len(contents.read) > 1 and asked is None:
        parts = [f"{table.sheet} ({len(table)})" for table in tables]
        yield _whole(first, ProblemCode.PARTS_JOINED, names=parts)
    rest = [one for one in contents.left_out if one.fits and one.rows]
    seen = [one for one in rest if not one.hidden] if asked in {None, ALL} else []
    hidden = [one for one in rest if one.hidden]
    yield from _left(first, ProblemCode.PARTS_UNREAD, seen)
    yield from _left(first, ProblemCode.PARTS_HIDDEN, hidden)
    if contents.hidden_read:
        names = list(contents.hidden_read)
        yield _whole(first, ProblemCode.PART_HIDDEN_READ, names=names)


def _left(table: RawTable, code: ProblemCode, parts: Sequence[LeftOut]) -> Iterator[Problem]:
    if parts:
        names = [f"{one.name} ({one.rows})" for one in parts]
        yield _whole(table, code, read=list(table.contents.read), names=names)


def _of_rows(tables: Sequence[RawTable]) -> Iterator[Problem]:
    for table in tables:
        for code, marked in (
            (ProblemCode.ROWS_HIDDEN, table.hidden),
            (ProblemCode.ROWS_STRUCK, table.struck),
        ):
            rows = sorted(int(table.rows[at]) for at in marked)
            if rows:
                shown = [str(row) for row in rows[:_SHOWN]] + ["…"] * (len(rows) > _SHOWN)
                yield table.problem(code, Severity.WARNING, count=len(rows), names=shown)


def _whole(table: RawTable, code: ProblemCode, **params: object) -> Problem:
    """Return a warning of the whole file."""
    return Problem(code, Severity.WARNING, params, layer=table.layer, file=table.file)
