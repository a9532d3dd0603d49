"""``sites.html``: the table of projects as one page that opens and prints without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.office.page import render_page, write_page
from lifecircle.outputs.project.choices import choice_columns, worth_of
from lifecircle.outputs.project.table import COLUMNS
from lifecircle.outputs.project.told import plan_told, plan_words

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["write_sites_page"]


def write_sites_page(plan: SitingPlan, path: Path) -> Path:
    """Write the page of a plan to ``path`` and return the path. Every text from data is escaped.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    words = plan_words(plan)
    context = {
        "p": plan_told(plan),
        "t": words.say,
        "number": words.number,
        "columns": COLUMNS,
        "worth": worth_of(plan),
        "choices": choice_columns(plan),
        "tag": words.tag,
    }
    return write_page(render_page("sites.html.j2", context), path)
