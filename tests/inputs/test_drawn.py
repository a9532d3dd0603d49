"""Drawings, shapefiles and KML as other programs write them: encodings, layers, projections."""

import shutil
from pathlib import Path

import pytest
import shapely

from lifecircle.case.case import open_case
from lifecircle.intake.study import check_study
from lifecircle.model.problem import Severity
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.drawing import drawing_encoding
from lifecircle.sources.tables.features import read_features

INPUTS = Path(__file__).parent
NAME = "金乡街道甲日间照料中心"


def errors(problems):
    return [p for p in problems if p.severity is Severity.ERROR]


def test_a_drawing_of_2007_is_utf_8_whatever_it_declares():
    study, problems = check_study(INPUTS / "dxf-2007-utf8")
    assert "kind_unknown" not in {str(p.code) for p in problems}
    (row,) = study.facilities.frame.itertuples()
    assert (row.name, row.kinds) == (NAME, {"day_care"})


def drawing(version, page, text, layer="0"):
    """A DXF of one text at (1, 2): header, then the text, as group codes and values."""
    header = [0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, version]
    header += [9, "$DWGCODEPAGE", 3, page] if page else []
    body = [0, "ENDSEC", 0, "SECTION", 2, "ENTITIES", 0, "TEXT", 8, layer, 10, 1.0, 20, 2.0]
    return "\n".join(map(str, [*header, *body, 40, 2.5, 1, text, 0, "ENDSEC", 0, "EOF", ""]))


@pytest.mark.parametrize(
    ("version", "page", "written", "text"),
    [
        ("AC1015", "ANSI_936", "gbk", NAME),  # 2000, as declared
        ("AC1018", "ANSI_936", "gbk", NAME),  # 2004
        ("AC1021", "ANSI_936", "utf-8", NAME),  # 2007
        ("AC1024", "ANSI_936", "utf-8", NAME),  # 2010
        ("AC1032", "ANSI_1252", "utf-8", NAME),  # 2018
        ("AC1032", None, "utf-8", NAME),
        ("AC1024", "ANSI_936", "gbk", NAME),  # a program that did not heed the version
        ("AC1015", "ANSI_1252", "gbk", NAME),  # the page of a western setting
        ("AC1015", "ANSI_936", "ascii", r"\U+91D1\U+4E61"),
        ("AC1024", "ANSI_936", "ascii", r"\U+91D1\U+4e61"),
        ("AC1015", "ANSI_936", "ascii", r"\M+5BDF0\M+5CFE7"),
    ],
)
def test_the_text_of_a_drawing_whatever_wrote_it(tmp_path, version, page, written, text):
    path = tmp_path / "f.dxf"
    path.write_bytes(drawing(version, page, text, layer=text).encode(written))
    frame = read_features(path)["frame"]
    expected = "金乡" if text.startswith("\\") else text
    assert (frame["Text"].tolist(), frame["Layer"].tolist()) == ([expected], [expected])


def test_a_declared_page_that_can_be_right_is_believed(tmp_path):
    path = tmp_path / "f.dxf"
    path.write_bytes(drawing("AC1015", "ANSI_950", "養老").encode("big5"))
    assert drawing_encoding(path) is None
    assert read_features(path)["frame"]["Text"].tolist() == ["養老"]


@pytest.mark.parametrize("name", ["CGCS2000三度带_117度", "北京城建坐标", "高斯－克吕格39带"])
@pytest.mark.parametrize("declared", [False, True])
def test_a_prj_in_gbk_says_what_it_says(tmp_path, name, declared):
    for part in (INPUTS / "ok-prj-zone-39").iterdir():
        shutil.copyfile(part, tmp_path / part.name)
    prj = (tmp_path / "f.prj").read_text(encoding="utf-8")
    (tmp_path / "f.prj").write_bytes(prj.replace(prj.split('"')[1], name).encode("gbk"))
    if declared:
        study = (tmp_path / "study.toml").read_text(encoding="utf-8")
        study = study.replace('path = "f.shp"', 'path = "f.shp"\ncrs = "EPSG:4527"')
        (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    study, problems = check_study(tmp_path)
    assert errors(problems) == []
    place = study.facilities.frame.geometry.iloc[0]
    centre = open_case(study).centre[0]
    assert place.distance(shapely.Point(centre)) == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize(("folder", "kind"), [(False, "日间照料中心"), (True, "助老食堂")])
def test_a_kml_has_names_and_the_study_says_the_kind(tmp_path, folder, kind):
    for part in (INPUTS / "ok-prj-zone-39").glob("areas.*"):
        shutil.copyfile(part, tmp_path / part.name)
    marks = "".join(
        f"<Placemark><name>{name}</name><Point><coordinates>{lon},35.0487385,0</coordinates>"
        "</Point></Placemark>"
        for name, lon in (("甲站", 117.0005), ("乙站", 117.0020))
    )
    inner = f"<Folder><name>设施</name>{marks}</Folder>" if folder else marks
    (tmp_path / "f.kml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><name>标注</name>{inner}</Document></kml>",
        encoding="utf-8",
    )
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "试验县"\ncounty = "370828"\nstandard = "caoxian-2023"\n'
        'as_of = 2025-12-31\n[layers.residential]\npath = "areas.geojson"\n'
        '[layers.facilities]\npath = "f.kml"\n'
        f'columns = {{ name = "Name", kinds = {{ value = "{kind}" }} }}\n',
        encoding="utf-8",
    )
    study, problems = check_study(tmp_path)
    assert errors(problems) == []
    frame = study.facilities.frame
    assert frame["name"].tolist() == ["甲站", "乙站"]
    expected = {"日间照料中心": "day_care", "助老食堂": "canteen"}[kind]
    assert frame["kinds"].tolist() == [{expected}, {expected}]


def test_one_layer_of_a_drawing_is_read_by_its_name(tmp_path):
    path = tmp_path / "f.dxf"
    both = drawing("AC1015", "ANSI_936", "甲站", layer="日间照料中心")
    more = drawing("AC1015", "ANSI_936", "比例尺", layer="说明")
    text = both.split("0\nENDSEC\n0\nEOF")[0] + more[more.index("0\nTEXT") :]
    path.write_bytes(text.encode("gbk"))
    assert read_features(path)["frame"]["Text"].tolist() == ["甲站", "比例尺"]
    fields = read_features(path, "日间照料中心")
    assert (fields["frame"]["Text"].tolist(), fields["rows"].tolist()) == (["甲站"], [1])
    with pytest.raises(SourceError) as caught:
        read_features(path, "道路")
    assert caught.value.params["sheets"] == ["日间照料中心", "说明"]
