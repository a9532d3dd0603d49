"""What is found wrong with a proposal, collected: stricter than of a study, and by its cells."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["ProposalLog"]

_STRICT = frozenset(
    {
        ProblemCode.NUMBER_UNREADABLE,
        ProblemCode.DATE_UNREADABLE,
        ProblemCode.CELL_ERROR,
        ProblemCode.MERGED_NUMBER,
        ProblemCode.PART_EXCEEDS,
        ProblemCode.KIND_UNKNOWN,
        ProblemCode.STAGE_UNKNOWN,
        ProblemCode.WORD_UNKNOWN,
        ProblemCode.CODE_UNKNOWN,
        ProblemCode.NAME_NEAR,
        ProblemCode.REFERENCE_UNKNOWN,
        ProblemCode.SERVES_CUT,
        ProblemCode.KIND_CUT,
        ProblemCode.COORDINATE_RANGE,
        ProblemCode.COORDINATES_SWAPPED,
        ProblemCode.GEOMETRY_TYPE,
        ProblemCode.GEOMETRY_REPEATED,
        ProblemCode.AREAS_OVERLAP,
    }
)
"""Warnings of a study that are errors of a proposal: the applicant can put them right."""


class ProposalLog:
    """Problems of one proposal.

    Parameters
    ----------
    file
        The proposal's file, as problems show it.
    spots
        Header of ``project`` → row and cell, where the facts stand one a line.
    """

    def __init__(self, file: str, spots: Mapping[str, tuple[int, str | None]]) -> None:
        self.file, self.spots = file, spots
        self.problems: list[Problem] = []

    def say(
        self, code: ProblemCode, severity: Severity = Severity.ERROR, *, layer: str, **params: Any
    ) -> None:
        """Keep a problem of a whole part."""
        self.problems.append(Problem(code, severity, params, layer=layer, file=self.file))

    def tell(self, found: Iterable[Problem]) -> None:
        """Keep what was found; what the applicant can put right is an error.

        Ids are asked of ledgers, which go on: a proposal is read once, and has no need of them.
        """
        for problem in found:
            one = problem
            if one.code is ProblemCode.ID_MISSING:
                continue
            if one.code in _STRICT and one.severity is Severity.WARNING:
                one = dataclasses.replace(one, severity=Severity.ERROR)
            if one.layer == "project" and one.column is not None and one.column in self.spots:
                row, cell = self.spots[one.column]
                one = dataclasses.replace(one, row=row, cell=cell)
            self.problems.append(one)
