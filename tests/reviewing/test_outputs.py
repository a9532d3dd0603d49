"""The sheet: Word, page, JSON; the command and its answers."""

import dataclasses
import json
import re
import runpy
import shutil
import zipfile
from pathlib import Path

import docx
import jsonschema
import openpyxl
import pytest
from docx.oxml.ns import qn
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.cli import app
from lifecircle.outputs.saved.review_json import review_document
from lifecircle.outputs.saved.schemas import shipped_schema


@pytest.fixture(scope="module")
def review(reviewed_in, tmp_path_factory):
    project = '"拆除设施" = "S1"\n"建设单位" = "<b>甲&乙</b>公司"\n"规划人口" = 1500\n'
    rooms = [(120, "甲"), (120, "乙")]
    return reviewed_in(tmp_path_factory.mktemp("one"), "jinxiang-2023", rooms, project=project)


@pytest.fixture(scope="module")
def files(review, tmp_path_factory):
    return lc.write_review(review, tmp_path_factory.mktemp("sheet"))


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words):
        return CliRunner().invoke(app, ["review", *map(str, words)])

    return call


def test_json_has_the_keys_of_the_contract(review):
    document = review_document(review)
    jsonschema.Draft202012Validator(shipped_schema("review")).validate(document)
    assert json.loads(json.dumps(document)) == document
    keys = "schema standard as_of inputs problems proposal verdict clauses side_effects"
    assert set(keys.split()) | {"conditions", "manual_checks"} <= document.keys()
    asked = "id quote required provided unit deficit status flags reason remedy"
    assert set(asked.split()) <= document["clauses"][0].keys()
    assert document["clauses"][0]["quote"].startswith("新建城镇居住区按照每百户不低于30平方米")


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(shipped_schema("review"))


def test_equal_input_gives_equal_bytes(review, files, tmp_path):
    first, second = files, lc.write_review(review, tmp_path)
    assert list(first) == ["docx", "html", "json"]
    for name, path in first.items():
        assert path.read_bytes() == second[name].read_bytes()
    with zipfile.ZipFile(first["docx"]) as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2024-06-30"}


def test_the_word_file_is_a_chinese_form(files):
    document = docx.Document(files["docx"])
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    # type comes from the styles that a paper uses, and from nothing else
    assert not list(document.element.body.iter(qn("w:rFonts")))
    used = {p.style or "Normal" for p in document.element.body.iter(qn("w:p"))}
    styles = {s.get(qn("w:styleId")): s for s in document.styles.element.iter(qn("w:style"))}
    found = {one: styles[one].find(f"{qn('w:rPr')}/{qn('w:rFonts')}") for one in used}
    fonts = {one.get(qn("w:eastAsia")) for one in found.values()}
    assert fonts == {"仿宋_GB2312", "黑体", "方正小标宋简体"}
    inner = docx.shared.Emu(section.page_width - section.left_margin - section.right_margin)
    for table in document.tables:
        assert sum(c.width.mm for c in table.columns) <= inner.mm + 0.1
    text = "\n".join(t.text for t in document.element.body.iter(qn("w:t")) if t.text)
    for part in ("□同意", "■修改后同意", "自然资源主管部门意见", "民政部门意见", "（盖章）"):
        assert part in text
    for part in ("独立出入口", "日照", "产权移交", "楼层", "且每处建筑面积不得少于200平方米"):
        assert part in text
    assert "<b>甲&乙</b>公司" in text


def test_commas_sit_as_in_mainland_type(files):
    document = docx.Document(str(files["docx"]))
    (mark,) = document.styles.element.iter(qn("w:lang"))
    assert mark.get(qn("w:eastAsia")) == "zh-CN"


def test_what_may_stand_in_for_a_font_is_named(files):
    with zipfile.ZipFile(files["docx"]) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
    for name in ("仿宋_GB2312", "黑体", "方正小标宋简体"):
        assert re.search(f'w:name="{name}"><w:altName w:val="[^"]+"', fonts)


