"""Judging: measures and the clauses in force make findings, rates and the Assessment."""

from __future__ import annotations

from lifecircle.judge.judgement import JudgedClause, judge_clause, judge_standard
from lifecircle.judge.preparation import area_columns, facility_columns

__all__ = ["JudgedClause", "area_columns", "facility_columns", "judge_clause", "judge_standard"]
