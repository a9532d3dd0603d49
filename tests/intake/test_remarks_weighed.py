"""Remarks that decide a verdict, and those like them that do not. By hand.

100 m² in use are enough for an estate of 500 households, which needs 75; unless what its row or
theirs remarks leaves open whether anybody is served there, how many m² or how many households.
"""

from __future__ import annotations

from tests.many_worlds import judged

MET, OPEN = "compliant", "not_assessed"

ROOMS = {
    OPEN: (
        *(
            "手续办理中",
            "移交手续正在办理",
            "手续尚未办完",
            "正在招标",
            "运营方招标中",
            "待招标确定运营方",
        ),
        *("运营商待定", "暂无运营主体", "未确定运营方", "水电未通", "无水电"),
        *(
            "装修未完",
            "物业占用",
            "目前由物业使用",
            "社区暂用",
            "很少使用",
        ),
        *(
            "其中30㎡作为仓库",
            "估算面积",
            "面积估计",
            "含院子40平",
        ),
    ),
    MET: (
        *(
            "手续齐全",
            "手续已办理",
            "产权手续正在办理",
            "通过招标确定运营方",
            "已完成招标",
            "运营方：某公司",
        ),
        *(
            "由物业运营",
            "由社区管理",
            "借用社区用房",
            "租用居委会房屋",
            "设备已到位",
            "水电齐全",
            "装修完成",
        ),
        *(
            "人员齐全",
            "与社区共用",
            "与村委会合用",
            "暂无工作人员",
            "设备未到位",
            "暖气未通",
            "未安装电梯",
            "老年人使用",
            "使用率低",
            "与社区共建",
            "与卫生室相邻",
        ),
        *(
            "与助老食堂共用一处",
            "其中30平方米为棋牌室",
            "作为社区养老服务中心",
            "含厨房",
            "另有院子50平",
        ),
    ),
}  # an activity room of the house is rooms for older people (A16)
HOMES = {
    OPEN: (
        *(
            "户数估算",
            "估算户数",
            "户数为概数",
            "户数待核",
            "户数含商铺20户",
            "户数为入住数",
            "估算",
        ),
        *("数据估算", "另有回迁房200户", "部分拆迁", "部分楼栋未交付"),
    ),
    MET: (
        *("户数准确", "户数已核定", "另有商铺20户", "还有空置30户", "部分未入住", "部分拆除违建"),
        *("估计2025年改造", "人口为估算", "户数由物业提供", "一楼为商铺", "入住率约80%"),
    ),
}


def test_remarks_of_rooms_and_of_homes(tmp_path):
    cases = [(want, [{}], [{"备注": one}]) for want, some in ROOMS.items() for one in some]
    cases += [(want, [{"备注": one}], [{}]) for want, some in HOMES.items() for one in some]
    told, _ = judged(tmp_path, [(areas, rooms) for _, areas, rooms in cases])
    wrong = [
        (areas, rooms)
        for (want, areas, rooms), got in zip(cases, told, strict=True)
        if got != [want]
    ]
    assert not wrong
