"""Lists beside the map: numbered areas, and rates by street and town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.sheets.contents.content import Table
from lifecircle.outputs.words.quantities import quantity
from lifecircle.outputs.words.showing import units_with_gaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["FEW", "marked", "numbered", "unit_rates", "unit_sums"]

FEW = 12
"""Areas whose names are printed on the map too; of more, the map has the numbers only."""
_NUMBER = 0.11
"""Of the list's width for the number: its heading 图上序号 has room, a little smaller."""


def numbered(
    frame: gpd.GeoDataFrame,
    ids: Iterable[str],
    columns: Mapping[str, Mapping[str, str]],
    words: Wording,
    layer: str = "residential",
) -> Table:
    """Return a list of areas, numbered as they come: number, name, households, more columns.

    ``columns``: code of the heading (text ``column.<code>``) → id → what is printed.
    """
    households = frame.get("households", {})
    rows = tuple(
        (
            str(n),
            words.name(i, layer),
            quantity(households[i], words) or "–",
            *(cells.get(i, "–") for cells in columns.values()),
        )
        for n, i in enumerate(ids, start=1)
    )
    heads = ("number", f"name.{layer}", "households", *columns)
    more = 0.22 if len(columns) == 1 else 0.14
    first = 1 - _NUMBER - 0.14 - more * len(columns)
    return Table(
        tuple(words.say(f"column.{head}") for head in heads),
        (_NUMBER, first, 0.14, *(more for _ in columns)),
        rows,
    )


def marked(table: Table, ids: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return id → what the map prints at an area: number and name, and the number alone.

    Where many areas are listed the number has to do: their names would hide the map.
    """
    numbers = {i: row[0] for i, row in zip(ids, table.rows, strict=True)}
    if len(numbers) > FEW:
        return numbers, {}
    return {i: f"{row[0]} {row[1]}" for i, row in zip(numbers, table.rows, strict=True)}, numbers


def unit_sums(assessment: Assessment, words: Wording) -> Table | None:
    """Return areas, households and facilities in use by street and town, as the Assessment says."""
    units, gaps = assessment.layers["units"], units_with_gaps(assessment)
    towns = units[(units["level"] == "township") & (units["areas"] > 0)]
    rows = tuple(
        (
            words.name(code, "units"),
            quantity(row["areas"], words) or "–",
            words.say("at_least", n=quantity(row["households"], words))
            if code in gaps
            else quantity(row["households"], words) or "–",
            quantity(row["facilities"], words) or "–",
        )
        for code, row in towns.iterrows()
    )
    heads = ("unit", "areas", "households", "facilities")
    if not rows:
        return None
    return Table(
        tuple(words.say(f"column.{head}") for head in heads), (0.4, 0.18, 0.22, 0.2), rows, left=1
    )


def unit_rates(assessment: Assessment, clause: ClauseResult, words: Wording) -> Table | None:
    """Return a clause's rate by street and town, as the Assessment has it."""
    basis = clause.official.basis if clause.official is not None else "areas"
    units = assessment.layers["units"]
    towns = units.index[units["level"] == "township"]
    rates = {r.scope: r for r in clause.rates if r.basis == basis and r.scope in set(towns)}
    rows = tuple(
        (
            words.name(code, "units"),
            words.say(
                "rate.counted",
                numerator=quantity(rate.numerator, words),
                denominator=quantity(rate.denominator, words),
            ),
            quantity(rate.not_assessed, words) or "–",
            words.share(rate),
        )
        for code in towns
        if (rate := rates.get(code)) is not None and (rate.denominator or rate.not_assessed)
    )
    if not rows:
        return None
    heads = ("unit", "counted", "not_assessed", "rate")
    return Table(
        tuple(words.say(f"column.{head}") for head in heads), (0.4, 0.22, 0.18, 0.2), rows, left=1
    )
