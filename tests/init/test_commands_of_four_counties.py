"""The four counties by command, step by step: init, fill in, check, assess, score, review.

What each step must come to is worked out by hand in ``test_point_counties``; here it is read from
what the commands write.
"""

from __future__ import annotations

import json

import geopandas as gpd
import openpyxl
import pytest
from tests.init.conftest import DAY, Officer
from tests.init.test_point_counties import (
    AREAS,
    COUNTY,
    FORMS,
    KEPT,
    REVIEWS,
    SIGNS,
    TOWNS,
    fill,
    proposal,
)
from typer.testing import CliRunner

from lifecircle.cli import app
from lifecircle.standards import template_of

VERDICTS = {
    "weishan-2023": "agree",
    "caoxian-2023": "agree",
    "pingyin-2022": "amend",  # 10 m² of 130 lack
    "jinxiang-2023": "amend",  # 80 m² of 200
}
SIGN_OF = {status: sign for sign, status in SIGNS.items()}


class ByCommand(Officer):
    """Writes into the workbook that ``init`` has left in a folder."""

    def __init__(self, standard, folder):
        self.template = template_of(standard, DAY, language="zh")
        self.study, (self.path,) = folder / "study.toml", folder.glob("*.xlsx")
        self.book = openpyxl.load_workbook(self.path)
        self.language = "zh"


def run(*words):
    """Return the exit code of a command and what it prints, as JSON."""
    answer = CliRunner().invoke(app, [str(word) for word in words], env={"LIFECIRCLE_LANG": "zh"})
    return answer.exit_code, json.loads(answer.stdout) if "--json" in words else answer.output


@pytest.fixture(scope="module", params=KEPT)
def county(request, tmp_path_factory):
    """Return the standard and the folder that ``init`` made and an officer filled in."""
    folder = tmp_path_factory.mktemp("counties") / "县"
    code, _ = run("init", folder, "--standard", request.param, "--as-of", DAY)
    assert code == 0
    fill(ByCommand(request.param, folder), KEPT[request.param])
    return request.param, folder


def test_check_finds_nothing_that_stops_it(county):
    code, told = run("check", county[1], "--json")
    assert code == 1  # there are warnings, and no error
    assert {one["severity"] for one in told["problems"]} <= {"info", "warning"}
    half = [one for one in told["problems"] if one["code"] == "units_unlisted"]
    assert len(half) == 1


def test_assess_writes_every_status(county):
    standard, folder = county
    code, told = run("assess", folder, "--json", "--out", folder / "out")
    assert code == 0
    saved = {one["id"]: one for one in told["clauses"]}
    for name, (sign, *_) in COUNTY[standard].items():
        assert saved[name]["status"] == SIGNS[sign], name
    table = gpd.read_file(folder / "out" / "assessment.gpkg", layer="findings")
    found = {}
    for one in table.itertuples():
        found.setdefault(one.clause, {})[one.id] = SIGN_OF[one.status]
    for name, signs in AREAS[standard].items():
        expected = {f"R{n}": sign for n, sign in enumerate(signs, start=1) if sign != " "}
        assert found[name] == expected, name
    for name, signs in TOWNS[standard].items():
        asked = "".join(sign for _, sign in sorted(found[name].items()) if sign != ".")
        assert asked == signs, name


def test_score_writes_the_form(county):
    standard, folder = county
    form = ("--form", "caoxian")
    if standard in {"pingyin-2022", "jinxiang-2023"}:  # whose documents have none
        assert run("score", folder, "--out", folder / "none")[0] == 2
    else:
        form = ()
    code, told = run("score", folder, *form, "--json", "--out", folder / "form")
    assert code == 0
    settled, low, high = FORMS[standard]
    assert (told["low"], told["high"]) == (low, high)
    parts = {one["id"]: one for item in told["items"] for one in item["parts"]}
    assert {key: parts[key]["score"] for key in settled} == settled


def test_review_writes_the_opinion(county):
    standard, folder = county
    plan = proposal(folder / "方案")
    code, told = run("review", folder, plan, "--json", "--out", folder / "opinion")
    assert told["verdict"] == VERDICTS[standard]
    assert code == (0 if told["verdict"] == "agree" else 1)
    signs = {one["id"]: SIGN_OF[one["status"]] for one in told["clauses"]}
    assert signs == REVIEWS[standard]
