"""Example rows of a template, and what people typed over them.

An example row says 示例行 in its first cell and has the template's values in the others. Where the
others differ, somebody typed a real record over it and left the mark: that is data.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.texts import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecircle.sources.raw import RawTable

__all__ = ["changed_examples", "example_rows", "typed_over"]

_MARKS = ("示例行", "examplerow")
_MADE_UP = ("示例", "example")


def example_rows(raw: RawTable) -> list[bool]:
    """Return which rows are a template's example: marked as one, and nothing else typed there."""
    found = [False] * len(raw)
    for position, row in _marked(raw):
        found[position] = _is_example(raw.layer, row)
    return found


def changed_examples(raw: RawTable) -> list[bool]:
    """Return which example rows have other values than the template's, under its made-up name."""
    found = [False] * len(raw)
    for position, row in _marked(raw):
        found[position] = _is_example(raw.layer, row) and not _untouched(raw.layer, row)
    return found


def typed_over(raw: RawTable) -> tuple[RawTable, tuple[Problem, ...]]:
    """Return a table whose records typed over an example are records, and a word on each.

    The mark is taken away, and so is what was left of the example: a figure or a made-up name of
    the template in its own column is not the record's.
    """
    frame, problems = raw.frame, list[Problem]()
    for position, row in _marked(raw):
        if _is_example(raw.layer, row):
            continue
        marked = next(iter(row))
        left = [h for h, value in row.items() if h != marked and _left(raw.layer, value)]
        if frame is raw.frame:
            frame = frame.astype(object)
        frame.loc[frame.index[position], [marked, *left]] = None
        problems.append(
            raw.problem(
                ProblemCode.EXAMPLE_TYPED_OVER,
                Severity.WARNING,
                at=position,
                header=marked,
                value=row[marked],
            )
        )
        problems += [
            raw.problem(
                ProblemCode.EXAMPLE_LEFT,
                Severity.WARNING,
                at=position,
                header=header,
                value=row[header],
            )
            for header in left
        ]
    return dataclasses.replace(raw, frame=frame), tuple(problems)


def _marked(raw: RawTable) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield position and values (header → value, blanks left out) of the rows that are marked.

    A mark is a row's first value, where that says 示例行. Few rows have one, so of the others no
    more is looked at.
    """
    names = list(raw.frame)
    for position, row in enumerate(zip(*(raw.frame[name].tolist() for name in names), strict=True)):
        first = next((value for value in row if not is_blank(value)), None)
        if first is not None and fold(first).startswith(_MARKS):
            said = {n: v for n, v in zip(names, row, strict=True) if not is_blank(v)}
            yield position, said


def _is_example(layer: str, row: dict[str, Any]) -> bool:
    """Return whether a marked row is the template's: its name or all other values are."""
    return _untouched(layer, row) or any(_plain(v) in _names(layer) for v in row.values())


def _untouched(layer: str, row: dict[str, Any]) -> bool:
    mark = next(iter(row))
    return all(_plain(v) in _values(layer) for header, v in row.items() if header != mark)


def _left(layer: str, value: Any) -> bool:
    """Return whether a value is the template's and nobody's choice from a drop-down."""
    plain = _plain(value)
    told = isinstance(plain, float) or plain.startswith(_MADE_UP) or plain[:1].isdigit()
    return told and plain in _values(layer)


def _plain(value: Any) -> str | float:
    text = fold(value)
    try:
        return float(text)
    except ValueError:
        return text


@cache
def _values(layer: str) -> frozenset[str | float]:
    """Return every value of a layer's example row, in every language."""
    start = f"example.{layer}."
    return frozenset(
        _plain(text)
        for language in LANGUAGES
        for code, text in catalogue("init", language).items()
        if code.startswith(start)
    )


@cache
def _names(layer: str) -> frozenset[str | float]:
    """Return the made-up names of a layer's example: nobody's record is called so."""
    found = (catalogue("init", one).get(f"example.{layer}.name") for one in LANGUAGES)
    names = (_plain(name) for name in found if name is not None)
    return frozenset(n for n in names if isinstance(n, str) and n.startswith(_MADE_UP))
