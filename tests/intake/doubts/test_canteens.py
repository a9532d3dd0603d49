"""Canteens of which nobody said whether they have another service: one note, and no reach."""

import pytest

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P

ROW = "甲食堂,{kind},运营,{service},117.001,35"


@pytest.mark.parametrize(
    ("kind", "service", "noted"),
    [
        ("助老食堂", "", 1),
        ("助老食堂、家庭养老床位", "", 1),
        ("助老食堂、老年活动室", "", 0),  # a second kind is another service
        ("助老食堂", "是", 0),
        ("助老食堂", "否", 0),
        ("助老食堂", "也许", 0),  # a warning of its own
        ("助老食堂、日间照料中心", "", 0),
        ("日间照料中心", "", 0),
    ],
)
def test_one_note_names_the_canteens_without_a_word_on_their_service(county, kind, service, noted):
    rows = [ROW.format(kind=kind, service=service), "乙站,日间照料中心,运营,,117.01,35"]
    text = "\n".join(["名称,类型,状态,日托服务,经度,纬度", *rows]) + "\n"
    county.write("facilities.csv", text)
    county.layers["facilities"] = 'path = "facilities.csv"\ncoordinates = "cgcs2000"'
    _, problems = check_study(county.finish())
    notes = [p for p in problems if p.code is P.CANTEENS_ALONE]
    assert [(p.params["count"], p.params["names"]) for p in notes] == [(1, ["甲食堂"])] * noted
