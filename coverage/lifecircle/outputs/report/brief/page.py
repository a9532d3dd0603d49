"""The one page in HTML: what a browser prints as one A4."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from lifecircle.outputs.office.colours import STATUS_COLOURS
from lifecircle.outputs.office.page import render_page
from lifecircle.outputs.report.brief.told import one_page
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.report.brief.told import OnePage

__all__ = ["picture_text", "render_summary"]


def render_summary(assessment: Assessment) -> str:
    """Return the one page as HTML. Every text from the data is escaped."""
    told, words = one_page(assessment), Wording.of(assessment, "brief")
    context = {
        "one": told,
        "b": words.say,
        "tag": words.tag,
        "colours": {str(k): v for k, v in STATUS_COLOURS.items()},
        "picture": picture_text(told),
    }
    return render_page("summary.html.j2", context)


def picture_text(told: OnePage) -> str:
    """Return the map as text in base 64; empty where there is none."""
    return "" if told.situation is None else base64.b64encode(told.situation.png).decode("ascii")
