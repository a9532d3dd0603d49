"""A county that no code of the data belongs to."""

from __future__ import annotations

import pytest

import lifecircle as lc
from lifecircle.model.problem import ProblemCode

HEAD = "name,kinds,stage,lon,lat,unit,community\n"


def told(county, *codes, **areas):
    """Return the warnings on the county of a study (370827) with facilities of these codes."""
    rows = [f"站{n},日间照料中心,运营,117.0,35.0500,{code}," for n, code in enumerate(codes)]
    county.write("facilities.csv", HEAD + "\n".join(rows) + "\n")
    county.areas(**areas).to_file(county.folder / "areas.gpkg")
    study = lc.read_study(county.finish())
    return [p for p in study.problems if p.code is ProblemCode.COUNTY_OF_NONE]


def test_a_mistyped_county_is_asked_about(county):
    (problem,) = told(county, "370829100", "370829101001", "", unit=["370829100", None])
    assert (problem.file, problem.value) == ("study.toml", "370827")
    assert problem.params == {"county": "370827", "others": ["370829"], "count": 2}


@pytest.mark.parametrize(
    ("codes", "areas"),
    [
        (("370829100", "370827100"), {}),  # one of ours: the other stands over the line
        (("370829100",), {"unit": ["370827100", None]}),  # the areas are ours
        (("", ""), {}),  # no codes say nothing
    ],
)
def test_nothing_is_asked_where_a_code_is_ours_or_there_is_none(county, codes, areas):
    assert told(county, *codes, **areas) == []