def test_the_page_is_escaped_and_asks_for_nothing(files):
    page = files["html"].read_text(encoding="utf-8")
    headings = re.findall(r"<h2>(.)、", page)
    assert "".join(headings) == "一二三四五六七"
    assert "<b>甲" not in page
    assert "&lt;b&gt;甲&amp;乙&lt;/b&gt;公司" in page
    assert not re.search(r"(src|href)=\"?http|@import|url\(http", page)
    assert "default-src 'none'" in page


def test_both_languages(review, tmp_path):
    english = dataclasses.replace(review, language="en")
    files = lc.write_review(english, tmp_path)
    assert "Agree once amended" in files["html"].read_text(encoding="utf-8")
    assert "Natural resources" in "".join(
        t.text or "" for t in docx.Document(files["docx"]).element.body.iter(qn("w:t"))
    )


def test_the_word_file_keeps_the_schemas_of_office(review, tmp_path, office_faults):
    for language in ("zh", "en"):
        told = dataclasses.replace(review, language=language)
        assert office_faults(lc.write_review(told, tmp_path / language)["docx"]) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_of_the_opinion_is_saved(review, tmp_path, language):
    tracing = runpy.run_path(str(Path(__file__).parents[1] / "outputs" / "tracing.py"))
    told = dataclasses.replace(review, language=language)
    # what the sketch shows is measured for it alone, and stands in no other place
    shown = [(place.number, place.m2, place.distance_m) for place in told.sketch.places]
    saved = tracing["Saved"].of_documents(review_document(told), shown, domains=("review",))
    files = lc.write_review(told, tmp_path)
    assert saved.untraced(tracing["told_in_word"](files["docx"].read_bytes())) == []
    page = files["html"].read_text(encoding="utf-8")
    assert saved.untraced(tracing["told_on_page"](page)) == []


