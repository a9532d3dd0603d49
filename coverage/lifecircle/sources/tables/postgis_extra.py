"""The reader of databases, opened when a study needs it: it wants the extra ``db``."""

from __future__ import annotations

import importlib
from typing import Any

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError

__all__ = ["postgis"]


def postgis() -> Any:
    """Return the module :mod:`lifecircle.sources.tables.postgis`, which needs the extra ``db``.

    Raises
    ------
    SourceError
        The extra is not installed.
    """
    try:
        return importlib.import_module("lifecircle.sources.tables.postgis")
    except ImportError as error:
        raise SourceError(ProblemCode.EXTRA_MISSING, extra="db") from error
