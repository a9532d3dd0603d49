"""``assess --edits``: a trial is judged, told as one, and kept apart from what stands."""

from __future__ import annotations

import json
import re

import pytest

from lifecircle.errors import AssessmentFormatError
from lifecircle.outputs.saved.plans.edits_json import read_edits_json


def edit(do, whom, **more):
    rest = {"x": None, "y": None, "name": None, "kinds": [], "columns": {}}
    return {"do": do, "id": whom, **rest, **more}


EDITS = {
    "schema": 1,
    "version": "0.1.0",
    "study": "小县",
    "crs": "EPSG:4548",
    "edits": [edit("change_facility", "F1", columns={"floor_area_m2": 29.0})],
}


def saved(folder, **changes):
    file = folder / "edits.json"
    file.write_text(json.dumps({**EDITS, **changes}, ensure_ascii=False), encoding="utf-8")
    return file


def test_a_trial_has_a_folder_and_a_banner_of_its_own(
    run, writing, make_study, tmp_path, monkeypatch
):
    # 200 households need 30 m² (15 m² per 100): 30 m² meet it, 29 m² do not
    monkeypatch.chdir(tmp_path)
    study = make_study()
    with writing("report", "map"):
        assert run("assess", study, "-q", "--fail-on-deficit", "--out", "now").exit_code in {0, 3}
        result = run("assess", study, "--edits", saved(tmp_path), "--fail-on-deficit")
    assert result.exit_code == 1, result.output
    assert "试算：在台账基础上作了改动，不是现状" in result.output
    (home,) = (tmp_path / "maps" / "out").iterdir()
    assert home.name.endswith("-试算")
    document = json.loads((home / "assessment.json").read_text("utf-8"))
    assert document["banners"][0] == "edited"
    for file in ("report.html", "map.html"):
        assert "试算" in (home / file).read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"study": "别县"}, "别县"),
        ({"crs": "EPSG:4549"}, "EPSG:4549"),
        ({"edits": [edit("remove", "F9")]}, "F9"),
        ({"edits": [edit("move", "F1")]}, "不是坐标"),
        ({"edits": [edit("fly", "F1")]}, "do"),
        ({"edits": [edit("change_facility", "F1", columns={"beds": "多"})]}, "多"),
        ({"edits": [edit("change_area", "R1", columns={"面积": 1})]}, "面积"),
        ({"schema": 9}, "9"),
    ],
)
def test_what_cannot_be_tried_is_told(run, make_study, tmp_path, changes, told):
    result = run(
        "assess", make_study(), "--edits", saved(tmp_path, **changes), "-o", tmp_path / "o"
    )
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("wrong", "zh", "en"),
    [
        (
            edit("fly", "F1"),
            '第 2 项改动的 do = "fly"（应为 add | move | remove | change_facility | change_area）',
            'do of edit 2 = "fly" (expected: add | move | remove | change_facility | change_area)',
        ),
        (
            edit("move", "F1", x="east", y=1.0),
            '第 2 项改动的 x = "east"（应为 数字）',
            'x of edit 2 = "east" (expected: a number)',
        ),
        (
            edit("change_facility", "F1", columns={"beds": {"a": 1}}),
            '第 2 项改动的 columns.beds = {"a": 1}（应为 文本、数字、true 或 false',
            'columns.beds of edit 2 = {"a": 1} (expected: text, a number, true or false',
        ),
        (
            3,
            "第 2 项改动 = 3（应为 {…} 形式的一组键值）",
            "edit 2 = 3 (expected: keys and values in {…})",
        ),
        (
            edit("move", "F1"),
            "edits.json 第 2 项改动（F1）：位置（不详，不详）不是坐标",
            "edits.json, edit 2 (F1): (unknown, unknown) is no place",
        ),
        (
            edit("remove", "F77"),
            "edits.json 第 2 项改动（F77）：没有这个设施：“F77”",
            "edits.json, edit 2 (F77): there is no facility 'F77'",
        ),
        (
            edit("change_facility", "F1", columns={"bed": 3}),
            "edits.json 第 2 项改动（F1）：没有这个列：“bed”",
            "edits.json, edit 2 (F1): there is no column 'bed'",
        ),
    ],
)
def test_what_is_wrong_with_an_edit_is_told_with_its_place(
    run, make_study, tmp_path, monkeypatch, wrong, *, zh, en
):
    monkeypatch.chdir(tmp_path)
    study = make_study()
    file = saved(tmp_path, edits=[*EDITS["edits"], wrong])
    for language, told in (("zh", zh), ("en", en)):
        monkeypatch.setenv("LIFECIRCLE_LANG", language)
        result = run("assess", study, "--edits", file, "-q")
        assert result.exit_code == 2
        said = "".join(result.output.split())
        assert "".join(told.split()) in said
        assert not re.search(r"float|tuple\[|pydantic|edits\[", said)


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "读不出来：这里是文件夹，不是文件"), ("en", "cannot be read: ")],
)
def test_what_the_system_will_not_open_is_told_in_the_readers_words(tmp_path, language, told):
    with pytest.raises(AssessmentFormatError) as caught:
        read_edits_json(tmp_path, language)
    assert told in str(caught.value)
    assert "Is a directory" not in str(caught.value)
