"""A county's own rules: by inheritance, in TOML or in Excel, and the schema editors read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tomllib
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from openpyxl import Workbook

from lifecircle.model.dictionary import kinds
from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.rules.options import option_fields
from lifecircle.standards import check_standard, library, read_standard, readings
from lifecircle.standards.clauses import CLAUSE_KEYS
from lifecircle.standards.file_schema import FILE, file_schema_text
from lifecircle.standards.reader import STANDARD_KEYS

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "mingxian-2024.toml"
SCHEMA = json.loads(
    (files("lifecircle.standards") / "standard.schema.json").read_text(encoding="utf-8")
)


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def test_the_worked_example_is_under_twenty_lines_and_sound():
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) < 20
    assert check_standard(EXAMPLE) == ()


def test_the_example_changes_one_number_and_keeps_the_rest():
    own, base = read_standard(EXAMPLE), read_standard("jinxiang-2023")
    clause, replaced = own.clauses["MX-01"], base.clauses["JX-03"]
    assert [v.value for v in clause.versions] == [25]
    assert "25平方米" in clause.quote
    taken = ("title", "measure", "subject", "unit", "where", "comparison", "readings", "official")
    assert all(getattr(clause, name) == getattr(replaced, name) for name in taken)
    assert clause.options == dataclasses.replace(replaced.options, approved_between="JX-06")
    assert (clause.deadline, clause.standard) == (None, "mingxian-2024")
    assert "JX-03" not in own.clauses
    # what spoke of JX-03 speaks of MX-01 now
    assert own.clauses["JX-07"].options.clauses == ("MX-01", "JX-04", "JX-06")
    assert own.clauses["JX-04"].options.quota == "MX-01"
    assert own.headline == "JX-07"


def test_options_taken_from_the_base_follow_its_overrides(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8") + (
        '[clauses.MX-02]\noverrides = "JX-06"\nsection = "二（二）"\nquote = "每百户18平方米"\n'
        'force = "每百户"\nversions = [{ valid_from = 2024-03-01, value = 18, '
        'references = [{ title = "明县社区养老服务设施配建办法", clause = "二（二）" }] }]\n'
    )
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    own = read_standard(path)
    assert own.clauses["MX-01"].options.approved_between == "MX-02"
    assert own.clauses["JX-07"].options.clauses == ("MX-01", "JX-04", "MX-02")


def test_another_measure_takes_nothing_from_the_clause_it_overrides(tmp_path):
    path = tmp_path / "own.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    path.write_text(text.replace('overrides = "JX-03"', 'overrides = "JX-03"\nmeasure = "walk"'))
    found = check_standard(path, "en")
    assert any(line.endswith("key subject: is missing: add it") for line in found)


def test_only_the_clauses_that_are_taken(tmp_path):
    path = tmp_path / "own.toml"
    head, _, clauses = EXAMPLE.read_text(encoding="utf-8").partition("[clauses.MX-01]")
    head = head.replace('"jinxiang-2023"', '"quotas-by-province"\ntake = ["GZ-01", "GZ-03"]')
    clauses = clauses.replace("JX-03", "GZ-02")
    path.write_text(f"{head}[clauses.MX-01]{clauses}", encoding="utf-8")
    own = read_standard(path)
    assert list(own.clauses) == ["GZ-01", "GZ-03", "MX-01"]
    assert own.clauses["GZ-01"].options.minimum_m2 == 350
    assert own.clauses["GZ-01"].options.approved_between == "MX-01"
    assert not own.clauses["GZ-01"].verified
    assert own.clauses["MX-01"].verified
    path.write_text(path.read_text("utf-8").replace('"GZ-03"]', '"GZ-04"]'), encoding="utf-8")
    assert any("GZ-04" in line and "GZ-0" in line for line in check_standard(path, "en"))


def workbook(path, clauses, *, english=False):
    book = Workbook()
    sheet = book.active
    sheet.title = "standard" if english else "标准"
    for row in [
        ("id", "mingxian-2024"),
        ("title.zh", "明县社区养老服务设施配建办法（示例）"),
        ("title.en", "Example county's rules on facilities"),
        ("issuer" if english else "发文机关", "明县人民政府办公室"),
        ("number" if english else "文号", "明政办发〔2024〕1号"),
        ("county" if english else "县代码", 379999),
        ("issued" if english else "发文日期", dt.date(2024, 3, 1)),
        ("compared_on" if english else "核对日期", dt.date(2024, 4, 1)),
        ("inherits" if english else "依据标准", "jinxiang-2023"),
    ]:
        sheet.append(row)
    sheet = book.create_sheet("clauses" if english else "条款")
    for row in clauses:
        sheet.append(row)
    book.save(path)
    return path


ZH = ("编号", "替代", "章节", "原文", "力度用语", "生效日期", "数值", "出处名称", "出处条款")
EN = ("id", "overrides", "section", "quote", "force", "valid_from", "value")
EN = (*EN, "reference.title", "reference.clause")
ROW = (
    "MX-01",
    "JX-03",
    "二（一）",
    "新建居住区按照每百户不少于25平方米的标准配套建设社区养老服务设施",
    "不少于",
    dt.date(2024, 3, 1),
    25,
    "明县社区养老服务设施配建办法",
    "二（一）",
)


@pytest.mark.parametrize(("header", "english"), [(ZH, False), (EN, True)])
def test_an_excel_sheet_with_the_same_columns_is_the_same_standard(tmp_path, header, english):
    path = workbook(tmp_path / "own.xlsx", [header, ROW], english=english)
    assert check_standard(path) == ()
    assert read_standard(path) == read_standard(EXAMPLE)


def test_a_second_row_of_a_clause_is_its_next_version(tmp_path):
    later = ("MX-01", *[None] * 4, dt.date(2026, 1, 1), 30, ROW[7], ROW[8])
    own = read_standard(workbook(tmp_path / "own.xlsx", [ZH, ROW, later]))
    assert [v.value for v in own.clauses["MX-01"].versions] == [25, 30]
    assert own.clauses["MX-01"].version_on(dt.date(2025, 12, 31)).value == 25


def test_lists_flags_and_filters_in_cells(tmp_path):
    header = (*ZH, "标题", "title.zh", "title.en", "度量", "对象", "单位", "设施类型", "城乡")
    header = (*header, "比较", "category", "official", "reference")
    header = tuple(name for name in header if name != "标题")
    row = (*ROW[:1], None, *ROW[2:6], 500, *ROW[7:], "半径", "radius", "radius", "residential")
    row = (*row, "m", "day_care、community_station", "urban", "<=", "SP", "areas", "是")
    own = read_standard(workbook(tmp_path / "own.xlsx", [header, row]))
    clause = own.clauses["MX-01"]
    assert clause.kinds == ("day_care", "community_station")
    assert clause.where == {"setting": ("urban",)}
    assert clause.reference


def test_mistakes_in_a_sheet_are_named_as_in_a_file(tmp_path):
    wrong = (*ROW[:1], "JX-3", *ROW[2:])
    found = check_standard(workbook(tmp_path / "own.xlsx", [ZH, wrong]), "en")
    assert any("JX-3:" in line and "JX-" in line for line in found)
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    assert len(check_standard(tmp_path / "no.xlsx", "en")) == 1
    assert len(check_standard(tmp_path / "none.xlsx", "en")) == 1
    Workbook().save(tmp_path / "empty.xlsx")
    (found,) = check_standard(tmp_path / "empty.xlsx", "zh")
    assert "标准" in found


@pytest.mark.parametrize("name", [*library(), "example"])
def test_the_schema_accepts_what_the_reader_accepts(name):
    library_file = files("lifecircle.standards") / "library" / f"{name}.toml"
    text = (EXAMPLE if name == "example" else library_file).read_text(encoding="utf-8")
    jsonschema.validate(as_json(tomllib.loads(text)), SCHEMA)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('county = "379999"', 'county = "37999"'),
        ('inherits = "jinxiang-2023"', 'inherit = "jinxiang-2023"'),
        ("value = 25", 'value = "25"'),
        ('force = "不少于"\n', ""),
        ('overrides = "JX-03"\n', ""),
        ("[clauses.MX-01]", "[clauses.mx1]"),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(before, after):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(tomllib.loads(text.replace(before, after))), SCHEMA)


def test_the_schema_that_ships_is_current():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    shipped = (files("lifecircle.standards") / FILE).read_text(encoding="utf-8")
    assert shipped == file_schema_text(), "run `make schemas`"


def test_the_schema_names_the_same_words_as_the_reader():
    assert SCHEMA["properties"].keys() == set(STANDARD_KEYS)
    (clause,) = SCHEMA["properties"]["clauses"]["patternProperties"].values()
    below = clause["properties"]
    assert below.keys() == set(CLAUSE_KEYS)
    assert below["measure"]["enum"] == list(MEASURES)
    asked = {key for key, spec in kinds().items() if not spec.perhaps}  # 助餐 is asked as canteen
    assert asked < set(below["kinds"]["items"]["enum"])
    assert not ({*kinds()} - asked) & {*below["kinds"]["items"]["enum"]}
    taken = {name: tuple(s["enum"]) for name, s in below["readings"]["properties"].items()}
    assert taken == {name: spec.choices for name, spec in readings().items()}
    options = {name for spec in MEASURES.values() for name in option_fields(spec.options)}
    assert below["options"]["properties"].keys() == options


@pytest.mark.parametrize("page", ["own-rules.md", "own-rules.zh.md"])
def test_the_guide_shows_the_example_and_every_switch(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    rules = EXAMPLE.read_text(encoding="utf-8").split("\n", 1)[1]
    assert f"```toml\n{rules}```" in text
    for name, spec in readings().items():
        if spec.switch:
            (row,) = [line for line in text.splitlines() if line.startswith(f"| {name} ")]
            assert all(f"`{choice}`" in row for choice in spec.switchable)
