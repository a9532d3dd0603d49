"""Pages in HTML: templates filled with every text from the data escaped, written whole."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

import lifecircle
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["render_page", "write_page"]


def render_page(template: str, context: Mapping[str, Any]) -> str:
    """Return the page that a file of ``templates`` makes of ``context`` (and the ``version``)."""
    found = _environment().get_template(template)
    return found.render({"version": lifecircle.__version__, **context})


@cache
def _environment() -> Environment:
    """Return the templates: kept, since reading one costs as much as filling it with a county."""
    return Environment(
        loader=PackageLoader("lifecircle.outputs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # the package's own do not change under a run
    )


def write_page(page: str, path: Path) -> Path:
    """Write a page to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    with whole_file(path) as part:
        # a lone surrogate from a badly decoded name must not cost the reader the whole page
        part.write_bytes(page.encode("utf-8", "replace"))
    return path
