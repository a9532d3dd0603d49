"""Which language the command line speaks, the parts that Typer says included."""

from __future__ import annotations

import datetime as dt
import locale
import os
import re
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Command", "Group", "help_text", "listed", "own_language", "tell"]

_UsageError: Any = typer.BadParameter.__mro__[1]
_EXTRA = re.compile(r"unexpected extra arguments?.*\((.+)\)$", re.DOTALL)
_FORMS = {int: "integer", float: "float", dt.datetime: "datetime"}
"""Types of options whose refusal Typer words itself, in English."""
_KINDS = "str|bool|int|float|path|file|directory"
_TYPES = re.compile(rf"\blist\[(?P<several>{_KINDS})\]|\b(?P<one>{_KINDS})\b(?: range\b)?")
"""What a help names by its Python type; the bounds of a number stand behind it by themselves."""
_QUOTED = re.compile(r"['\"](.+?)['\"]")


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


def listed(names: Sequence[str], most: int | None = None) -> str:
    """Return names in a line as the reader's language lists them, the first ``most`` of many.

    Of none it is the word for that.
    """
    if not names:
        return tell("listed.none")
    shown = tell("listed", names=list(names[:most]))
    return f"{shown} …" if most is not None and len(names) > most else shown


def help_text(name: str, domain: str = "cli") -> str:
    """Return the help of a command or option as it stands in the texts.

    What stands in brackets is escaped: Typer lets Rich print helps, which would take ``[db]`` for
    a style and swallow it.
    """
    return escape(say(domain, f"help.{name}", own_language()))


def _speak_own_language() -> None:
    """Let Typer's help pages have their headings in the language of the command line.

    What it prints them with (Markdown, colours of code) is loaded for a help page alone.
    """
    from typer import rich_utils  # noqa: PLC0415 - loads slowly

    for name in ("arguments", "options", "commands"):
        setattr(rich_utils, f"{name.upper()}_PANEL_TITLE", tell(f"typer.{name}"))
    rich_utils.REQUIRED_LONG_STRING = tell("typer.required")
    rich_utils.DEFAULT_STRING = tell("typer.default", value="{}")
    _fold_long_words(rich_utils)
    for shown in (typer.core.TyperOption, typer.core.TyperArgument):
        _word_types(shown)


def _word_types(shown: Any) -> None:
    """Let helps say what an option takes in words: <text, repeatable>, not <list[str]>."""
    made = getattr(shown, "display_type_rich", None)
    # another Typer: the types stand as Python calls them
    if made is None or getattr(made, "worded", False):
        return

    def worded(self: Any, ctx: Any) -> str | None:
        told = made(self, ctx)
        return told if told is None else _TYPES.sub(_type_word, told)

    worded.worded = True  # type: ignore[attr-defined]
    shown.display_type_rich = worded


def _type_word(found: re.Match[str]) -> str:
    one, several = found["one"], found["several"]
    if several is not None:
        return tell("typer.type.several", one=tell(f"typer.type.{several}"))
    return tell(f"typer.type.{one}")


def _fold_long_words(rich_utils: Any) -> None:
    """Let helps break within words: Chinese has no spaces, and Rich would cut them off."""
    made = getattr(rich_utils, "_make_rich_text", None)
    # another Typer: its helps are cut off again in narrow windows
    if made is None or getattr(made, "folds", False):
        return

    def folding(*args: Any, **more: Any) -> Any:
        text = made(*args, **more)
        if isinstance(text, Text):
            text.overflow = "fold"
        return text

    folding.folds = True  # type: ignore[attr-defined]
    rich_utils._make_rich_text = folding  # noqa: SLF001 - there is no other way in


def _usage(command: Any, ctx: Any) -> str:
    """Return the first line of a help: how the command is called."""
    words = {command.options_metavar: tell("typer.usage.options")}
    words[getattr(command, "subcommand_metavar", "")] = tell("typer.usage.command")
    pieces = (words.get(piece, piece) for piece in command.collect_usage_pieces(ctx))
    return tell("typer.usage", line=" ".join((ctx.command_path, *pieces)))


class Command(TyperCommand):
    """A command that says what ``--help`` does in the language of the command line."""

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is called."""
        return _usage(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option ``--help``."""
        return _worded_help(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        _speak_own_language()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """The commands; what is wrong with what was typed is said in the language of the user."""

    def get_usage(self, ctx: Any) -> str:
        """Return how the command is called."""
        return _usage(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option ``--help``."""
        return _worded_help(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        _speak_own_language()
        super().format_help(ctx, formatter)

    def main(self, *args: Any, standalone_mode: bool = True, **more: Any) -> Any:
        """Run a command as Typer does, but for its errors: exit 2, as for all bad input."""
        more["standalone_mode"] = False
        if not standalone_mode:
            return super().main(*args, **more)
        try:
            code = super().main(*args, **more)
        except _UsageError as error:
            _say_wrong(error)
            code = error.exit_code
        except typer.Abort:
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


def _worded_help(option: Any) -> Any:
    if option is not None:
        option.help = tell("typer.help")
    return option


def _say_wrong(error: Any) -> None:
    """Print what is wrong with a command line, and where its help is, to stderr."""
    kind = type(error).__name__
    if not error.message and kind == "NoArgsIsHelpError":
        return
    told = _wrong(error, kind)
    console = Console(stderr=True, highlight=False)
    console.print(Text(told, style="red"), soft_wrap=True)
    if error.ctx is not None:
        console.print(Text(tell("typer.try", command=error.ctx.command_path)), soft_wrap=True)


def _asked(error: Any) -> str:
    """Return what an option asks for; of what is neither number nor date, as it was refused."""
    # another Typer may not tell what it asks for: then its own words stand
    asked = getattr(getattr(error.param, "type_descriptor", None), "annotation", None)
    form = None if asked is None else _FORMS.get(asked)
    if form is None:
        return str(error.message)
    span = [getattr(error.param, name, None) for name in ("min", "max")]
    known = [f"{sign} {n}" for sign, n in zip("≥≤", span, strict=True) if n is not None]
    return " ".join([tell(f"typer.form.{form}"), *known])


def _wrong(error: Any, kind: str) -> str:
    plain = str(error.format_message())
    named = _QUOTED.search(plain)
    if kind == "MissingParameter" and error.param is not None:
        option = error.param.param_type_name == "option"
        name = max(error.param.opts, key=len) if option else str(error.param.name)
        return tell("typer.missing_option" if option else "typer.missing", name=name)
    if kind == "NoSuchOption":
        near = list(error.possibilities or ())
        told = tell("typer.no_option", name=error.option_name)
    elif "No such command" in plain and named is not None:
        commands = error.ctx.command.list_commands(error.ctx)
        near = get_close_matches(named[1], commands)
        told = tell("typer.no_command", name=named[1], known=commands)
    elif kind == "BadParameter" and error.param is not None:
        return tell("typer.bad", name=max(error.param.opts, key=len), detail=_asked(error))
    elif kind == "BadOptionUsage":
        return tell("typer.no_value", name=error.option_name)
    elif (extra := _EXTRA.search(plain)) is not None:
        return tell("typer.extra", given=extra[1])
    else:
        return plain
    return told + (tell("typer.near", near=near) if near else "")