class TestCommand:
    def test_the_screen_speaks_the_shell_s_language(
        self, run, study_of, propose, tmp_path, monkeypatch
    ):
        """A study in Chinese, an English shell: the sheet is Chinese, the screen English."""
        monkeypatch.setenv("LIFECIRCLE_LANG", "en")
        monkeypatch.setenv("COLUMNS", "400")
        study, folder = study_of().path, tmp_path / "many"
        folder.mkdir()
        for name, m2 in (("a", 120), ("b", 100)):
            shutil.copy(propose([(m2, "1")], file=f"{name}.toml"), folder / f"{name}.toml")
        told = run(study, folder, "--out", tmp_path / "o", "-q")
        assert told.exit_code == 1, told.output
        names = re.compile(r"[东西远]苑|新苑|项目|用房\d*|\S*\.toml|审查\S*|“[^”]*”")
        text = names.sub("", told.output)
        assert [x for x in text.splitlines() if re.search(r"[\u3400-\u9fff，。：；、]", x)] == []
        assert "Agree once amended" in told.output
        page = (tmp_path / "o" / "b" / "opinion.html").read_text(encoding="utf-8")
        assert "修改后同意" in page

    def test_exit_codes(self, run, study_of, propose, tmp_path):
        study = study_of().path
        answers = {
            0: propose([(120, "1")], file="同意.toml"),
            1: propose([(100, "1")], file="修改.toml"),
            2: propose(households=None, file="有误.toml"),
            3: propose([(None, "1")], file="补充.toml"),
        }
        for code, path in answers.items():
            said = run(study, path, "-o", tmp_path / "out" / str(code), "-q")
            assert (said.exit_code, "Traceback" in said.output) == (code, False)
            home = tmp_path / "out" / str(code)
            assert (home / "opinion.docx").is_file() is (code != 2)
        assert "没有规划户数" in said.output or "没有规划户数" in run(study, answers[2]).output

    def test_what_a_person_has_to_look_at_is_on_the_screen_too(
        self, run, study_of, propose, tmp_path, monkeypatch
    ):
        """同意 alone would be all that is read of a basement, and of a figure given about."""
        monkeypatch.setenv("COLUMNS", "200")
        room = '"设施类型" = "社区养老服务用房"\n"建筑面积" = "约120"\n"所在楼层" = "地下一层"\n'
        said = run(study_of().path, propose([f'id = "N1"\n{room}']), "-o", tmp_path / "o")
        assert said.exit_code == 0
        assert "“所在楼层”为“地下一层”，在地面以下\n  核对楼层" in said.output
        assert "取约数，据实可能翻转" in said.output
        told = "\n".join(p.text for p in docx.Document(tmp_path / "o" / "opinion.docx").paragraphs)
        assert "在地面以下；核对楼层" in told

    def test_refused_is_1_too(self, run, study_of, propose, tmp_path):
        path = propose([(120, "1")], project='"拆除设施" = "F3"\n')
        said = run(study_of().path, path, "-o", tmp_path / "o")
        assert said.exit_code == 1
        assert "不同意" in said.stdout

    def test_json(self, run, study_of, propose, tmp_path):
        said = run(study_of().path, propose([(120, "1")]), "-o", tmp_path / "o", "--json")
        assert json.loads(said.stdout)["verdict"] == "agree"
        written = json.loads((tmp_path / "o" / "review.json").read_text(encoding="utf-8"))
        assert json.loads(said.stdout) == written
        bad = run(study_of().path, propose(households=None), "--json")
        assert bad.exit_code == 2
        assert json.loads(bad.stdout)["problems"][0]["code"] == "plot_no_households"

    def test_a_folder(self, run, study_of, propose, tmp_path):
        propose([(120, "1")], file="批/甲.toml")
        propose([(None, "1")], file="批/乙.toml")
        (tmp_path / "批" / "读我.txt").write_text("x", encoding="utf-8")
        out = tmp_path / "o"
        assert run(study_of().path, tmp_path / "批", "-o", out, "-q").exit_code == 3
        head = 'name = "=1+1"\n"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n'
        propose([(100, "1")], file="批/丙.toml", head=head)
        propose(households=None, file="批/丁.toml")
        said = run(study_of().path, tmp_path / "批", "-o", out)
        assert said.exit_code == 2
        # what 乙 said before its file was changed beside it is kept
        names = {p.name for p in out.iterdir()}
        assert names == {"甲", "乙", "丙", "summary.xlsx", "以前的成果"}
        sheet = openpyxl.load_workbook(out / "summary.xlsx").active
        rows = {r[0]: r[2] for r in sheet.iter_rows(min_row=2, values_only=True)}
        assert rows == {
            "丁.toml": "资料有误（1 处）",
            "丙.toml": "修改后同意",
            "乙.toml": "待补充材料",
            "甲.toml": "同意",
        }
        assert sheet["B3"].data_type == "s"

    def test_an_empty_folder_is_said(self, run, study_of, tmp_path):
        (tmp_path / "空").mkdir()
        assert run(study_of().path, tmp_path / "空").exit_code == 2

    def test_another_standard(self, run, study_of, propose, tmp_path):
        said = run(study_of().path, propose([(180, "1")]), "-s", "jinxiang-2023", "-o", tmp_path)
        assert said.exit_code == 1
        assert "JX-03" in said.stdout
        assert run(study_of().path, propose(), "-s", "no-such").exit_code == 2


def test_the_shipped_proposals_say_what_their_names_say(tmp_path):
    guixi = Path(__file__).parents[2] / "data" / "guixi"
    # without streets: only reference checks need them, and they take most of the time
    for path in guixi.iterdir():
        if path.suffix in {".gpkg", ".xlsx", ".csv", ".geojson"}:
            shutil.copy(path, tmp_path)
    text = (guixi / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        text.replace('[layers.streets]\npath = "guixi.osm"\n', ""), encoding="utf-8"
    )
    study = lc.read_study(tmp_path)
    assert study.streets is None
    found = {
        path.stem: lc.review(study, lc.read_proposal(path, study))
        for path in (guixi / "proposals").iterdir()
    }
    verdicts = {name: str(review.verdict) for name, review in found.items()}
    assert verdicts == {"passes": "agree", "amend": "amend", "incomplete": "supply"}
    (effect,) = found["amend"].side_effects
    assert (effect.residential, effect.change_m2, effect.remedy.params["m2"]) == ("R37", -60, 51)
    assert found["amend"].clauses[0].deficit == 20.0
    assert found["passes"].clauses[0].required == 170.0  # 850 × 20 / 100, exactly met
    assert all(review.proposal.illustrative for review in found.values())
