"""Round figures: which of the form's own clauses would come out otherwise were 约95 a little less.

The assessment marks its own. Those of the form that figures decide rest on typed ones alone.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.counting.rounded import at_ends
from lifecircle.counting.typed import stands_in
from lifecircle.judge.clauses import judge_rule
from lifecircle.judge.decision import with_flag
from lifecircle.model.problem.round_figures import ends, round_figures
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from lifecircle.case.bench import Bench
    from lifecircle.model.problem.round_figures import RoundFigure
    from lifecircle.model.results.assessment import ClauseResult

__all__ = ["rounded_results"]


def rounded_results(bench: Bench) -> dict[str, ClauseResult]:
    """Return the clauses of a bench by their ids, those marked that hang on a round typed figure.

    Columns with round figures are taken at their least and at their most (:func:`ends`).
    """
    study, results = bench.case.given, {key: one.result for key, one in bench.judged.items()}
    known = set(study.indicators["id"])
    cells: dict[tuple[str, str], list[RoundFigure]] = {}
    for one in round_figures(study.problems):
        if one.layer == "indicators" and one.row in known and one.column in study.indicators:
            cells.setdefault((one.layer, one.column), []).append(one)
    rules = [rule for rule in bench.rules if rule.measure == "indicator" or stands_in(rule)]
    for tried in ends(cells):
        table = at_ends(bench.tables, "indicators", cells, tried)
        varied = dataclasses.replace(bench.tables, indicators=table)
        for rule in rules:
            was = results[rule.id]
            other = judge_rule(varied, rule, briefly=True).result
            flags = with_flag(was.flags, Flag.APPROXIMATE, on=other.status != was.status)
            results[rule.id] = dataclasses.replace(was, flags=flags)
    return results
