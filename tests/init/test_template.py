"""The template itself: its units, drop-downs, notes, guide, and what it refuses."""

from __future__ import annotations

import datetime as dt
import json
import re
from types import SimpleNamespace

import openpyxl
import pytest
from typer.testing import CliRunner

from lifecircle.cli import app
from lifecircle.errors import OutputError
from lifecircle.intake import check_study
from lifecircle.intake.proposal.figures import floor_problems
from lifecircle.model.dictionary import columns, kinds, match_kinds, match_word
from lifecircle.model.gazetteer import code_list
from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.model.problem import ProblemCode
from lifecircle.model.rules.needs import fields_of
from lifecircle.outputs.template.book import template_bytes, vocabulary
from lifecircle.outputs.template.columns import (
    header_of,
    note_of,
    template_columns,
    worksheet_name,
)
from lifecircle.outputs.template.files import write_template
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import library, read_standard, template_of
from lifecircle.texts import word

DAY = dt.date(2025, 12, 31)
SIZES = {"370826": (15, 435), "371721": (26, 807), "370124": (8, 337), "370828": (13, 558)}


def test_the_code_lists_of_the_four_counties():
    for county, (towns, local) in SIZES.items():
        codes = [code for code, _ in code_list(county)]
        assert len(codes) == len(set(codes))
        assert (sum(len(c) == 9 for c in codes), sum(len(c) == 12 for c in codes)) == (towns, local)
    assert code_list("110101") == ()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", [s for s in library() if s != "quotas-by-province"])
def test_every_word_offered_is_understood(name, language):
    template = template_of(name, DAY, county="370828", language=language)
    for layer in TEMPLATE_LAYERS:
        for spec in template_columns(layer, template):
            for offered in vocabulary(layer, spec, language):
                if spec.type == "kinds":
                    assert match_kinds(offered), offered
                elif spec.type != "text":
                    assert match_word(spec.type, offered) is not None, offered


def test_the_same_template_is_the_same_bytes():
    one, two = (template_bytes(template_of("caoxian-2023", DAY)) for _ in range(2))
    assert one == two


def test_the_guide_names_the_clauses_of_every_gap(tmp_path):
    template = template_of("jinxiang-2023", DAY)
    _, path = write_template(template, tmp_path / "new")
    guide = openpyxl.load_workbook(path)["填写说明"]
    rows = {(r[0], r[1]): r[3] for r in guide.iter_rows(values_only=True) if r[0]}
    clauses = read_standard("jinxiang-2023").clauses
    star = [n for n, c in clauses.items() if getattr(c.options, "star_at_least", None)]
    assert rows["设施", "星级"] == f"条款 {'、'.join(star)} 待核实"
    assert rows["居住区", "规划户数（户）"] == "按“户数”计算；都没有，条款 JX-03、JX-07 待核实"
    # nothing a clause needs is left out of the sheets or the guide
    for clause in clauses.values():
        for field in fields_of(clause, clauses):
            layer, column = field.split(".")
            if layer in {"indicators", "evidence"}:
                assert column in {line.id for line in getattr(template, layer)}
            else:
                spec = columns(layer)[column]
                told = rows[worksheet_name(layer, Wording("zh", "init")), header_of(spec, "zh")]
                assert clause.id in told or "该行不能使用" in told


def test_people_are_counted_from_dwellings_only_where_the_study_says_how_many_live_in_one():
    template = template_of("pingyin-2022", DAY)
    mine = template_columns("residential", template)
    spec = next(one for one in mine if one.name == "population_planned")
    told = note_of(spec, ("PY-31",), Wording("zh", "init"))
    assert "“规划户数”和户均人口" in told
    assert "persons_per_household" in told


