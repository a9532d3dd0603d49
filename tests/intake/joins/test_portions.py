"""Parts of rooms that a record gives an area, however it is written. By hand.

An existing estate of 500 households needs 75 m²; the rooms have 100, or 150 for two estates, and
stand in the first. What a record gives nobody is nobody's.
"""

from __future__ import annotations

from tests.many_worlds import judged

MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"

OF_60 = (
    "{0}:60",
    "{0}60平方米",
    "{0}-60平方米",
    "{0}－60㎡",
    "{0}—60平",
    "{0} 60",
    "{0}(60)",
    "{0}（60平方米）",
    "{0}为60平方米",
    "{0}占60㎡",
    "其中{0}60㎡",
    "{0}其中60㎡",
    "{0}（其中60平方米）",
    "{0}/60㎡",
    "{0}=60",
    "{0}面积60㎡",
    "{0}约60",
    "60㎡（{0}）",
    "60平方米({0})",
    "60㎡{0}",
    "60平方米给{0}",
    "{0}，60平方米",
    "60㎡，{0}",
    "{0}小区-60㎡",
    "{0}2栋60㎡",
)
OF_SOME = (
    "{0}（一半）",
    "{0}一半",
    "{0}（半）",
    "{0}(部分)",
    "部分{0}",
    "{0}大部分",
    "{0}(1/2)",
    "{0}（60%）",
    "{0}（二楼）",
    "{0}（两间）",
    "{0}-60",
    "{0}（老旧）60平方米",
    "{0}（60）楼下",
    "{0}60平米左右用房",
)
OF_ALL = ("{0}", "{0}（100㎡）", "{0}居民", "{0}，100平方米", "{0}（500户）")
OF_TWO = [
    ("{0}-60㎡；{1}-90㎡", [SHORT, MET]),
    ("{0}，60㎡，{1}，90㎡", [SHORT, MET]),
    ("60㎡，{0}，90㎡，{1}", [SHORT, MET]),
    ("{0}60㎡/{1}90㎡", [SHORT, MET]),
    ("{0}、{1}，150㎡", [OPEN, OPEN]),  # whose how much of it is
    ("{0}一半、{1}一半", [OPEN, OPEN]),
    ("{0}和{1}共150㎡", [OPEN, OPEN]),
    ("{0}、{1}共150平", [OPEN, OPEN]),
    ("{0}:150㎡（含{1}）", [OPEN, OPEN]),
    ("{0}（{1}）", [OPEN, OPEN]),
    ("{0}:不足75；{1}:75", [SHORT, MET]),
    # a figure beside a name is its own, whatever part between two ends another has
    ("{0}:50-75；{1}:75", [OPEN, MET]),
    ("{0}:75；{1}:50-75", [MET, OPEN]),
    ("{0}:80-90；{1}:60", [MET, SHORT]),
    ("{0}:60；{1}:80-90", [SHORT, MET]),
    ("{0}:75以上；{1}:75", [MET, MET]),  # 75 are left of 150
    ("{0}:50-80；{1}:70-80", [OPEN, OPEN]),
    ("{0}:80-90；{1}:80-90", [MET, OPEN]),  # more than there is: which of them is wrong?
    ("{0}:60-100；{1}:100", [OPEN, OPEN]),
    ("{0}、{1}", [MET, MET]),
    # with nothing between them, and with a name that nobody has
    ("{0}（75）{1}（75）", [MET, MET]),
    ("{0}（60）{1}（90）", [SHORT, MET]),
    ("{0}60㎡{1}90平方米", [SHORT, MET]),
    ("{1}（90㎡）{0}（60㎡）", [SHORT, MET]),
    ("{0}（60）{1}", [SHORT, MET]),
    ("{0}{1}（75）", [OPEN, OPEN]),
    ("{0}（60）月光花园（90）", [SHORT, SHORT]),
    ("月光花园（90）{0}（60）", [SHORT, SHORT]),
    ("{0}（60）月光花园", [OPEN, SHORT]),
    ("{1}60㎡", [SHORT, SHORT]),
    ("{1}（一半）", [SHORT, OPEN]),
]


def test_a_part_is_that_part_and_no_more(tmp_path):
    """Of 100 m² an estate that needs 75 has 60, or 80 where the record says so."""
    of_80 = [text.replace("60", "80") for text in OF_60]
    records = [*OF_60, *of_80, *OF_SOME, *OF_ALL]
    told, _ = judged(tmp_path, [([{}], [{"服务小区": text}]) for text in records])
    wanted = [[SHORT]] * len(OF_60) + [[MET]] * len(of_80) + [[OPEN]] * len(OF_SOME)
    wanted += [[MET]] * len(OF_ALL)
    assert dict(zip(records, told, strict=True)) == dict(zip(records, wanted, strict=True))


def test_parts_of_two_areas(tmp_path):
    """Each of the two needs 75 of 150 m²."""
    worlds = [([{}, {}], [{"服务小区": text, "建筑面积": "150"}]) for text, _ in OF_TWO]
    told, _ = judged(tmp_path, worlds)
    assert dict(zip(dict(OF_TWO), told, strict=True)) == dict(OF_TWO)


def test_what_promises_too_much_is_cut_for_nobody(tmp_path):
    """Of 100 m² 60 and 60 to 100 are promised: perhaps it is the 60 that is wrong."""
    records = ["{0}:60-100；{1}:60", "{0}:100；{1}:60", "{0}:60；{1}:60"]
    told, _ = judged(tmp_path, [([{}, {}], [{"服务小区": text}]) for text in records])
    assert told == [[OPEN, SHORT], [MET, SHORT], [SHORT, SHORT]]
