"""A row that says in another column that it is not in use is not known to be."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

from lifecircle.assessing.assess import assess
from lifecircle.intake.ledger.cells.ended import contradicted
from lifecircle.intake.ledger.cells.remarked import _named_otherwise, _part_out
from lifecircle.intake.said_against.figures import _taken_back
from lifecircle.intake.study import check_study
from lifecircle.model.problem import Problem, Severity, describe
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

HEADERS = {
    "residential": "编号,小区名称,户数,类别,城乡,状态,X,Y",
    "facilities": "编号,设施名称,设施类型,状态,建筑面积,X,Y",
}
ROWS = {
    "residential": "R1,东园,100,已建成,城镇,{stage},500000,3850000",
    "facilities": "F1,甲站,日间照料中心,{stage},15,500000,3850020",
}
FILES = {"residential": "r.csv", "facilities": "f.csv"}


@pytest.fixture
def stage_of(tmp_path):
    """Return a function from a layer, its 状态 and one more column to stage and what is said."""

    def read(layer, stage, header, cell):
        (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
        for name, file in FILES.items():
            head, row = HEADERS[name], ROWS[name].format(stage="")
            if name == layer:
                head, row = f"{head},{header}", ROWS[name].format(stage=stage) + f",{cell}"
            (tmp_path / file).write_text(f"{head}\n{row}\n", encoding="utf-8")
        study, problems = check_study(tmp_path)
        said = [p.params["said"] for p in problems if p.code is P.REMARK_CONTRADICTS]
        return getattr(study, layer).frame["stage"].iloc[0], said

    return read


AGAINST = [
    *(("facilities", "运营", header, "否") for header in ("是否运营", "是否在用", "是否正常运营")),
    *(("facilities", "运营", header, "是") for header in ("是否停用", "是否闲置", "是否被占用")),
    *(("facilities", "移交", header, "√") for header in ("是否停用", "已拆除")),
    *(("facilities", "运营", header, "已注销") for header in ("经营状态", "登记状态", "存续状态")),
    ("facilities", "运营", "目前状况", "已停业"),
    ("facilities", "运营", "停用时间", "2024年5月"),
    ("facilities", "移交", "拆除日期", "2024-05-01"),
    ("facilities", "运营", "现状用途", "仓库"),
    ("facilities", "移交", "实际用途", "出租给超市"),
    ("facilities", "运营", "实际使用情况", "出租给超市"),
    *(("facilities", "运营", header, "否") for header in ("运营", "使用", "在用", "正常使用")),
    *(("facilities", "运营", "备注", word) for word in ("在建未交付", "尚未竣工", "未交付")),
    ("facilities", "移交", "备注", "仍在建"),
    ("residential", "入住", "备注", "在建未交付"),
    ("residential", "", "入住", "否"),
    ("facilities", "运营", "备注", "挂牌未运营"),
    *(("facilities", "运营", "备注", f"{day}停用") for day in ("2023.5", "2023-05-01", "自23/5")),
    *(("facilities", "运营", "备注", f"停用{day}") for day in ("2023.5", "于2023年5月")),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("已关门", "不再运营", "尚未建成", "已倒闭")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("被村委会占用", "因漏雨停用", "已租给个人")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("大门紧锁", "常年关闭", "停业整顿", "目前无人运营")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in (
            "装修中",
            "正在升级改造",
            "疫情期间停用",
            "疫情以来未开放",
            "临时关闭",
            "已搬迁",
        )
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("即将启用", "待验收", "已停止服务", "闲置三年", "暂不开放", "不对外开放")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("已退租", "改为党群服务中心", "并入东街站", "堆放杂物", "已搬至东街")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("房屋被社区占用办公", "现为疫苗接种点", "暂借给物业使用", "被社区借用存放物资")
    ),
    *(
        ("facilities", "运营", "备注", word)  # judged on 2025-12-31
        for word in ("租期至2024年12月", "租期2020年1月至2024年12月31日", "租赁合同2024年12月到期")
    ),
    ("facilities", "移交", "备注", "尚未移交"),
    ("facilities", "验收", "备注", "未竣工验收"),
    ("residential", "入住", "备注", "已拆迁"),
    ("residential", "入住", "是否拆迁", "是"),
    ("residential", "", "是否拆除", "是"),
    ("residential", "入住", "是否入住", "否"),
    ("residential", "交付", "拆迁情况", "已拆"),
    *(("facilities", "运营", "经营状态", word) for word in ("吊销", "清算中", "已迁出", "暂停")),
    *(("residential", "入住", "入住情况", word) for word in ("未入住", "目前无人居住", "停工")),
    ("residential", "入住", "现状用途", "仓库"),
]


@pytest.mark.one_in(4)
@pytest.mark.parametrize(("layer", "stage", "header", "cell"), AGAINST)
def test_a_stage_that_another_column_denies_is_not_known(stage_of, layer, stage, header, cell):
    assert stage_of(layer, stage, header, cell) == (None, [cell])


WITH = [
    *(("facilities", "运营", header, "是") for header in ("是否运营", "是否在用")),
    *(("facilities", "运营", header, "否") for header in ("是否停用", "是否闲置")),
    ("facilities", "移交", "是否运营", "否"),  # handed over and not opened
    ("facilities", "运营", "经营状态", "存续（在营）"),
    ("facilities", "运营", "去年状态", "停用"),
    ("residential", "入住", "现状", "在建"),  # of what, it does not say
    ("facilities", "运营", "原用途", "仓库"),
    ("facilities", "运营", "现状用途", "养老服务办公"),
    ("facilities", "运营", "停用时间", "无"),
    ("facilities", "运营", "设备状态", "停用"),
    ("facilities", "运营", "使用", "是"),
    ("facilities", "运营", "实际使用情况", "日间照料，一楼出租给超市"),
    ("facilities", "移交", "使用", "否"),  # handed over and not opened
    ("facilities", "验收", "备注", "未交付"),
    ("facilities", "运营", "备注", "未移交"),  # of whose it is
    ("residential", "入住", "现状用途", "住宅"),
    ("residential", "入住", "使用情况", "住宅，底层商铺"),
    *(("facilities", "运营", "备注", word) for word in ("租用民房", "与村委会合用", "二期未建成")),
    *(
        ("residential", "入住", "备注", word)
        for word in ("拆迁安置小区", "待拆迁", "商铺已租给个人")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in (
            "未关停",
            "不再闲置",
            "已重新开放",
            "无闲置",
            "原村委会撤销，并入东关社区",
            "从未停业",
            "装修完成",
            "疫情期间曾停业",
        )
    ),
    *(
        ("facilities", "运营", "备注", f"疫情期间停用，{word}")
        for word in ("现已开放", "目前正常运营", "现正常使用", "已恢复")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("消防未通过", "改为养老服务中心", "计划2026年装修", "电梯维修", "食堂停用")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in ("租期至2030年12月", "租期至2024年12月，已续租", "租期十年", "租期2020年起")
    ),
    *(
        ("facilities", "运营", "备注", word)
        for word in (
            "现为养老服务中心",
            "现为老年活动中心",
            "借用村委会用房",
            "原为接种点",
            "面积已测绘",
        )
    ),
    ("facilities", "移交", "备注", "即将启用"),
    ("facilities", "移交", "备注", "装修中"),
    *(("residential", "入住", "备注", word) for word in ("改造中", "外墙维修中", "不对外开放")),
    ("residential", "入住", "备注", "无人管理"),  # no firm looks after the estate
    ("facilities", "运营", "备注", "周日关闭"),
    ("residential", "入住", "是否拆迁", "否"),
    *(
        ("residential", "入住", header, "是")
        for header in ("是否拆迁安置", "是否安置小区", "拆迁安置小区", "是否回迁小区")
    ),
    *(("residential", "入住", "拆迁情况", word) for word in ("拆迁安置", "已拆迁安置", "回迁房")),
    ("residential", "交付", "是否入住", "否"),
    ("residential", "入住", "入住情况", "已入住六成"),
    ("residential", "交付", "入住情况", "未入住"),  # handed over, and nobody there yet
    ("facilities", "移交", "经营状态", "暂停"),
    *(("facilities", "运营", "备注", f"2023.5{what}") for what in ("建成", "曾停用", "", "改造")),
    ("facilities", "运营", "经营状态", "正常，食堂暂停"),
    *(("residential", "入住", "现状用途", use) for use in ("住宅", "商住", "住宅出租")),
]


@pytest.mark.one_in(4)
@pytest.mark.parametrize(("layer", "stage", "header", "cell"), WITH)
def test_what_does_not_deny_it_is_not_heard(stage_of, layer, stage, header, cell):
    found, said = stage_of(layer, stage, header, cell)
    assert found is not None
    assert said == []


@pytest.mark.parametrize("end", ["已停用", "2022年停用", "现闲置", "暂停运营"])
def test_a_part_of_a_remark_on_another_time_takes_nothing_back_from_the_others(end):
    # what stands before it, or is yet to come, does not open what is shut now
    def said(text):
        return contradicted("in_use", text, layer="facilities")

    for before in ("原幼儿园", "原为村小学", "房屋原系卫生室", "曾评为示范站", "重新装修"):
        assert (
            said(f"{before}，{end}")
            == said(f"{end}，{before}")
            == said(f"{end}（{before}）")
            == end
        )
    for ahead in ("计划2026年重新启用", "拟恢复运营", "将于明年重新开放", "待恢复", "原址拟建超市"):
        assert said(f"{end}，{ahead}") == end
    assert said(f"{end}，周边站点正常运营") == end
    for back in (
        "2023年恢复运营",
        "已重新开放",
        "现已开放",
        "已全面恢复",
        "2023年改造为养老服务中心",
    ):
        assert said(f"{end}，{back}") is None
    assert said(f"2019年停业，2020年恢复运营，{end}") == end


def test_a_row_without_a_stage_is_not_told_that_it_has_one():
    for stage, zh in ((None, "不像已入住的小区"), ("in_use", "与本行的阶段不符")):
        told = {"said": "已拆除", "stage": stage}
        problem = Problem(
            P.REMARK_CONTRADICTS, Severity.WARNING, told, "residential", column="备注"
        )
        assert zh in describe(problem, "zh")["what"]
        assert ("lived in" in describe(problem, "en")["what"]) == (stage is None)


def test_an_estate_is_back_once_people_are():
    def said(text):
        return contradicted(None, text, layer="residential")

    for ahead in ("重建中", "回迁安置房在建", "待回迁", "居民未入住", "正在重建", "原地重建"):
        assert said(f"2019年拆除，{ahead}") == "2019年拆除"
    for back in ("2022年回迁", "已全部回迁", "原址重建后入住"):
        assert said(f"2019年拆除，{back}") is None


OUT = (
    "二楼出租",
    "部分闲置",
    "一层被村委会占用",
    "其中30平方米出租给超市",
    "仅一楼使用",
    "其中养老用房30平方米",
    "一楼出租他人，二楼使用",
    "二楼装修中",
    "二楼出租，一楼恢复运营",
    "二楼出租，原值班室",
)


@pytest.mark.one_in(5)
@pytest.mark.parametrize("header", ["备注", "实际使用情况", "现状用途"])
@pytest.mark.parametrize("words", OUT)
def test_rooms_of_which_part_is_let_count_from_none_to_all(tmp_path, header, words):
    # 100 households want 15 m²; what is said of the rooms says nothing of where they are
    def told(m2, community="", cell=words):
        row = f"F1,甲站,日间照料中心,运营,{m2},{community},500000,3850020,{cell}"
        tables = {
            "r": f"{HEADERS['residential']}\n{ROWS['residential'].format(stage='入住')}\n",
            "f": f"编号,设施名称,设施类型,状态,建筑面积,社区服务面积,X,Y,{header}\n{row}\n",
        }
        study, problems = check_study(written(tmp_path, STUDY, **tables))
        found = assess(study).findings.query("id == 'R1'").set_index("clause")["status"]
        said = [p.params["said"] for p in problems if p.code is P.REMARK_OF_PART]
        return *(str(found[clause]) for clause in ("CX-03", "CX-06")), said

    said = [words.partition("，")[0]]
    assert told(40) == ("not_assessed", "compliant", said)
    assert told(10) == ("deficient", "compliant", said)  # all of it is too little
    assert told(40, 15) == ("compliant", "compliant", [])  # the part that serves is typed
    assert told(40, cell="与二楼合用") == ("compliant", "compliant", [])


@pytest.mark.parametrize(
    "words",
    [
        *("面积待测绘", "建筑面积待核实", "面积尚未核定", "面积有误"),
        *("实测14", "实际面积14", "与实际不符", "面积填报有误"),
    ],
)
@pytest.mark.parametrize("typed", [("40", ""), ("40", "40"), ("10", "")])
def test_an_area_that_is_not_settled_may_be_more_or_less(tmp_path, words, typed):
    # 100 households want 15 m²: 40 may turn out to be 14, and 10 to be 15
    row = f"F1,甲站,日间照料中心,运营,{','.join(typed)},500000,3850020,{words}"
    tables = {
        "r": f"{HEADERS['residential']}\n{ROWS['residential'].format(stage='入住')}\n",
        "f": f"编号,设施名称,设施类型,状态,建筑面积,社区服务面积,X,Y,备注\n{row}\n",
    }
    study, problems = check_study(written(tmp_path, STUDY, **tables))
    found = assess(study).findings.query("id == 'R1'").set_index("clause").loc["CX-03"]
    assert (str(found["status"]), found["low"], found["high"]) == ("not_assessed", 0, float("inf"))
    assert [p.params["said"] for p in problems if p.code is P.REMARK_OF_FIGURE] == [words]


@pytest.mark.parametrize(
    "words",
    [
        "二楼改为日间照料",
        "二楼用于养老服务",
        "只有一层",
        "曾部分闲置",
        "二楼装修完成",
        "一楼养老",
        "无部分闲置",
        "租用民房二楼",
    ],
)
def test_what_lets_no_part_is_not_heard(words):
    assert _part_out("in_use", words) is None


def test_a_home_of_resettled_people_that_is_called_demolished_is_not_known(tmp_path):
    # 是否拆迁 asks whether it is gone; whoever meant 是否安置 can say so, and the row says which
    head, row = HEADERS["residential"], ROWS["residential"].format(stage="入住")
    tables = {
        "r": f"{head},是否拆迁\n{row.replace('东园', '东园安置小区')},是\n",
        "f": f"{HEADERS['facilities']}\n{ROWS['facilities'].format(stage='运营')}\n",
    }
    study, problems = check_study(written(tmp_path, STUDY, **tables))
    assert study.residential.frame["stage"].iloc[0] is None
    (told,) = [p for p in problems if p.code is P.REMARK_CONTRADICTS]
    assert (told.column, told.params["said"]) == ("是否拆迁", "是")


ENDS = ["停用", "已撤销", "已拆除", "闲置", "未启用", "关门了", "拆了", "不再运营", "在建"]
BEFORE = [
    "可能",
    "疑似",
    "据说",
    "听说",
    "好像",
    "不知是否",
    "据村干部反映",
    "2023年起可能",
    "应该",
]
BEHIND = ["？", "?", "待核", "（待核实）", "存疑", "，待核", "（疑似）"]


@pytest.mark.parametrize("end", ENDS)
def test_what_is_said_unsurely_leaves_the_stage_open_as_what_is_said_does(end):
    for said in (end, *(f"{word}{end}" for word in BEFORE), *(f"{end}{word}" for word in BEHIND)):
        assert contradicted("in_use", said, layer="facilities") is not None, said


@pytest.mark.parametrize(
    "words",
    ["在用？", "是否在用待核实", "运营情况待核", "不确定是否运营", "可能在营业", "查无此处",
     # an end and a plan: it is not over yet
     "已停用，计划2026年恢复", "已拆除，拟重建", "停用，待恢复", "原址已拆除"],
)  # fmt: skip
def test_words_that_leave_the_stage_open(words):
    assert contradicted("in_use", words, layer="facilities") is not None


@pytest.mark.parametrize(
    "words",
    ["可能扩建", "电话待核", "据说服务很好", "是否备案待核", "待核实", "是否签约？",
     "原村小学，已停用，2020年改造为日间照料中心", "2020年曾闲置，后启用", "停业整顿后重新开放",
     "2022年停业，2023年恢复运营", "由闲置校舍改造", "计划停用", "可能停电"],
)  # fmt: skip
def test_what_is_unsure_of_something_else_is_not_heard(words):
    assert contradicted("in_use", words, layer="facilities") is None


def test_a_doubted_end_is_neither_in_use_nor_gone(stage_of):
    assert stage_of("facilities", "运营", "备注", "可能停用") == (None, ["可能停用"])
    assert stage_of("residential", "入住", "备注", "据说拆了") == (None, ["据说拆了"])
    assert stage_of("facilities", "停用", "备注", "可能停用") == ("closed", [])


NOT_THERE = [
    *("规划建设", "图纸阶段", "选址中", "待开工", "已立项", "主体已封顶"),
    *("图上有实地无", "现场无此设施", "规划数据", "虚报", "重复填报"),
    *("未建", "停缓建", "项目取消", "拆除重建中", "原址重建", "与第3行重复"),
]
UNUSED = [
    *("已停", "空着", "没人用", "已废弃", "被查封", "无法使用", "不具备运营条件", "处于停用状态"),
    *(
        "目前处于闲置状态",
        "正在重新装修",
        "正在重新招标",
        "运营方已退出",
        "消防不合格关停",
        "预计明年6月启用",
    ),
    *("未装修", "实际未运营", "一直未用", "平时不开门", "形同虚设", "明年启用", "待装修后启用"),
]
EMPTY = [
    *("未开盘", "已搬空", "正在征收", "空心村", "明年交房"),
    *("净地", "尚未交房", "无人入住", "棚改拆迁中", "已签约拆迁", "整村搬迁", "烂尾", "停工"),
]


OUT_OF_USE = ("planned", "under_construction", "idle", "misused", "closed")
OPEN_NOW = [
    "已投入使用",
    "已启用",
    "正常运营",
    "现已开放",
    "目前在用",
    "运营中",
    "2023年停业，现已开放",
]
LIVED_IN = ["已入住", "已交付", "居民已入住", "入住率60%"]
NOT_OPEN = [
    *(
        "计划2026年启用",
        "曾正常运营",
        "已建成",
        "待启用",
        "原已投入使用",
        "由校舍改造为养老服务中心",
    ),
    *("2020年已启用，2023年停用", "已启用，现闲置", "已投入使用，后关闭", "一期已启用"),
]
NOT_LIVED_IN = ["未入住", "计划2026年入住", "已售罄", "入住率0%", "一期已入住", "正常使用"]


@pytest.mark.parametrize("stage", OUT_OF_USE)
def test_a_stage_of_what_does_not_stand_is_denied_by_what_calls_it_open(stage):
    def heard(words, layer):
        return [word for word in words if contradicted(stage, word, layer=layer) is not None]

    assert heard(OPEN_NOW + NOT_OPEN, "facilities") == OPEN_NOW
    assert heard(LIVED_IN + NOT_LIVED_IN, "residential") == LIVED_IN


@pytest.mark.parametrize(
    ("stage", "header", "cell", "heard"),
    [
        ("停用", "是否运营", "是", True),
        ("在建", "是否投用", "是", True),
        ("停用", "是否运营", "否", False),
        ("闲置", "经营状态", "正常运营", True),
        ("闲置", "实际使用情况", "正常使用", True),
        ("挪用", "备注", "现为超市，正常营业", False),  # the shop is
        ("挪用", "备注", "现已开放", True),
        ("闲置", "登记状态", "在营", False),  # the firm's, not the rooms'
        ("在建", "备注", "已投入使用", True),
        ("停用", "去年状态", "运营", False),
        ("停用", "备注", "2024年5月恢复运营", True),
        ("停用", "备注", "2019年停业，2023年重新开放", True),
        ("闲置", "备注", "装修。2023.5起恢复使用", True),
        ("停用", "备注", "2023年恢复运营，2024年又停", False),
        ("停用", "备注", "2035年恢复运营", False),  # not come
        ("停用", "备注", "预计2023年恢复运营", False),  # no more than expected
        *(
            (stage, "备注", words, stage in {"规划", "在建"})  # what was shut opened before that
            for stage in ("规划", "在建", "闲置", "停用")
            for words in ("2020年已启用", "2020年5月投入使用", "2020.5启用")
        ),
        *(
            (stage, "备注", words, False)  # not come
            for stage in ("规划", "在建", "闲置", "停用")
            for words in ("2035年启用", "2035年5月已投入使用", "2035年起正常运营", "预计2035.5投用")
        ),
        ("规划", "经营状态", "2024年启用", True),
        ("规划", "登记状态", "2024年启用", False),
        ("停用", "备注", "2024年起正常运营", True),
    ],
)
def test_what_another_column_says_of_rooms_out_of_use(stage_of, stage, header, cell, heard):
    found, said = stage_of("facilities", stage, header, cell)
    assert (found is None, said) == (heard, [cell] if heard else [])


@pytest.mark.parametrize(
    ("layer", "words", "stages"),
    [
        ("facilities", NOT_THERE, ("in_use", "handed_over", "accepted")),
        ("residential", NOT_THERE, ("in_use", None, "handed_over")),
        ("facilities", UNUSED, ("in_use",)),  # handed over and never opened is no contradiction
        ("residential", EMPTY, ("in_use", None)),
        (
            "residential",
            ["在售", "期房"],
            (None,),
        ),  # the last of it is sold while people live there
    ],
)
def test_planners_words_for_what_is_not_there_or_not_used(layer, words, stages):
    for word in words:
        for stage in stages:
            assert contradicted(stage, word, layer=layer) == word
            assert contradicted(stage, f"{word}，2024年核查", layer=layer) == word
        assert contradicted("closed", word, layer=layer) is None  # nothing stands to be denied


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("facilities", "规划保留 符合规划 按规划配建 规划路旁 二期规划中 设备未安装 人员未到位"),
        ("residential", "待拆迁 列入拆迁计划 回迁小区 现房 基本入住 入住率60% 规划户数500 在售"),
    ],
)
def test_planners_words_of_something_else_are_not_heard(layer, words):
    heard = [contradicted("in_use", word, layer=layer) for word in words.split()]
    assert set(heard) == {None}


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            "facilities",
            "停用整改 疫情后未再开放 只有牌子 暂缓开放 房屋漏水不能使用 转为仓库 白天锁门",
        ),
        ("facilities", "出租给超市 做幼儿园用 2024年转为仓库 供社区办公用 因漏水至今未能恢复使用"),
        ("facilities", "租赁合同已到期 租约期满未续签 改成物业用房 消防未通过，推迟启用 征收完毕"),
        ("residential", "商业项目，无住宅 已并入西园 与R2重复 和西园为同一小区 拆迁完毕"),
    ],
)
def test_what_ends_a_place_in_more_words_than_one_is_heard(layer, words):
    stage = {"facilities": "in_use", "residential": None}[layer]
    assert [w for w in words.split() if contradicted(stage, w, layer=layer) is None] == []


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("facilities", "无房产证 借用学校教室 电梯不能使用 二楼无法使用 租赁合同已到期，已续签"),
        ("facilities", "改为民办 转为公建民营 晚上锁门 出租给养老公司运营 设棋牌室 供餐 有办公室"),
        ("facilities", "改为日间照料使用 做养老用 未再出现安全事故 停用整改，现已开放 未恢复供餐"),
        (
            "residential",
            "无物业 与西园相邻 有商业街 与西园共用养老站 商业配套齐全 原西村，并入东关社区",
        ),
    ],
)
def test_such_words_of_something_else_are_not_heard(layer, words):
    stage = {"facilities": "in_use", "residential": None}[layer]
    assert [w for w in words.split() if contradicted(stage, w, layer=layer) is not None] == []


def test_rooms_of_which_part_is_occupied_by_others():
    assert _part_out("in_use", "被社区办公占用一半") is not None


def test_a_house_that_is_still_being_set_up_says_so_by_its_name():
    for said in ("东关日间照料中心（筹）", "日间照料中心筹建处", "镇综合养老服务中心（筹备组）"):
        assert _named_otherwise("in_use", said, layer="facilities") is not None
    for said in ("统筹日间照料中心", "东关日间照料中心（统筹）", "日间照料中心（筹资建设）"):
        assert _named_otherwise("in_use", said, layer="facilities") is None


@pytest.mark.parametrize(
    "name",
    [
        "为民服务中心",
        "东关为民服务中心",
        "有为幼儿园",
        "育成学校宿舍",
        "天成宿舍",
        "合作超市",
        "作为仓库街",
    ],
)
def test_a_word_that_begins_within_a_name_is_no_use_of_it(name):
    assert _named_otherwise("in_use", name) is None
    assert _named_otherwise("in_use", f"{name}现为仓库") == "现为仓库"


_HAS = {
    "facilities": {"floor_area_m2": 75.0, "beds": 30.0},
    "residential": {"households": 500.0},
}
_M2, _BEDS, _HOMES = [["floor_area_m2"]], [["beds"]], [["households"]]


@pytest.mark.parametrize(
    ("layer", "words", "lost"),
    [
        *(
            ("facilities", words, _M2)
            for words in (
                "实测60",
                "实测面积60平方米",
                "实际60㎡",
                "实际面积：60",
                "建筑面积应为60",
            )
        ),
        *(
            ("facilities", words, _M2)
            for words in ("经测量约60平", "面积与实际不符", "实际只有60平", "60平方米")
        ),
        *(
            ("facilities", f"{words}面积60", _M2)
            for words in (
                *(
                    "登记",
                    "备案",
                    "证载",
                    "批复",
                    "图纸",
                    "租赁合同",
                    "房产证",
                    "产权",
                    "台账",
                    "系统内",
                ),
                *("上报", "验收", "移交", "设计", "总", "养老服务用房", "改造后", "装修"),
            )
        ),
        *(("facilities", f"{words}60㎡", _M2) for words in ("登记", "房产证", "系统", "实际使用")),
        *(("facilities", words, _M2) for words in ("使用面积80", "套内面积30平方米")),
        *(("facilities", words, _BEDS) for words in ("登记20张", "备案床位20", "开放床位20张")),
        *(
            ("residential", words, _HOMES)
            for words in (
                "登记300户",
                "系统内200户",
                "台账户数800",
                "产权户数800",
                "共800户",
                "规划800户",
            )
        ),
        *(("facilities", words, _BEDS) for words in ("实际20张", "床位数为20", "床位有误")),
        *(("facilities", words, [_M2[0] + _BEDS[0]]) for words in ("与实际不符", "数据有误")),
        *(
            ("residential", words, _HOMES)
            for words in ("实际800户", "户数800", "户数待核实", "户数与实际不符", "户数为规划数")
        ),
    ],
)
def test_a_remark_takes_back_the_figures_that_it_contradicts(layer, words, lost):
    assert [columns for _, columns in _taken_back(layer, words, _HAS[layer])] == lost


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        *(
            ("facilities", w)
            for w in ("实测75", "实际面积75.0㎡", "实测约77", "实测约77㎡", "建筑面积500，其中75")
        ),
        *(
            ("facilities", w)
            for w in ("规划面积60", "原面积60", "使用面积60", "套内60㎡", "一层60㎡", "登记面积75")
        ),
        *(
            ("facilities", f"{w}60平方米")
            for w in (
                *(
                    "场地面积",
                    "院落面积",
                    "占地面积",
                    "绿化面积",
                    "室外活动场地",
                    "室外活动场地面积",
                ),
                *(
                    "助餐区面积",
                    "活动室",
                    "活动室面积",
                    "院内面积",
                    "人均面积",
                    "其中厨房面积",
                    "每户",
                ),
            )
        ),
        *(
            ("facilities", w)
            for w in ("床位30张", "2015年建成", "电话有误", "坐标与实际不符", "服务60人")
        ),
        *(
            ("residential", w)
            for w in ("实际500户", "入住300户", "实际入住300户", "一期300户", "20栋", "登记500户")
        ),
        *(
            ("residential", f"{w}300户")
            for w in ("常住", "已售", "空置", "低保", "回迁", "东区", "改造", "户籍", "其中")
        ),
    ],
)
def test_a_remark_of_another_thing_or_of_the_same_figure_takes_none_back(layer, words):
    assert [*_taken_back(layer, words, _HAS[layer])] == []


@pytest.mark.parametrize("layer", _HAS)
def test_a_row_without_a_figure_has_none_to_take_back(layer):
    assert [*_taken_back(layer, "与实际不符，实测60，实际80户，实际20张", {})] == []
