"""Whatever a ledger holds: read = used + set aside, and only declared problems come out."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.intake import check_study
from lifecircle.model.problem import Problem, ProblemCode, Severity, describe
from lifecircle.outputs.saved.described import read_as
from lifecircle.texts import LANGUAGES

CELLS = (
    ["", "-1", "0", "1", "1,2", "约3", "3.7E+11", "nan", "1e400", "117.0", "35.05", "=1"],
    ["甲", "R1", "R1:5", "合计", "托老所", "运营", "是", "x", "2025-01-01", "注：甲", "一、甲"],
    ["117°07′48″", "35 03 00", "39511894", "3880000", "#N/A", "45657", "ÉèÊ©Ãû³Æ", "锟斤拷"],
    ["370828001", "370828001001"],
)
ASIDE = {ProblemCode.ROW_TOTAL, ProblemCode.ROW_NOTE}
WILD = st.one_of(
    st.sampled_from([cell for group in CELLS for cell in group]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6),
)
HEADERS = {
    "facilities": "编号 名称 类型 状态 场所编号 建筑面积 星级 是否达标 社区 服务小区 经度 纬度",
    "units": "区划代码 名称 城乡分类代码 人口",
    "exemptions": "编号 条款 理由 依据 有效期至",
    "candidates": "编号 名称 建筑面积 镇街 经度 纬度",
    "gates": "编号 居住区 经度 纬度",
}


@st.composite
def ledgers(draw):
    found = {}
    for layer, headers in HEADERS.items():
        width = len(headers.split())
        found[layer] = draw(st.lists(st.lists(WILD, min_size=width, max_size=width), max_size=4))
    return found


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"'


@given(ledgers())
@settings(
    settings.get_profile("costly"),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_row_is_used_or_set_aside(county, tables):
    for layer, rows in tables.items():
        lines = [HEADERS[layer].replace(" ", ","), *(",".join(map(quoted, row)) for row in rows)]
        if layer == "facilities":
            lines.append("ZZ,甲,托老所,运营,,1,,,,,117,35.0500")
        county.write(f"{layer}.csv", "\n".join(lines) + "\n")
        county.layers[layer] = f'path = "{layer}.csv"'
        if layer in {"facilities", "candidates", "gates"}:
            county.layers[layer] += '\ncoordinates = "gcj02"'
    study, problems = check_study(county.finish())

    assert all(isinstance(p, Problem) and p.code in set(ProblemCode) for p in problems)
    for problem in problems:
        # what any saved document can carry, and carries back
        assert read_as(Problem, json.dumps(problem.to_json(), ensure_ascii=False)) == problem
        for language in LANGUAGES:
            assert describe(problem, language)["what"]
    if study is None:
        assert any(p.severity is Severity.ERROR for p in problems)
        return
    layers = {"facilities": study.facilities, "units": study.units}
    layers |= {"candidates": study.candidates, "gates": study.gates}
    for record in study.inputs:
        assert record.rows == record.used + record.set_aside
        if record.layer in layers:
            assert record.used == len(layers[record.layer])
            aside = {
                p.row
                for p in problems
                if p.layer == record.layer
                and p.row is not None
                and (p.severity is Severity.ERROR or p.code in ASIDE)
            }
            assert len(aside) >= record.set_aside
