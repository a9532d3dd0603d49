"""The list of a batch: a folder, a table, TOML; every mistake at once."""

from __future__ import annotations

import pytest

from lifecircle.batch.roster import read_roster, unread_columns
from lifecircle.errors import BatchError
from lifecircle.texts import say


def names(errands):
    return [(one.name, one.stage, one.standards) for one in errands]


def test_a_folder_lists_its_studies_by_the_names_of_their_folders(counties):
    home = counties("甲县", "乙市/丙县")
    (home / ".旧").mkdir()
    (home / ".旧" / "study.toml").write_text("", encoding="utf-8")
    assert names(read_roster(home)) == [("乙市_丙县", "now", ()), ("甲县", "now", ())]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_may_be_an_officers(counties, tmp_path, encoding):
    counties("a", "b")
    rows = "研究,名称,标准,口径\ncounties/a,甲县,caoxian-2023、jinxiang-2022,\ncounties\\b,,,规划\n"
    (tmp_path / "清单.csv").write_bytes(rows.encode(encoding))
    found = read_roster(tmp_path / "清单.csv", standards=["pingyin-2025"])
    assert names(found) == [
        ("甲县", "now", ("caoxian-2023", "jinxiang-2022")),
        ("b", "plan", ("pingyin-2025",)),
    ]


def test_what_a_table_says_under_other_headers_is_told_and_not_used(counties, tmp_path):
    counties("a")
    rows = "县区,备注,县(市、区)文件夹,口径,联系人\n甲县,先报,counties/a,规划全部建成,张三\n"
    (tmp_path / "清单.csv").write_bytes(rows.encode("gb18030"))
    assert names(read_roster(tmp_path / "清单.csv")) == [("甲县", "plan", ())]
    assert unread_columns(tmp_path / "清单.csv") == ("备注", "联系人")
    assert unread_columns(counties("b")) == ()


def test_toml_lists_counties_too(counties, tmp_path):
    counties("a")
    text = '[[county]]\nstudy = "counties/a"\nname = "甲"\nstandard = ["caoxian-2023"]\n'
    (tmp_path / "l.toml").write_text(text, encoding="utf-8")
    assert names(read_roster(tmp_path / "l.toml")) == [("甲", "now", ("caoxian-2023",))]


def test_every_mistake_is_told_at_once_with_its_row(counties, tmp_path):
    counties("a", "b")
    rows = (
        "study,name,stage,scenario\n"
        "counties/a,甲,now,\n"
        "counties/没有,乙,now,\n"
        "counties/b,甲,now,\n"
        "counties/b,logs,将来,无.toml\n"
        ",丁,,\n"
    )
    (tmp_path / "l.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path / "l.csv")
    assert [(code, about["row"]) for code, about in caught.value.mistakes] == [
        ("study_missing", "第 3 行"),
        ("name_twice", "第 4 行"),
        ("name_unusable", "第 5 行"),
        ("stage_unknown", "第 5 行"),
        ("scenario_missing", "第 5 行"),
        ("study_blank", "第 6 行"),
    ]


@pytest.mark.parametrize("name", ["con", "NUL", "Com1", "aux.2025", "lpt9 ", "province", "a/b"])
def test_a_name_of_which_some_system_makes_no_folder_is_refused(counties, tmp_path, name):
    counties("a")
    (tmp_path / "l.csv").write_text(f"study,name\ncounties/a,{name}\n", encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path / "l.csv")
    assert [code for code, _ in caught.value.mistakes] == ["name_unusable"]


def test_a_study_that_is_listed_twice_under_two_names_would_be_summed_twice(counties, tmp_path):
    counties("a", "b")
    rows = (
        "study,name,stage,standard\n"
        "counties/a,甲,now,\n"
        "counties/b,乙,,\n"
        "counties/b/study.toml,丙,plan,\n"  # another stage, and another document, are others
        "counties/a,丁,now,jinxiang-2023\n"
        "counties/a/study.toml,戊,现状,\n"
        "counties/b,乙,now,\n"  # told once
    )
    (tmp_path / "l.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path / "l.csv")
    assert [(code, about["row"], about["first"]) for code, about in caught.value.mistakes] == [
        ("study_twice", "第 6 行", "第 2 行"),
        ("name_twice", "第 7 行", "第 3 行"),
    ]
    for code, about in caught.value.mistakes:
        assert "第 6 行" in say("batch", f"mistake.{code}", "zh", **about) or code != "study_twice"


@pytest.mark.parametrize(
    "names", [("Cao县", "cao县"), ("Ａ县", "A县"), ("曹县 东", "曹县东"), ("a/b", "a_b")]
)
def test_names_that_one_system_takes_for_the_same_are_refused(counties, names):
    """Windows and macOS have one folder for what differs by case; full width looks the same."""
    with pytest.raises(BatchError) as caught:
        read_roster(counties(*names))
    assert [code for code, _ in caught.value.mistakes] == ["name_twice"]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh", "第 1 个 [[county]]", "第 2 个 [[county]]"),
        ("en", "[[county]] number 1", "[[county]] number 2"),
    ],
)
def test_a_county_of_a_toml_list_is_named_by_its_number_not_as_a_row(
    counties, tmp_path, language, first, second
):
    counties("a")
    text = '[[county]]\nstudy = "counties/a"\n' * 2
    (tmp_path / "l.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path / "l.toml", language=language)
    [(code, about)] = caught.value.mistakes
    told = say("batch", f"mistake.{code}", language, **about)
    assert told.startswith(second)
    assert f"与{first}重复" in told or f"that of {first};" in told


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("l.csv", "县\n甲\n", "no_study_column"),
        ("l.toml", "a = 1\n", "toml_form"),
        ("l.toml", "a = \n", "toml"),
        ("l.toml", None, "list_missing"),
        ("l.csv", None, "list_missing"),
        ("l.pdf", "", "list_unreadable"),
        ("l.csv", "study\n", "list_empty"),
    ],
)
def test_a_list_that_is_none(tmp_path, file, text, code):
    if text is not None:
        (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path / file)
    assert caught.value.code == code


def test_a_slip_in_toml_is_told_in_words(tmp_path):
    (tmp_path / "l.toml").write_text('[[county]]\nstudy = "甲\n', encoding="utf-8")
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path / "l.toml")
    told = caught.value.params
    assert told["line"] == "2"
    assert "toml_" not in told["detail"]


def test_a_folder_without_studies(tmp_path):
    with pytest.raises(BatchError) as caught:
        read_roster(tmp_path)
    assert caught.value.code == "list_empty"


def test_linked_folders_are_run_and_circles_are_not(counties, tmp_path):
    home = counties("a")
    away = (home / "a").rename(tmp_path / "away 甲#1")
    try:
        (home / "linked").symlink_to(away, target_is_directory=True)
        (away / "round").symlink_to(home, target_is_directory=True)
        (home / "broken").symlink_to(tmp_path / "nothing", target_is_directory=True)
    except OSError:
        pytest.skip("no folder may be linked here")
    (one,) = read_roster(home)
    assert one.name == "linked"
