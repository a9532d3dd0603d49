"""Every help says what the texts say, brackets and all, in both languages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from lifecircle.texts import LANGUAGES, catalogue

# the language of helps is chosen when the commands are imported
PROGRAM = """
import json, sys
import typer.main, typer.rich_utils
from typer.testing import CliRunner
from lifecircle.cli import app

def paths(command, path=()):
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from paths(inner, (*path, name))

run = CliRunner()
told = {}
for path in paths(typer.main.get_command(app)):
    result = run.invoke(app, [*path, "--help"])
    assert result.exit_code == 0, (path, result.output)
    told[" ".join(path)] = result.output
typer.rich_utils.MAX_WIDTH = 60
told["narrow"] = run.invoke(app, ["map", "--help"]).output
json.dump(told, sys.stdout)
"""


def plain(text):
    """Drop what the width of a terminal changes: spaces, line ends, frames."""
    return re.sub(r"[\s│╭╮╰╯─]", "", text)


@pytest.fixture(scope="module", params=LANGUAGES)
def helps(request):
    """Return the language and command → its help."""
    given = {**os.environ, "LIFECIRCLE_LANG": request.param, "COLUMNS": "200"}
    given |= {"PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "TERMINAL_WIDTH": "200"}
    done = subprocess.run(  # noqa: S603 - this program
        [sys.executable, "-c", PROGRAM], env=given, check=True, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip
    return request.param, json.loads(done.stdout)


def test_every_help_is_printed_whole(helps):
    language, told = helps
    assert {"", "assess", "compare", "standards show"} <= told.keys()
    everything = plain("".join(told.values()))
    for domain in ("cli", "compare"):
        for code, text in catalogue(domain, language).items():
            if code.startswith("help."):
                assert plain(text) in everything, (domain, code)


def test_a_narrow_window_cuts_no_help(helps):
    """Chinese has no spaces to break at."""
    assert "…" not in helps[1]["narrow"]


def test_the_extra_is_named(helps):
    assert "lifecircle[db]" in plain(helps[1]["assess"])


def test_a_command_brings_itself_alone():
    program = (
        "import sys; sys.argv = ['lifecircle', 'assess', '--help']\n"
        "from lifecircle.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*(n for n in sys.modules if n.startswith('lifecircle.cli.')), file=sys.stderr)\n"
        "print(*(n for n in ('pandas', 'openpyxl') if n in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 - this program
        [sys.executable, "-c", program], check=True, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip
    ours, theirs = done.stderr.split("\n")[:2]
    assert "lifecircle.cli.run" in ours.split()
    assert not {f"lifecircle.cli.{name}" for name in ("site", "review", "many")} & set(ours.split())
    assert theirs == ""


def test_a_help_names_nothing_in_another_tongue(helps):
    """Usage, placeholders and what an option takes are words of the reader, for every command."""
    language, told = helps
    own = {
        "zh": ("用法：", "[选项]", "<路径>", "<开关>"),
        "en": ("Usage:", "[options]", "<path>", "<switch>"),
    }
    assert all(word in told["assess"] for word in own[language])
    typed = re.compile(r"<(?:list\[)?(?:str|bool|int|float|directory)\b|\[OPTIONS\]|\[ARGS\]")
    # a number with bounds has them behind it, and no English word before them
    assert f"<{'整数' if language == 'zh' else 'whole number'}> [50<=x<=1200]" in told["map"]
    english = re.compile(
        r"\brange\b|Usage|Options|Arguments|Commands|COMMAND|required|default|Show this"
    )
    for command, text in told.items():
        assert not typed.search(text), command
        assert language == "en" or not english.search(text), command
