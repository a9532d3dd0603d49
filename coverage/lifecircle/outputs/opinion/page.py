"""``opinion.html``: the opinion sheet as one page that opens and prints without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

import lifecircle
from lifecircle.model.results.review import Verdict
from lifecircle.model.status import Status
from lifecircle.outputs.office.colours import STATUS_COLOURS, STATUS_TINTS
from lifecircle.outputs.opinion.words import opinion
from lifecircle.outputs.whole import whole_file
from lifecircle.texts import say

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
    data = render_review(review).encode("utf-8", "replace")
    with whole_file(path) as part:
        part.write_bytes(data)
    return path


def render_review(review: Review) -> str:
    """Return the page as HTML. Every text from the data is escaped."""
    environment = Environment(
        loader=PackageLoader("lifecircle.outputs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def text(code: str, **params: Any) -> str:
        return say("review", code, review.language, **params)

    context = {
        "o": opinion(review),
        "t": text,
        "status": str(_STATUS_OF[review.verdict]),
        "colours": {str(k): v for k, v in STATUS_COLOURS.items()},
        "tints": {str(k): v for k, v in STATUS_TINTS.items()},
        "study": review.study,
        "version": lifecircle.__version__,
    }
    return environment.get_template("review.html.j2").render(context)
