"""Worksheets at the end: what a result rests on, and what is wrong with its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.outputs.office.excel import Column, Folded
from lifecircle.outputs.report.readings_taken import readings_taken
from lifecircle.outputs.words.problems import problem_text
from lifecircle.outputs.words.sources_read import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lifecircle.model.inputs.exemption import Exemption
    from lifecircle.model.inputs.parameters import ParameterRecord
    from lifecircle.model.inputs.study import InputRecord
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["basis_rows", "problem_rows"]

_PROBLEM_COLUMNS = [
    Column("severity", 8),
    Column("layer", 14),
    Column("file", 24),
    Column("sheet", 12),
    Column("row", 7),
    Column("cell", 8),
    Column("field_name", 14),
    Column("found", 20),
    Column("problem", 40, wrap=True),
    Column("why", 34, wrap=True),
    Column("fix", 36, wrap=True),
]


def problem_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the problems of the inputs."""
    return _PROBLEM_COLUMNS, (_problem(problem, words) for problem in assessment.problems)


def _problem(p: Problem, words: Wording) -> list[Any]:
    what, why, remedy = problem_text(p, words.language)
    return [
        words.word("severity", str(p.severity)),
        words.word_or_none("layer", p.layer),
        p.file,
        p.sheet,
        p.row,
        p.cell,
        p.column,
        p.value,
        what,
        why or None,
        remedy or None,
    ]


_BASIS_COLUMNS = [
    Column("sort", 9),
    Column("number", 10),
    Column("setting_name", 40, wrap=True),
    Column("setting_value", 52, wrap=True),
    Column("setting_source", 80, wrap=True),
    Column("clauses", 20, wrap=True),
]


def basis_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return what the result rests on: exemptions, files, readings and parameters.

    Readings and parameters that stand at their default are folded away.
    """
    return _BASIS_COLUMNS, _basis(assessment, words)


def _basis(assessment: Assessment, words: Wording) -> Iterator[list[Any] | Folded]:
    taken = [
        (_reading(one, words), one["default"] is None) for one in readings_taken(assessment, words)
    ]
    taken += [(_parameter(p, words), p.source == "default") for p in assessment.parameters]
    yield from (_exemption(one, words) for one in assessment.exemptions)
    yield from (cells for cells, usual in taken if not usual)
    told: set[tuple[str, str]] = set()
    for one in assessment.inputs:
        same = (one.path, one.sha256)
        yield _file(one, words, assessment.inputs, again=same in told)
        told.add(same)
    yield from (Folded(cells) for cells, usual in taken if usual)


def _exemption(one: Exemption, words: Wording) -> list[Any]:
    until = (
        words.say("until.unread" if one.open_end else "until.none")
        if one.until is None
        else one.until.isoformat()
    )
    state = words.word("exemption_state", str(one.state))
    state = words.say("exemption.said", state=state, said=one.said) if one.said else state
    return [
        words.say("sort.exemption"),
        one.id,
        words.name(one.id, one.layer or None),
        words.say("exemption.until", state=state, until=until),
        words.phrases(filter(None, (one.reason, one.reference))),
        one.clause,
    ]


def _reading(taken: Mapping[str, Any], words: Wording) -> list[Any]:
    default = taken["default"]
    return [
        words.say("sort.reading"),
        taken["id"],
        taken["question"],
        taken["choice"],
        words.say("source.default")
        if default is None
        else words.say("reading.changed", default=default),
        words.list(taken["clauses"]) or None,
    ]


def _parameter(one: ParameterRecord, words: Wording) -> list[Any]:
    unit = words.word("unit", one.unit) if one.unit else ""
    told = words.say("parameter.unset") if one.value is None else words.number(one.value)
    source = "source.study" if one.source == "study" else f"parameter.{one.name}.source"
    return [
        words.say("sort.parameter"),
        None,
        words.say(f"parameter.{one.name}"),
        told if one.value is None else f"{told} {unit}".strip(),
        words.say(source),
        None,
    ]


def _file(
    one: InputRecord, words: Wording, study: Iterable[InputRecord], *, again: bool
) -> list[Any]:
    """Return a file, or one of its sheets; ``again``: a row above has the file's checksum."""
    counted = {name: words.number(getattr(one, name)) for name in ("rows", "used", "set_aside")}
    told = [] if one.layer == "study" else [words.say("file.rows", **counted)]
    if read := read_words(one, words.language, study):
        told.append(read)
    return [
        words.say("sort.file"),
        None,
        words.say("file.named", layer=words.word("layer", one.layer), path=one.path),
        words.phrases(told) or None,
        words.say("file.again") if again else f"SHA-256 {one.sha256}",
        None,
    ]
