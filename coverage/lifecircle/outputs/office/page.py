"""Pages in HTML: templates filled with every text from the data escaped, written whole."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound

import lifecircle
from lifecircle.outputs.whole import whole_file
from lifecircle.shipped import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from pathlib import Path

__all__ = ["render_page", "write_page"]


def render_page(template: str, context: Mapping[str, Any]) -> str:
    """Return the page that a file of ``templates`` makes of ``context`` (and the ``version``)."""
    found = _environment().get_template(template)
    return found.render({"version": lifecircle.__version__, **context})


class _Shipped(BaseLoader):
    """The package's templates: reading one costs as much as filling it with a county."""

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Return a template out of the code that it compiles to."""
        file = files("lifecircle.outputs") / "templates" / name
        if not file.is_file():
            raise TemplateNotFound(name)

        def compiled(raw: bytes) -> Any:
            return environment.compile(raw.decode(), name, str(file))

        settings = (environment.autoescape, environment.trim_blocks, environment.lstrip_blocks)
        code = parsed(file, f"jinja2 {jinja2.__version__} {settings}", compiled)
        return Template.from_code(environment, code, globals or {})


class _Rows(Environment):
    """Templates whose rows are mappings: a name behind a dot is looked up before it is missed."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what a template calls by a name: a mapping's value, unless methods are called so.

        Asking an attribute first, as Jinja does, raises and catches an error a cell.
        """
        if type(obj) is dict and attribute in obj and attribute not in _METHODS:
            return obj[attribute]
        return super().getattr(obj, attribute)


_METHODS = frozenset(dir(dict))


@cache
def _environment() -> Environment:
    """Return the templates, each read once a process."""
    return _Rows(
        loader=_Shipped(),
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
