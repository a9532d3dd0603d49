"""What reading a study gathers beside its layers: problems, and a record of every file read."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.database import shown_source
from lifecircle.sources.tables.files import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.file import StudyFile

__all__ = ["StudyLog"]


class StudyLog:
    """Problems and input records of one study; the study file is the first of them."""

    def __init__(self, file: StudyFile) -> None:
        self.file = file
        self.problems: list[Problem] = [*file.notes]
        own = InputRecord("study", file.path.name, fingerprint(file.path), 0, 0, 0)
        self.inputs: list[InputRecord] = [own]

    def say(
        self,
        code: ProblemCode,
        severity: Severity,
        *,
        file: str | None = None,
        value: Any = None,
        **params: Any,
    ) -> None:
        """Keep a problem of the study file, or of another that it names."""
        self.problems.append(
            Problem(
                code,
                severity,
                params,
                layer="study",
                file=file or self.file.path.name,
                value=value,
            )
        )

    def unsay(self, layer: str, heard: Callable[[str, str], bool]) -> None:
        """Take headers that are heard after all out of what is told as unused of a layer.

        No column is read from 启用时间 or 是否在用, yet rows are held against what stands there.
        """
        kept = []
        for one in self.problems:
            told = one.code if one.layer == layer else None
            if told is ProblemCode.COLUMN_UNKNOWN:
                left = [name for name in one.params["columns"] if not heard(layer, name)]
                kept += (
                    [dataclasses.replace(one, params={**one.params, "columns": left})]
                    if left
                    else []
                )
            elif not (
                told is ProblemCode.COLUMN_LIKELY
                and one.params["option"] == "opened_year"
                and heard(layer, str(one.column))
            ):
                kept.append(one)
        self.problems = kept

    def count(self, name: str, ledger: Ledger) -> None:
        """Record what was read of a layer's files, and how much of it is used."""
        self.record(name, getattr(self.file.layers, name), ledger)

    def record(self, layer: str, options: Any, ledger: Ledger) -> None:
        """Record the files of a layer that were read, each with its own rows."""
        table = getattr(options, "layer", None)
        table = table if isinstance(table, str) else None
        for written in dict.fromkeys(options.paths):
            source = self.file.source(written)
            shown = shown_source(written, table)
            rows, used = ledger.counts(shown_source(written))
            contents = ledger.contents(shown_source(written))
            digest = fingerprint(source, table)
            self.inputs.append(InputRecord(layer, shown, digest, rows, used, rows - used, contents))
