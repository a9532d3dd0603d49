import itertools

import pytest

from lifecircle.intake.joins.names import NameIndex, stem


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("青菏街道办事处", "township", "青菏"),
        ("大集镇人民政府", "township", "大集"),
        ("高楼乡", "township", "高楼"),
        ("夏镇街道", "township", "夏镇"),
        ("夏镇", "township", "夏镇"),
        ("古营集镇", "township", "古营集"),
        ("东关社区居民委员会", "community", "东关"),
        ("西村村民委员会", "community", "西村"),
        ("李家村村委会", "community", "李家"),
        ("幸福小区", "residential", "幸福"),
        ("幸福　住宅小区", "residential", "幸福"),
    ],
)
def test_a_stem_has_no_words_around_it(name, level, short):
    assert stem(name, level) == short


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("青荷街道", "青菏街道", True),
        ("青街道", "青菏街道", True),
        ("青菏街道", "青菏新街道", True),
        ("青菏街道", "青菏街道", False),
        ("青荷街办", "青菏街道", False),
        ("大集镇", "王集镇", True),
        ("大集镇", "孙老家镇", False),
    ],
)
def test_one_character_off(one, other, near):
    for said, name in ((one, other), (other, one)):
        assert (NameIndex([("1", name)], "township").near(said) == ["1"]) is (near or one == other)


def _one_off(one: str, other: str) -> bool:
    """Return whether one character was replaced, added or left out, each tried."""
    gone = [{(n, s[:n] + s[n + 1 :]) for n in range(len(s))} for s in (one, other)]
    cut = [{rest for _, rest in each} for each in gone]
    return one != other and bool(gone[0] & gone[1] or other in cut[0] or one in cut[1])


def test_of_many_names_those_one_character_off_are_found_as_by_trying_each():
    # two letters alone: each text has neighbours, and no name another nearness
    every = ["".join(one) for n in range(2, 7) for one in itertools.product("天地", repeat=n)]
    words, others = sorted(every[::2]), every[4::3]
    index = NameIndex([(word, word) for word in words], "residential")
    for said in others:
        near = [word for word in words if _one_off(word, said)]
        assert index.near(said) == ([said] if said in words else near)


def test_the_levels_above_do_not_matter_and_two_of_a_stem_are_none():
    index = NameIndex([("3", "青菏街道"), ("1", "金乡街道"), ("2", "金乡镇")], "township")
    assert index.same("曹县青菏街道") == []
    assert index.alike("菏泽市曹县青菏街道") == ["3"]
    assert index.alike("金乡") == ["1", "2"]
    assert index.near("青荷街道办事处") == ["3"]
    assert index.near("青荷") == []


def test_a_part_is_numbered_in_figures_or_in_words():
    names = ["东苑一期", "东苑10期", "东苑12期", "东苑20期", "东苑二十一期", "十里铺小区"]
    index = NameIndex([(name, name) for name in names], "residential")
    for said, found in (
        ("东苑十期", ["东苑10期"]),
        ("东苑十二期", ["东苑12期"]),
        ("东苑第二十期", ["东苑20期"]),
        ("东苑廿期", ["东苑20期"]),
        ("东苑21期", ["东苑二十一期"]),
        ("东苑廿一期", ["东苑二十一期"]),
        ("东苑三十期", []),
        ("东苑2期", []),
        ("十里铺", ["十里铺小区"]),
    ):
        assert index.alike(said) == found, said
