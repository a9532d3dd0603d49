"""Which language the command line speaks."""

from __future__ import annotations

import locale
import os

from rich.markup import escape

from lifecircle.texts import LANGUAGES, say

__all__ = ["help_text", "own_language", "tell"]


def own_language() -> str:
    """Return ``LIFECIRCLE_LANG`` if it is zh or en, else en on an English system, else zh."""
    wanted = os.environ.get("LIFECIRCLE_LANG", "")[:2].lower()
    if wanted in LANGUAGES:
        return wanted
    system = locale.getlocale()[0] or os.environ.get("LANG", "")
    return "en" if system.lower().startswith("en") else "zh"


def tell(code: str, language: str | None = None, /, **params: object) -> str:
    """Return a text of the domain ``cli``."""
    return say("cli", code, language or own_language(), **params)


def help_text(name: str, domain: str = "cli") -> str:
    """Return the help of a command or option as it stands in the texts.

    What stands in brackets is escaped: Typer lets Rich print helps, which would take ``[db]`` for
    a style and swallow it.
    """
    return escape(say(domain, f"help.{name}", own_language()))
