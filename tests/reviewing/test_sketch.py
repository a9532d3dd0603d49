"""The sketch of an opinion: who counts and who does not, where, and that it is in both files.

The plot is 200 m × 100 m with its middle at (500, 50); S1 stands at (250, 0), F1 at (50, 50), F2 at
(-550, 50), which is 1050 m away.
"""

from __future__ import annotations

import base64
import dataclasses
import math
import re
import struct
import zlib

import docx
import numpy as np
import pytest

import lifecircle as lc
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.results.review import Standing
from lifecircle.outputs.office.picture import Picture
from lifecircle.outputs.opinion.legend import legend_of
from lifecircle.outputs.opinion.page import render_review
from lifecircle.outputs.opinion.rows import opinion_of
from lifecircle.outputs.opinion.sketch import HEIGHT, WIDTH, draw_sketch
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording

S1_AWAY = math.hypot(250, 50)


def told(review):
    return {
        place.facility: (str(place.standing), place.m2, round(place.distance_m, 6))
        for place in review.sketch.places
    }


def test_who_counts_for_the_plot_and_who_serves_within_the_radius(reviewed):
    """CX: 120 + 60 of the plot's own; two stations within 1000 m give their m² elsewhere."""
    sketch = reviewed("caoxian-2023", [(120, "1"), (60, "2")]).sketch
    assert (sketch.radius_m, sketch.more) == (1000, 0)
    assert sketch.centres == ((500_500.0, 3_850_050.0),)
    assert [place.number for place in sketch.places] == [1, 2, 3, 4]
    assert told(type("R", (), {"sketch": sketch})) == {
        "N1": ("counted", 120, 0),
        "N2": ("counted", 60, 0),
        "S1": ("near", 80, round(S1_AWAY, 6)),
        "F1": ("near", 30, 450),
    }
    assert len(sketch.areas) == 2  # E1, and E2 whose edge lies just beyond the circle; E3 is far


def test_remarks_that_nothing_understood_are_noted_of_rooms_that_stand_near(reviewed):
    """S1 and F1 serve within the radius; F3 is far and stays out of it, as N1 has none."""
    review = reviewed("caoxian-2023", [(120, "1"), (60, "2")])
    assert not any("备注" in note for note in opinion_of(review).notes)
    told = {"S1": "老板<b>跑了", "F3": "夜里没灯"}
    left = Problem(
        ProblemCode.REMARK_UNREAD,
        Severity.INFO,
        {"count": 2, "examples": [], "rows": [*told], "texts": [*told.values()]},
        layer="facilities",
    )
    review = dataclasses.replace(review, problems=(*review.problems, left))
    note = opinion_of(review).notes[-1]
    assert "共享站“老板<b>跑了”" in note
    assert "夜里没灯" not in note
    assert "老板&lt;b&gt;跑了" in render_review(review)
    assert "共享站 “老板<b>跑了”" in opinion_of(review, "en").notes[-1]


def test_a_place_too_small_for_the_clause_is_marked_with_the_reason(reviewed):
    """JX: 120 m² alone is below the 200 m² of one place; 240 m² on one site are not."""
    review = reviewed("jinxiang-2023", [(120, "1"), (240, "2")])
    found = told(review)
    assert found["N1"] == ("aside", 120, 0) or found["N1"][0] == "near"
    assert found["N2"] == ("counted", 240, 0)
    small = next(place for place in review.sketch.places if place.facility == "N1")
    assert str(small.reason.code) == "aside_small"
    for language, row in (("zh", "单处不足 200 m²"), ("en", "the place is below 200 m²")):
        words = Wording(language, "review", Names(review.names))
        shown = next(
            one
            for one in legend_of(review.sketch, words).rows
            if one.name.startswith(words.name("N1", "facilities"))
        )
        assert shown.standing.endswith(row)
        assert "另有" not in shown.standing  # of itself
        assert words.name("N1", "facilities") not in shown.standing


def test_a_room_that_may_count_is_open(reviewed):
    """A planned 养老院 with 300 m² and no 社区服务面积: how much counts is open."""
    home = 'id = "N1"\n"设施名称" = "颐养院"\n"设施类型" = "养老院"\n"建筑面积" = 300\n'
    found = told(reviewed("caoxian-2023", [home]))
    assert found["N1"][:2] == ("open", None)


@pytest.fixture
def two_rooms(reviewed):
    return reviewed("caoxian-2023", [(120, "1"), (60, "2")])


def pixels(png):
    """Return the pixels of a PNG whose rows are stored as differences from the row above."""
    body = b"".join(
        png[at + 8 : at + 8 + struct.unpack(">I", png[at : at + 4])[0]]
        for at in chunks(png)
        if png[at + 4 : at + 8] == b"IDAT"
    )
    raw = np.frombuffer(zlib.decompress(body), dtype=np.uint8).reshape(HEIGHT, 1 + 3 * WIDTH)
    rows = np.cumsum(raw[:, 1:].astype(np.uint64), axis=0) % 256
    return rows.reshape(HEIGHT, WIDTH, 3)


def chunks(png):
    at = 8
    while at < len(png):
        yield at
        at += 12 + struct.unpack(">I", png[at : at + 4])[0]


def test_the_picture_is_to_scale(two_rooms):
    """The circle of 2000 m fills 732 of 800 pixels: 0.366 a metre, the plot is 73 by 37."""
    png = draw_sketch(two_rooms.sketch)
    assert png == draw_sketch(two_rooms.sketch)
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    shown = pixels(png)
    scale = (HEIGHT - 68) / 2000
    x, y = WIDTH / 2, HEIGHT / 2

    def colour(east, north):
        return "#" + "".join(f"{v:02x}" for v in shown[int(y - north), int(x + east)])

    assert colour(90 * scale, 40 * scale) == "#fbe0d2"
    assert colour(112 * scale, 0) == "#ffffff"
    assert colour(0, 0) == "#c4491a"  # N1, counted: a full dot
    rim = shown[int(y) - 60 : int(y) + 60, int(x + 1000 * scale) - 2 : int(x + 1000 * scale) + 3]
    assert (rim == [0x1D, 0x5F, 0xA8]).all(axis=2).any()


def test_both_files_have_picture_and_legend(two_rooms, tmp_path):
    files = lc.write_review(two_rooms, tmp_path)
    word = docx.Document(files["docx"])
    assert len(word.inline_shapes) == 1
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert ["3 ○", "共享站", "80 m²", "255 米", "计入覆盖，面积不计入本项目"] in rows
    page = files["html"].read_text(encoding="utf-8")
    (png,) = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert base64.b64decode(png) == draw_sketch(two_rooms.sketch)
    assert "用房1（拟建）" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_standing_has_a_mark_and_words(two_rooms, language):
    words = Wording(language, "review", Names(two_rooms.names))
    legend = legend_of(two_rooms.sketch, words)
    assert all(mark in legend.note for mark in "●○×△")
    assert all(words.say(f"standing.{one}") for one in Standing)
    assert legend.rows[0].number == "1 ●"


def test_figures_of_small_maps_can_be_read_on_paper(two_rooms, monkeypatch):
    """Type of 8 points has figures of 0.7 x 8 points: 2 mm."""
    written = {}

    def text(self, told, centre, height, colour, width):
        written[told] = height * 150.0 / WIDTH
        return kept(self, told, centre, height, colour, width)

    kept = Picture.text
    monkeypatch.setattr(Picture, "text", text)
    draw_sketch(two_rooms.sketch)
    assert {"N", "1000 m", "1"} <= written.keys()
    assert min(written.values()) > 0.7 * 8 / 72 * 25.4
