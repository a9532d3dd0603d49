"""A remark that nothing has understood changes no verdict and stands beside those of its row."""

from __future__ import annotations

import io
import json

import docx
import pytest
from tests.two_ledgers import STUDY, written
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.assessing.explanation import explain
from lifecircle.cli import app
from lifecircle.model.problem import Severity, describe, unread_remarks
from lifecircle.outputs.maps.areas import area_columns
from lifecircle.outputs.maps.draw import draw_map
from lifecircle.outputs.maps.facilities import facility_features
from lifecircle.outputs.maps.labels import Labels
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.report.workbook.areas import area_rows
from lifecircle.outputs.report.workbook.facilities import facility_rows
from lifecircle.outputs.words.problems import group_problems
from lifecircle.outputs.words.wording import Wording

LONG = "老板夜里跑了<b>没人&理会</b>" + "又" * 60
SAID = {
    "老板跑了再没人理会": "left",
    "夜里没有灯的人家多了一半": "left",
    LONG: "left",
    "正常，半死不活": "left",  # one part of two
    "已停用": "heard",
    "已拆除；说不清是谁拆的": "heard",  # the stage is open, and with it the whole row
    "": "nothing",
    "无": "nothing",
    "/": "nothing",
    "正常": "nothing",
    "情况属实": "nothing",
    "坐标已核实": "nothing",
    "数据无误，一切正常": "nothing",
}
"""A remark, and what becomes of it: shown, heard as against the row's stage, or nothing."""
AREAS = "编号,小区名称,城乡,类别,阶段,户数,X,Y,备注\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y,备注\n"


def study_of(folder, said):
    """Write an estate of 500 households with its own 800 m² for each remark, of both rows."""
    rows = list(enumerate(said))
    homes = (
        f"R{n},{n}号苑,城市,已建成,入住,500,{500000 + 3000 * n},3850000,{t}\n" for n, t in rows
    )
    rooms = (
        f"F{n},{n}号站,日间照料中心,运营,800,R{n},{500010 + 3000 * n},3850000,{t}\n"
        for n, t in rows
    )
    written(folder, STUDY, r=AREAS + "".join(homes), f=ROOMS + "".join(rooms))
    return lc.read_study(folder / "study.toml")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return study_of(tmp_path_factory.mktemp("remarked"), SAID)


@pytest.fixture(scope="module")
def assessment(study):
    return lc.assess(study)


def cut(text):
    return text if len(text) <= 60 else text[:59] + "…"


LEFT = {n: cut(text) for n, (text, what) in enumerate(SAID.items()) if what == "left"}


@pytest.mark.parametrize(("layer", "letter"), [("residential", "R"), ("facilities", "F")])
def test_one_info_for_a_column_tells_the_first_five(study, layer, letter):
    told = [p for p in study.problems if p.code == "remark_unread" and p.layer == layer]

    assert [(p.severity, p.column, p.params["count"]) for p in told] == [(Severity.INFO, "备注", 4)]
    assert unread_remarks(study.problems, layer) == {f"{letter}{n}": t for n, t in LEFT.items()}
    assert len(group_problems(told)) == 1
    for language in ("zh", "en"):
        assert all(text in describe(told[0], language)["what"] for text in LEFT.values())


def test_many_are_counted_and_five_shown(tmp_path):
    study = study_of(tmp_path, [f"第{n}家的老板跑了" for n in range(7)])
    told = next(p for p in study.problems if p.code == "remark_unread")

    assert told.params["count"] == 7
    assert [text[:2] for text in told.params["examples"]] == ["R0", "R1", "R2", "R3", "R4"]
    assert len(unread_remarks(study.problems, "facilities")) == 7


@pytest.mark.parametrize(
    ("stage", "text", "shown"),
    [
        ("运营", "建筑面积800平方米", False),  # what the row says
        ("运营", "实测800", False),
        ("运营", "使用面积700平方米", True),
        ("运营", "2019年启用", False),  # days are held against its stage
        ("规划", "2035年启用", False),
        ("移交", "2019年6月移交", False),
        ("运营", "租期至2035年", False),
        ("运营", "2019年开了两天", True),
        ("运营", "实测700，二楼出租", False),  # both parts are told of
        ("运营", "实测700，二楼漏风", True),
        ("运营", "2019年启用，运行正常", False),
    ],
)
def test_what_is_understood_and_agrees_with_its_row_is_not_shown(tmp_path, stage, text, shown):
    room = f"F1,甲站,日间照料中心,{stage},800,,500010,3850000,{text}\n"
    home = "R1,东园,城市,已建成,入住,500,500000,3850000,\n"
    study = lc.read_study(written(tmp_path, STUDY, r=AREAS + home, f=ROOMS + room))
    assert bool(unread_remarks(study.problems, "facilities")) == shown


