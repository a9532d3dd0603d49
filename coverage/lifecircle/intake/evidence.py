"""Evidence and figures a county types: in the study file, in a sheet of its own, or in both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.model.dictionary import columns, match_word
from lifecircle.model.inputs.study import ANSWER_CELLS, PLACE_COLUMNS
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import Evidence, Indicator

__all__ = ["evidence_table", "indicator_table", "placed", "ticks"]

_FIGURES = ("id", "numerator", "denominator", "source")


def placed(ledger: Ledger, column: str) -> pd.DataFrame:
    """Return a ledger's frame with where each row stands, for problems found later.

    ``PLACE_COLUMNS`` name file, sheet and row, and the cell and header of ``column``.
    """
    frame = ledger.frame.reset_index(drop=True)
    stands = [
        ledger.problem(ProblemCode.VALUE_MISSING, Severity.WARNING, row, column)
        for row in range(len(frame))
    ]
    fields = {name: name.removeprefix("in_") for name in PLACE_COLUMNS}
    said = {name: [getattr(one, part) for one in stands] for name, part in fields.items()}
    return frame.assign(**{name: pd.Series(v, dtype=object) for name, v in said.items()})


def evidence_table(
    typed: Mapping[str, Sequence[Evidence]], ledger: Ledger | None, file: str
) -> pd.DataFrame:
    """Return the evidence, the study file's rows first, then the sheet's.

    Columns: those of the dictionary's ``evidence`` (text or None; ``claimed`` in points, NaN where
    nothing is claimed), ``PLACE_COLUMNS`` and ``ANSWER_CELLS``.
    """
    names = [*columns("evidence"), *PLACE_COLUMNS, *ANSWER_CELLS]
    rows = [
        {**dict.fromkeys(names), **_typed(one), "item": item}
        for item, several in typed.items()
        for one in several
    ]
    own = pd.DataFrame(rows, columns=names, dtype=object)
    own["in_file"], own["column"] = file, own["item"]
    parts = [own] if ledger is None else [own, _answers(ledger)[names]]
    table = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    claimed = pd.to_numeric(table["claimed"]).astype(float)
    return table.astype(object).where(table.notna(), None).assign(claimed=claimed)


def _answers(ledger: Ledger) -> pd.DataFrame:
    """Return the sheet's rows with where they stand, their answers and what they claim too."""
    frame = placed(ledger, "item")
    for name in ("value", "claimed"):
        cells = placed(ledger, name)[["cell", "column"]]
        frame = frame.join(cells.add_prefix(f"{name}_"))
    return frame


def _typed(one: Evidence) -> dict[str, Any]:
    """Return a row of the study file as a sheet would hold it."""
    said = one.model_dump()
    value = said["value"]
    if isinstance(value, bool):
        said["value"] = "true" if value else "false"
    elif isinstance(value, int | float):
        said["value"] = f"{value:g}"
    return said


def ticks(evidence: pd.DataFrame) -> dict[str, bool]:
    """Return item → whether it is there, of the items answered by yes or no.

    An item of several rows is there if one of them says so. One of which a row says something else
    (正在制定, 部分完成) is not among them: it may be there or not.
    """
    found: dict[str, bool] = {}
    unclear = set()
    for item, value in zip(evidence["item"], evidence["value"], strict=True):
        word = None if value is None else match_word("bool", value)
        if word is not None:
            found[item] = found.get(item, False) or word == "true"
        elif value is not None:
            unclear.add(item)
    return {item: there for item, there in found.items() if item not in unclear}


def indicator_table(
    typed: Mapping[str, Indicator], ledger: Ledger | None
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return the typed figures: ``id``, ``numerator``, ``denominator``, ``source``.

    A figure of the sheet that the study file has too is the study file's, with a warning; one
    without a source is used, with a warning.
    """
    rows = [(key, one.numerator, one.denominator, one.source) for key, one in typed.items()]
    problems = []
    frame = pd.DataFrame() if ledger is None else ledger.frame
    for at, (key, row) in enumerate(frame.iterrows()):
        if ledger is None or pd.isna(row["numerator"]):
            continue  # a line of the template that nobody has filled in
        if key in typed:
            problems.append(
                ledger.problem(
                    ProblemCode.INDICATOR_TWICE, Severity.WARNING, at, "id", item=str(key)
                )
            )
            continue
        if row["source"] is None:
            code = ProblemCode.VALUE_MISSING
            found = ledger.problem(code, Severity.WARNING, at, "source", field="source")
            problems.append(found)
        rows.append((str(key), row["numerator"], row["denominator"], row["source"] or ""))
    table = pd.DataFrame(rows, columns=list(_FIGURES)).astype(
        {"id": object, "numerator": float, "denominator": float, "source": object}
    )
    return table, tuple(problems)