def test_each_header_has_a_note_and_lists_hang_on_their_columns(tmp_path):
    _, path = write_template(template_of("weishan-2023", DAY), tmp_path / "new")
    book = openpyxl.load_workbook(path)
    sheet = book["设施"]
    headers = {c.value: c for c in sheet[1]}
    assert "WS-29" in headers["星级"].comment.text
    assert all(c.comment is not None for c in sheet[1])
    offers = {
        str(v.sqref).split(":")[0][:-1]: v.formula1 for v in sheet.data_validations.dataValidation
    }
    assert offers[headers["状态"].column_letter].startswith("='选项'!")
    assert sheet["A2"].value.startswith("示例行")
    units = [row[0] for row in book["镇街村居"].iter_rows(min_row=3, values_only=True)]
    assert units == [code for code, _ in code_list("370826")]
    assert all(isinstance(code, str) for code in units)


def test_a_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        write_template(template_of("caoxian-2023", DAY), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_the_command(tmp_path):
    run = CliRunner().invoke
    folder = tmp_path / "金乡"
    asked = ["init", str(folder), "-s", "jinxiang-2023", "--as-of", "2025-12-31", "--json"]
    done = run(app, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["units"] == len(code_list("370828"))
    assert run(app, asked).exit_code == 2  # it stands already
    assert "as_of = 2025-12-31" in (folder / "study.toml").read_text(encoding="utf-8")
    for wrong in (
        ["-s", "jinxiang-2024"],
        ["-s", "jinxiang-2023", "--as-of", "soon"],
        ["-s", "jinxiang-2023", "--coordinates", "utm"],
        ["-s", "jinxiang-2023", "--language", "fr"],
        ["-s", "shandong"],  # a province: whose county?
    ):
        other = tmp_path / "other"
        assert run(app, ["init", str(other), *wrong]).exit_code == 2
        assert not other.exists()


def test_full_width_digits_are_a_county_code():
    folded = template_of("caoxian-2023", DAY, county="３７０８２６ ")
    assert folded.county == "370826"
    assert folded.units == code_list("370826")


def test_where_the_folder_cannot_be(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    run = CliRunner().invoke
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name, said in (("file", "是一个文件"), ("长" * 120, "文件名或路径太长")):
        done = run(app, ["init", str(tmp_path / name), "-s", "caoxian-2023"])
        assert done.exit_code == 2
        assert isinstance(done.exception, SystemExit)
        assert said in done.output.replace("\n", "")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_county_without_a_code_list_is_a_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    asked = ["init", str(tmp_path / "new"), "-s", "caoxian-2023", "--county", "999999"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "▲ 请核对县级代码 999999" in done.output


def test_what_documents_ask_for_is_offered_and_what_housing_never_is_is_not():
    specs = columns("facilities")
    assert "县级特困人员供养机构" in vocabulary("facilities", specs["kinds"], "zh")
    assert match_kinds("县级特困人员供养机构") == {"county_centre"}
    housing = columns("residential")["stage"]
    offered = vocabulary("residential", housing, "zh")
    assert "挪用" not in offered
    assert "挪用" in vocabulary("facilities", specs["stage"], "zh")
    listed = re.split("[：、]", housing.description["zh"])[1:]
    assert listed == list(offered)  # the note and the list say the same words
    classes = columns("residential")["age_class"]
    assert "、".join(vocabulary("residential", classes, "zh")) == classes.description["zh"]
    # the notes of one county's workbook name no other county's clause
    for layer in TEMPLATE_LAYERS:
        for spec in columns(layer).values():
            assert not re.search("(WS|CX|PY|JX)-[0-9]", spec.description["zh"])


def test_everything_prints_on_a4(tmp_path):
    words = ["init", str(tmp_path / "县"), "--standard", "jinxiang-2023"]
    CliRunner().invoke(app, words)
    (path,) = (tmp_path / "县").glob("*.xlsx")
    sheets = [w for w in openpyxl.load_workbook(path) if w.sheet_state == "visible"]
    assert {w.page_setup.paperSize for w in sheets} == {9}  # A4 in the format's list


def test_the_workbook_keeps_the_schemas_of_office(tmp_path, office_faults):
    _, path = write_template(template_of("weishan-2023", DAY), tmp_path / "new")
    assert office_faults(path) == []


def test_the_english_that_is_printed_is_read():
    """Whoever copies a word out of an English report or drop-down into a ledger is understood."""
    for vocabulary_, type_ in (("stage", "stage"), ("housing_stage", "stage")):
        for key in ("planned", "under_construction", "accepted", "handed_over", "in_use", "idle"):
            assert match_word(type_, word(vocabulary_, key, "en")) == key
    for type_, keys in (
        ("stage", ("misused", "closed")),
        ("age_class", ("new", "approved", "existing", "old")),
        ("setting", ("urban", "rural")),
    ):
        assert [match_word(type_, word(type_, key, "en")) for key in keys] == list(keys)
    for key, kind in kinds().items():
        if key != "other" and not kind.typed:
            assert match_kinds(kind.title["en"]) == {key}


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Day care center", {"day_care"}),
        ("day-care centre; meal canteen", {"day_care", "canteen"}),
        ("Nursing home", {"nursing_institution"}),
        ("Care home", {"care_home"}),
        ("Community Health Centre", {"health_centre"}),
        ("rural happiness home", {"happiness_home"}),
        ("township centre", {"township_centre"}),
        ("warehouse", set()),
    ],
)
def test_kinds_in_english(told, meant):
    assert match_kinds(told) == meant


def test_stages_in_english():
    told = ("In operation", "Planned", "under construction", "Handed over", "vacant", "on trial")
    stages = ["in_use", "planned", "under_construction", "handed_over", "idle", None]
    assert [match_word("stage", one) for one in told] == stages


ENGLISH = """id,name,kinds,stage,floor_area_m2,lon,lat
F1,East rooms,Day care center,in operation,120,116.3110,35.0670
F2,West hall,meal canteen,Planned,80,116.3120,35.0680
F3,Hill house,Nursing home,closed down,900,116.3130,35.0690
"""


def test_a_ledger_in_english_comes_round(tmp_path):
    """Kinds and stages of a ledger in English words, and no problem on any of them."""
    areas = "id,name,households,age_class,setting,stage,lon,lat\nR1,East Court,300,"
    areas += '"approved, not built",Urban,lived in,116.311,35.0675\n'
    study = '[study]\nname = "county"\nlanguage = "en"\ncounty = "370828"\n'
    study += 'standard = "jinxiang-2023"\nas_of = 2025-12-31\n'
    for layer, path in (("residential", "a.csv"), ("facilities", "f.csv")):
        study += f'[layers.{layer}]\npath = "{path}"\ncoordinates = "wgs84"\n'
    for name, text in (("a.csv", areas), ("f.csv", ENGLISH), ("study.toml", study)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    found, problems = check_study(tmp_path / "study.toml")
    rows = found.facilities.frame
    assert rows["kinds"].map(set).tolist() == [{"day_care"}, {"canteen"}, {"nursing_institution"}]
    assert rows["stage"].astype(str).tolist() == ["in_use", "planned", "closed"]
    (area,) = found.residential.frame[["age_class", "setting", "stage"]].astype(str).to_numpy()
    assert area.tolist() == ["approved", "urban", "in_use"]
    assert not [p for p in problems if p.column in {"kinds", "stage", "age_class", "setting"}]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ground floor", None),
        ("1st floor", None),
        ("first to second floor", None),
        ("2nd and 3rd floor", None),
        ("floor 2", None),
        ("首层至三层", None),
        ("basement", ProblemCode.FLOOR_UNDERGROUND),
        ("lower ground floor", ProblemCode.FLOOR_UNDERGROUND),
        ("by the lake", ProblemCode.FLOOR_UNREADABLE),
    ],
)
def test_floors_of_a_proposal_in_english(said, code):
    def problem(code, *_args, **_more):
        return code

    ledger = SimpleNamespace(frame={"floor": [said]}, problem=problem)
    assert floor_problems(ledger) == ([] if code is None else [code])