def test_it_changes_no_verdict(tmp_path, assessment):
    silent = lc.assess(study_of(tmp_path, ["" if w == "left" else t for t, w in SAID.items()]))

    for name in ("clause", "id", "status", "low", "high"):
        assert silent.findings[name].equals(assessment.findings[name]), name
    assert "备注（未读入判定）" not in headers_of(silent)


def headers_of(assessment):
    words = Wording.of(assessment, "workbook")
    return [
        words.say(f"column.{column.code}")
        for table in (area_rows, facility_rows)
        for column in table(assessment, words)[0]
        if column.code == "remark"
    ]


def in_the_workbook(table, assessment):
    columns, rows = table(assessment, Wording.of(assessment, "workbook"))
    at = [column.code for column in columns].index("remark")
    assert not columns[at].lesser  # it is printed
    return {row[0]: row[at] for row in rows if row[at] is not None}


def test_every_remark_behind_a_firm_verdict_is_heard_or_shown(study, assessment):
    cells = {(p.layer, p.row, p.column) for p in study.problems if p.row is not None}
    areas, rooms = (in_the_workbook(t, assessment) for t in (area_rows, facility_rows))
    for n, (text, what) in enumerate(SAID.items()):
        story = explain(assessment, f"R{n}")
        shown = cut(text) if what == "left" else None
        assert areas.get(f"R{n}") == rooms.get(f"F{n}") == shown
        assert story.remarks["residential"].get(f"R{n}") == shown
        assert story.remarks["facilities"].get(f"F{n}") == shown
        quota = next(one.finding for one in story.stories if one.result.id == "CX-03")
        if what == "heard":
            assert {("residential", n + 2, "备注"), ("facilities", n + 2, "备注")} <= cells
            assert quota["status"] == "not_assessed"
        else:  # 800 m² of 75
            assert quota["status"] == "compliant"
    assert headers_of(assessment) == ["备注（未读入判定）"] * 2


def test_the_map_shows_it_escaped(assessment, tmp_path):
    words = Wording.of(assessment, "map")
    kept = area_columns(assessment, words, {})["remark"]
    labels = Labels(words)
    cards = {one["i"]: one["p"] for one in facility_features(assessment, words, labels)}

    assert [n for n, text in enumerate(kept.values) if text] == list(LEFT)
    number = labels.texts.index("备注（未读入判定）")
    for n in range(len(SAID)):
        card = dict(zip(cards[f"F{n}"][::2], cards[f"F{n}"][1::2], strict=True))
        assert card.get(number) == LEFT.get(n)
    assert "<b>没人" not in draw_map(assessment, tmp_path / "m.html").read_text(encoding="utf-8")


def test_the_chapter_says_how_many_and_where(assessment):
    told = [p.text for p in docx.Document(io.BytesIO(chapter_bytes(assessment))).paragraphs]
    said = [text for text in told if "备注（未读入判定）" in text]

    assert len(said) == 1
    assert said[0].startswith("4 个居住区、4 处设施")


def test_explain_prints_it(study, assessment, monkeypatch):
    monkeypatch.setattr("lifecircle.intake.read_study", lambda _: study)
    monkeypatch.setattr("lifecircle.assessing.assess.assess", lambda *_, **__: assessment)
    run = CliRunner().invoke(app, ["explain", str(study.path), "R0"], env={"COLUMNS": "200"})
    assert run.exit_code == 0
    assert run.output.count("老板跑了再没人理会") == 2
    run = CliRunner().invoke(app, ["explain", str(study.path), "R0", "--json"])
    assert json.loads(run.output)["remarks"] == {
        "residential": {"R0": "老板跑了再没人理会"},
        "facilities": {"F0": "老板跑了再没人理会"},
    }
