"""``assess --edits``: a trial is judged, told as one, and kept apart from what stands."""

from __future__ import annotations

import json

import pytest


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
