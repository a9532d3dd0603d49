"""What names a database: told from a path, and shown without its password."""

from __future__ import annotations

import re

__all__ = ["is_database", "shown_source"]

_SCHEME = re.compile(r"postgres(ql)?(\+psycopg)?://", re.IGNORECASE)
_SECRET = re.compile(r"(?<=://)([^:/@?]*):.*@", re.DOTALL)


def is_database(written: str) -> bool:
    """Return whether a study's ``path`` is a database's URL."""
    return _SCHEME.match(written) is not None


def shown_source(written: str, table: str | None = None) -> str:
    """Return a path, or a URL and its table, as messages and results may show it.

    A password is hidden, and so are the options after ``?``, where one may stand too.
    """
    if not is_database(written):
        return written
    shown = _SECRET.sub(r"\1:***@", written).split("?", 1)[0]
    return shown if table is None else f"{shown} {table}"
