"""The rates at other thresholds and speeds as a table, for the report and the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, SensitivityRow
    from lifecircle.outputs.words.wording import Wording

__all__ = ["sensitivity_tables"]


def sensitivity_tables(assessment: Assessment, words: Wording) -> list[dict[str, Any]]:
    """Return one table a measure: reach groups and bases against thresholds and speeds.

    Its ``rows`` hold a ``SensitivityRow`` a cell, None where the Assessment has none.
    """
    measures = dict.fromkeys(r.measure for r in assessment.sensitivity)
    return [
        _table(measure, [r for r in assessment.sensitivity if r.measure == measure], words)
        for measure in ("radius", "walk")
        if measure in measures
    ]


def _table(measure: str, rows: list[SensitivityRow], words: Wording) -> dict[str, Any]:
    columns = list(dict.fromkeys((r.threshold, r.unit, r.speed_m_s) for r in rows))
    lines: dict[tuple[str, str], dict[tuple[Any, ...], SensitivityRow]] = {}
    for r in rows:
        lines.setdefault((r.reach_group, r.basis), {})[r.threshold, r.unit, r.speed_m_s] = r
    return {
        "measure": measure,
        "open": any(r.not_assessed and r.low is None for r in rows),
        "columns": [
            words.value(threshold, unit)
            + ("" if speed is None else f" · {words.value(speed, 'm/s')}")
            for threshold, unit, speed in columns
        ],
        "rows": [
            {
                "group": words.word("reach_group", group),
                "basis": words.word("basis", basis),
                "cells": [found.get(column) for column in columns],
            }
            for (group, basis), found in lines.items()
        ],
    }
