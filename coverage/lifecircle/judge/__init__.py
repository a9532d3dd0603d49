"""Judging: measures and the clauses in force make findings, rates and the Assessment.

In the order of the work: ``gathering`` (reach done, geometry left behind), ``preparation``,
``applicability``, ``decision``, ``rates``, ``judgement`` (one clause, one standard),
``references``, ``layers``, ``shapes``, ``lists``, ``sensitivity`` and ``remedy`` (what outputs
show), ``assessing`` (all of it), ``explanation`` (one area) and ``scoring`` (the 100-point form:
``answers`` to it, ``scoring_parts`` one part at a time). Two
results side by side: ``pairing``, ``differences``, ``grounds``, ``causes``, ``unit_changes`` and
``comparing``.
"""

from __future__ import annotations

from lifecircle.judge.assessing import assess
from lifecircle.judge.comparing import compare
from lifecircle.judge.explanation import Explanation, explain
from lifecircle.judge.judgement import JudgedClause, judge_clause, judge_standard
from lifecircle.judge.preparation import area_columns, facility_columns
from lifecircle.judge.reviewing import review
from lifecircle.judge.scoring import score

__all__ = [
    "Explanation",
    "JudgedClause",
    "area_columns",
    "assess",
    "compare",
    "explain",
    "facility_columns",
    "judge_clause",
    "judge_standard",
    "review",
    "score",
]
