"""The note of a shapefile in a layer that was cut out of it, and what of it still holds."""

import json

import pandas as pd
import pytest

from lifecircle.sources.tables.shapefile.carried import read_note


def note_of(full, encoding="gbk"):
    told = {"header_bytes": 10, "encoding": encoding, "full": full, "blanks": ["面积"]}
    return {"LIFECIRCLE_SHAPEFILE": json.dumps(told)}


@pytest.mark.parametrize(
    ("text", "fills"),
    [
        ("和谐家园和谐家园和谐", True),  # 20 of 20 bytes
        ("和谐家园和谐家园和", True),  # 18: a character of more bytes had no room
        ("和谐家园和谐家园a", True),  # 17
        ("和谐家园和谐家园", False),  # 16: any character had
        ("和谐家园和谐家园和谐a", False),  # 21: completed
        ("", False),
        (None, False),
    ],
)
def test_of_texts_only_those_that_still_fill_their_field_are_told(text, fills):
    frame = pd.DataFrame({"名称": ["一站", text]})
    found = read_note(note_of({"名称": {"1": [20, False]}}), frame)["full"]["名称"]
    assert found == ({1: (20, False)} if fills else {})


def test_of_a_column_or_a_row_that_was_taken_out_nothing_is_told():
    full = {"名称": {"0": [4, True], "1": [4, True]}, "地址": {"0": [4, False]}}
    found = read_note(note_of(full), pd.DataFrame({"名称": ["一站"]}))
    assert found["full"] == {"名称": {0: (4, True)}, "地址": {}}
    assert (found["header_bytes"], found["encoding"]) == (10, "gbk")
    assert found["blanks"] == {"面积"}


def test_without_a_note_nothing_is_told():
    frame = pd.DataFrame({"名称": ["一站"]})
    assert read_note(None, frame) == read_note({"OTHER": "{}"}, frame) == {}
