"""``sites.json``: what a plan says of its study, and read back as it was written."""

import dataclasses
import json

import jsonschema
import pytest

from lifecircle.errors import AssessmentFormatError
from lifecircle.outputs.saved.plans.siting_json import read_siting_json, write_siting_json
from lifecircle.outputs.saved.schemas import shipped_schema


@pytest.fixture
def saved(short_plan, tmp_path):
    return write_siting_json(short_plan, tmp_path / "sites.json")


def test_a_plan_names_its_study(short_plan):
    origin = short_plan.origin
    assert [place.candidate for place in short_plan.places] == ["K1", "F2"]
    # all that does not comply, in the layer's order; households as the ledger has them
    assert [(a.id, a.households) for a in origin.areas] == [
        ("C", 300.0), ("D", None), ("E", 50.0), ("G", 80.0),
    ]  # fmt: skip
    assert (origin.areas[0].name, origin.areas[0].x, origin.areas[0].y) == ("丙苑", 503000, 3850000)
    assert (origin.county, origin.language) == ("370827", "zh")
    assert origin.clause_title["zh"] == "养老服务设施覆盖半径"
    assert {one.path for one in origin.inputs} >= {"study.toml", "小区.csv", "设施.csv", "候选.csv"}


def test_a_plan_is_read_back_as_it_was(saved, short_plan):
    jsonschema.validate(json.loads(saved.read_text(encoding="utf-8")), shipped_schema("sites"))
    assert read_siting_json(saved) == short_plan
    assert read_siting_json(saved.parent) == short_plan  # the folder is enough


def test_rewritten_with_other_white_space_it_is_the_same(saved, short_plan):
    saved.write_text(json.dumps(json.loads(saved.read_text(encoding="utf-8"))), encoding="utf-8")
    assert read_siting_json(saved) == short_plan


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["plan"]["places"].pop(), "改动过"),
        (lambda d: d["plan"]["places"][0].update(floor_area_m2=900), "改动过"),
        (lambda d: d.update(schema=99), "schema = 99"),
        (lambda d: d["plan"].pop("origin"), "plan.origin：缺少"),
        (lambda d: d["plan"].update(weight="houses"), "plan.weight"),
    ],
)
def test_a_plan_that_is_no_more_what_was_written_is_refused(saved, change, told):
    document = json.loads(saved.read_text(encoding="utf-8"))
    change(document)
    saved.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(AssessmentFormatError, match=told):
        read_siting_json(saved)


def test_what_is_no_plan_is_refused(tmp_path):
    with pytest.raises(AssessmentFormatError, match="没有这个文件"):
        read_siting_json(tmp_path)
    (tmp_path / "sites.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(AssessmentFormatError, match="schema = null"):
        read_siting_json(tmp_path, "en")


def test_the_same_plan_gives_the_same_bytes(saved, short_plan, tmp_path):
    again = write_siting_json(dataclasses.replace(short_plan), tmp_path / "again.json")
    assert again.read_bytes() == saved.read_bytes()
