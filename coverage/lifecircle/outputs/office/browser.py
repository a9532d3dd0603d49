"""PDF of a page: printed by a Chromium, Chrome or Edge that is installed; none is ever fetched.

The browser starts with a profile of its own that is thrown away, asks no network, and runs no
longer than it must.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lifecircle.errors import OutputError
from lifecircle.outputs.whole import whole_file
from lifecircle.texts import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

__all__ = ["VARIABLE", "find_browser", "print_pdf"]

VARIABLE = "LIFECIRCLE_BROWSER"
"""Environment variable that names the browser's program."""
_ON_PATH = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
_WINDOWS_HOMES = ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "LOCALAPPDATA")
_MAC = ("Google Chrome", "Microsoft Edge", "Chromium")
_LONGEST_S = 180
_SAID = 300
"""Characters of the browser's own words in a refusal."""
_END = 1024
"""Bytes at the end of a PDF among which its mark of the end stands."""
_STAMP = re.compile(rb"(/(?:CreationDate|ModDate) ?\(D:)[^)]*(\))")
_NODE = re.compile(rb"\(node(\d{8})\)")
"""What a browser calls a part of a tagged page: its own count, which begins where it happens to."""


def find_browser(environment: Mapping[str, str] | None = None) -> Path | None:
    """Return the program of a browser that prints pages; None where none is found.

    Looked for in this order: the environment variable ``LIFECIRCLE_BROWSER``, the search path, the
    usual places of Windows and macOS.
    """
    given = os.environ if environment is None else environment
    named = given.get(VARIABLE)
    if named:
        found = shutil.which(named, path=given.get("PATH"))
        return Path(found) if found else None
    for name in _ON_PATH:
        found = shutil.which(name, path=given.get("PATH"))
        if found:
            return Path(found)
    return next((place for place in _usual_places(given) if place.is_file()), None)


def _usual_places(environment: Mapping[str, str]) -> Iterator[Path]:
    homes = [environment[name] for name in _WINDOWS_HOMES if environment.get(name)]
    for program in _WINDOWS:
        yield from (Path(home) / program for home in homes)
    if sys.platform == "darwin":
        for name in _MAC:
            program = f"{name}.app/Contents/MacOS/{name}"
            yield from (Path("/Applications") / program, Path.home() / "Applications" / program)


def print_pdf(page: Path, target: Path, day: dt.date, language: str) -> Path:
    """Print the HTML file ``page`` to the PDF ``target`` and return the path.

    Parameters
    ----------
    day
        Stands for the time of printing in the file: equal pages, equal bytes.
    language
        Of the words in which it is refused.

    Raises
    ------
    OutputError
        There is no browser, or it did not print.
    """
    browser = find_browser()
    if browser is None:
        raise OutputError(say("brief", "pdf.no_browser", language, variable=VARIABLE))
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "page.pdf"
        command = _command(browser, page, made, Path(folder) / "profile")
        try:
            done = subprocess.run(  # noqa: S603 - a browser that is installed, and our own page
                command, capture_output=True, timeout=_LONGEST_S, check=False
            )
            said = done.stderr.decode("utf-8", "replace")
        except (OSError, subprocess.TimeoutExpired) as error:
            said = str(error)
        if not _is_whole(made):
            told = {"browser": str(browser), "said": said.strip()[-_SAID:]}
            raise OutputError(say("brief", "pdf.failed", language, **told))
        with whole_file(target) as part:
            part.write_bytes(_recounted(_without_clock(made.read_bytes(), day)))
    return target


def _command(browser: Path, page: Path, target: Path, profile: Path) -> list[str]:
    command = [
        str(browser),
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-extensions",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        "--print-to-pdf-no-header",  # the same, of older ones
        f"--print-to-pdf={target}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # the sandbox refuses root
    return [*command, page.resolve().as_uri()]


def _is_whole(made: Path) -> bool:
    """Return whether a PDF is there to its end: a browser that was stopped leaves half of one."""
    return made.is_file() and b"%%EOF" in made.read_bytes()[-_END:]


def _without_clock(data: bytes, day: dt.date) -> bytes:
    """Return a PDF with ``day`` for its times; every byte stays where it is."""

    def stamped(found: re.Match[bytes]) -> bytes:
        room = len(found[0]) - len(found[1]) - len(found[2])
        return found[1] + f"{day:%Y%m%d}000000Z".encode().ljust(room)[:room] + found[2]

    return _STAMP.sub(stamped, data)


def _recounted(data: bytes) -> bytes:
    """Return a PDF with its parts numbered from 1, in their order; every byte stays where it is."""
    ranks = {n: rank for rank, n in enumerate(sorted(set(_NODE.findall(data))), start=1)}
    return _NODE.sub(lambda found: b"(node%08d)" % ranks[found[1]], data)
