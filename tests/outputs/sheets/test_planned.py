"""The sheet of a future: what the plan builds, numbered, and whom it serves."""

import dataclasses

from lifecircle.outputs.sheets.contents.order import GROUPS, contents_of
from lifecircle.outputs.sheets.draw import draw_sheets
from lifecircle.outputs.sheets.drawing.prepared import Prepared
from lifecircle.outputs.words.wording import Wording


def test_the_places_stand_in_the_order_of_building_with_whom_they_serve(short_future):
    words = Wording.of(short_future, "sheets")
    ((sheet,), ()) = contents_of(short_future, words, ["planned"])
    assert sheet.table.rows == (
        ("1", "旧小学", "改建", "600 m²", "丙苑、丁苑"),
        ("2", "二站", "盘活", "150 m²", "=己苑<b>"),
    )
    # E stays missed; K1 and F2 have marks of their own
    assert [key for key, status in sheet.classed.items() if status == "deficient"] == ["E"]
    assert sheet.facilities == {"F1"}
    prepared = Prepared(short_future, words)
    assert prepared.planned == {"1": (503200.0, 3850000.0), "2": (509500.0, 3850000.0)}
    assert prepared.links[0] == [(503200.0, 3850000.0), (503000.0, 3850000.0)]
    assert len(prepared.links) == 3


def test_it_stands_among_the_sheets_of_a_future_alone(short_future):
    words = Wording.of(short_future, "sheets")
    now = dataclasses.replace(short_future, sites=None)
    groups = [one.group for one in contents_of(short_future, words)[0]]
    assert groups.index("planned") == groups.index("now") + len(
        [one for one in groups if one in {"now", "reach", "gap"}]
    )
    made, left_out = contents_of(now, words)
    assert "planned" not in {one.group for one in made}
    assert "why.no_plan" not in {one.why for one in left_out}
    made, left_out = contents_of(now, words, ["planned"])
    assert (made, [one.why for one in left_out]) == ([], ["why.no_plan"])
    assert "planned" in GROUPS


def test_it_can_be_drawn(short_future, tmp_path, font_file):
    made = draw_sheets(short_future, tmp_path, ["svg"], groups=["planned"], font=font_file)
    text = made.files[0].read_text(encoding="utf-8")
    assert text.count("#047857") >= 2 + 3  # two discs on the map, lines, and the legend's
