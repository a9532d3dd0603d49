"""Whatever a county, a town or a sheet is called: Windows makes a file of that name."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest

from lifecircle.outputs.earlier import safe_name
from lifecircle.outputs.report.rectification import _file_name
from lifecircle.outputs.sheets.draw import file_name

NAMES = (
    *("CON", "con", "Nul.txt", "aux.a.b", "COM1", "lpt9.xlsx", "PRN ", "com¹", "CONIN$", "NUL ."),
    *(
        "东街.",
        "东街 ",
        " 东街",
        "...",
        "",
        " ",
        ". .",
        "a:b",
        "a/b",
        "a\\b",
        "a*b?",
        '"<|>',
        "\x07a",
    ),
    *("\ud800县", "县" * 300, "县" * 59 + " .街", "..", "~$a", "正常的名字"),
)
MAKERS = {
    "safe_name": safe_name,
    "sheet": file_name,
    "town": lambda name: _file_name("", name),
    "coded": lambda name: _file_name(name, "街"),
    "both": lambda name: _file_name(name, name),
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_one_that_windows_takes(maker, name):
    made = MAKERS[maker](name)
    for whole in (made, f"{made}.xlsx"):
        assert not PureWindowsPath(whole).is_reserved()
        assert PureWindowsPath(whole).name == whole
        assert not set(whole) & set('<>:"/\\|?*')
        assert not any(ord(char) < 32 for char in whole)
        whole.encode("utf-8")
        assert 0 < len(whole) < 255 or maker in {"coded", "both"}  # a code is a code's length
        assert whole == whole.rstrip(" .")


def test_a_name_that_needs_nothing_is_kept():
    assert {maker: make("青菏街道") for maker, make in MAKERS.items()} == {
        "safe_name": "青菏街道",
        "sheet": "青菏街道",
        "town": "青菏街道",
        "coded": "青菏街道-街",
        "both": "青菏街道",
    }
