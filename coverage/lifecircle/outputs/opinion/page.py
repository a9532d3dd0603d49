"""``opinion.html``: the opinion as one page that opens and prints without a network."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from lifecircle.model.results.review import Verdict
from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import STATUS_COLOURS, STATUS_TINTS
from lifecircle.outputs.office.page import render_page, write_page
from lifecircle.outputs.opinion.legend import legend_of
from lifecircle.outputs.opinion.rows import opinion_of
from lifecircle.outputs.opinion.sketch import draw_sketch
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.review import Review

__all__ = ["render_review", "write_review_page"]

_STATUS_OF = {
    Verdict.AGREE: Status.COMPLIANT,
    Verdict.AMEND: Status.DEFICIENT,
    Verdict.REFUSE: Status.DEFICIENT,
    Verdict.SUPPLY: Status.NOT_ASSESSED,
}
"""Whose colour a conclusion has."""


def write_review_page(review: Review, path: Path) -> Path:
    """Write the page of ``review`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_page(render_review(review), path)


def render_review(review: Review) -> str:
    """Return the page as HTML. Every text from the data is escaped."""
    words = Wording(review.language, "review", Names(review.names))
    sketch = review.sketch
    context = {
        "o": opinion_of(review),
        "t": words.say,
        "legend": None if sketch is None else legend_of(sketch, words),
        "sketch": "" if sketch is None else base64.b64encode(draw_sketch(sketch)).decode("ascii"),
        "status": str(_STATUS_OF[review.verdict]),
        "colours": {str(k): v for k, v in STATUS_COLOURS.items()},
        "tints": {str(k): v for k, v in STATUS_TINTS.items()},
        "study": review.study,
    }
    return render_page("review.html.j2", context)
